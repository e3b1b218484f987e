"""Programs of the serving environment: run by their paths, with the standard library only."""
