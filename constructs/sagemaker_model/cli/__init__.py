"""Commands for people who deploy models, one file each."""
