"""Bring weights and code to S3: the CodeBuild project, the custom resource, the prefix."""
