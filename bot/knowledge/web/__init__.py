"""Pages of a website: fetched within limits, from nowhere that an outsider may not reach."""
