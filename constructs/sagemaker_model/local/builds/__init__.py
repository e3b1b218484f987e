"""CodeBuild: projects, and builds that really run their buildspec on this machine.

Everything here is Python, boto3 and a shell; only :mod:`sagemaker_model.local.emulator` knows the
emulator below it.
"""
