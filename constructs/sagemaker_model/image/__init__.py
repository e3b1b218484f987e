"""Container images: a table of those that SageMaker offers, and ways to name others."""
