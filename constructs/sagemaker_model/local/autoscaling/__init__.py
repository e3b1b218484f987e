"""Application Auto Scaling: targets and policies are kept; nothing here has more than one machine."""
