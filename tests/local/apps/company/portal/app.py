"""Another team's app, which has the search service from its package."""

from pathlib import Path

from aws_cdk import App, CfnOutput, Environment, Stack

# Both packages are put beside this file when it is deployed.
from company_search import service  # type: ignore[import-not-found]

import sagemaker_model

app = App()
stack = Stack(app, "portal", env=Environment(account="123456789012", region="us-east-1"))
search = service.SearchService(stack, "Search", instance_type="ml.m5.xlarge")
CfnOutput(stack, "EndpointName", value=search.model.endpoint_name)
CfnOutput(stack, "Library", value=str(Path(sagemaker_model.__file__).parent))
app.synth()
