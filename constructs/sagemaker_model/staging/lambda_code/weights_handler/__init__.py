"""Answers CloudFormation when it creates, changes or deletes staged weights.

It runs in Lambda behind the provider framework of aws-cdk-lib, with nothing but Python's standard
library and boto3.
"""
