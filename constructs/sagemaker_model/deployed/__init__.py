"""What is deployed now, as AWS tells it."""
