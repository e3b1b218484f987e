"""``sagemaker-model local``: deploy to a local AWS, one file for each verb."""
