"""Code of a model, which is staged with its weights."""
