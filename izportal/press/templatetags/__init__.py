"""What templates of other rooms show of the content."""
