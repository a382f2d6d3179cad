"""The back office of the content."""
