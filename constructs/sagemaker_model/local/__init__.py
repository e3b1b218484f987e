"""A local AWS: what a deployment needs of AWS, on this machine."""
