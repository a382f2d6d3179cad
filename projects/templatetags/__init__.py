"""How pages of other floors show the register."""
