"""Deploy models to Amazon SageMaker with the AWS CDK."""
