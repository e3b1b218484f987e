"""Application Auto Scaling: targets and policies are kept, and nothing is scaled."""
