"""The land: zones, phases, plots and whether each plot is taken; not who holds it."""
