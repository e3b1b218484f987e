"""The SageMaker runtime API: requests to an endpoint's models."""
