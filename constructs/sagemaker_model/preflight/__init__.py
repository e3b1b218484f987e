"""Ask AWS before a deployment what only AWS knows."""
