"""What the board publishes in its own words: news, notices, pages, documents; their lifecycle, pictures and feeds."""
