"""How pages show the land."""
