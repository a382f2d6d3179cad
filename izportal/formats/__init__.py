"""How dates and numbers are written and read in each language; Django's own tables lack these for Vietnamese."""
