"""How the portal writes money, areas, dates and states; one module for each."""
