"""A model's container on this machine: run by the real toolkit, or as a line for Docker."""
