"""The SageMaker API: models, endpoint configurations, endpoints, inference components."""
