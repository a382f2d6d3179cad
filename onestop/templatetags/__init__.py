"""What pages of other floors show of the counter, and how the desk writes what it shows."""
