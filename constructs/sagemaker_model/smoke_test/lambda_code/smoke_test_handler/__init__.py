"""What asks an endpoint whether it answers: for CloudFormation, and each minute of an update.

It imports nothing but the standard library and what Lambda's Python brings: boto3 and jmespath.
"""
