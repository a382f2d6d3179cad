"""What the public is told of the zones as places: the list with its map, one zone with land, papers and contacts."""
