"""Bring models from the Hugging Face Hub, and inference code, to Amazon S3 in one pass."""
