"""The client of deployed endpoints: ``pip install 'cdk-sagemaker-model[client]'``.

Nothing here starts the CDK, so it also runs where no more than boto3 is, as in Lambda.
"""

from sagemaker_model.runtime.answer.ranking import Ranked
from sagemaker_model.runtime.answer.raw import Answer
from sagemaker_model.runtime.container_endpoint import ContainerEndpoint
from sagemaker_model.runtime.endpoint import Endpoint
from sagemaker_model.runtime.errors import (
    AccessDeniedError,
    EndpointError,
    EndpointNotFoundError,
    InvalidRequestError,
    ModelFailedError,
    ModelNotReadyError,
    OverloadedError,
    StreamBrokenError,
    TimedOutError,
    UnexpectedAnswerError,
)
from sagemaker_model.runtime.generation import GeneratedToken, Generation, StreamEvent, Usage
from sagemaker_model.runtime.parameters import EmbedParameters, Parameters, RerankParameters
from sagemaker_model.runtime.prompt_format import OPEN_ASSISTANT, Message, PromptFormat
from sagemaker_model.runtime.stream import GenerationStream

__all__ = [
    "OPEN_ASSISTANT",
    "AccessDeniedError",
    "Answer",
    "ContainerEndpoint",
    "EmbedParameters",
    "Endpoint",
    "EndpointError",
    "EndpointNotFoundError",
    "GeneratedToken",
    "Generation",
    "GenerationStream",
    "InvalidRequestError",
    "Message",
    "ModelFailedError",
    "ModelNotReadyError",
    "OverloadedError",
    "Parameters",
    "PromptFormat",
    "Ranked",
    "RerankParameters",
    "StreamBrokenError",
    "StreamEvent",
    "TimedOutError",
    "UnexpectedAnswerError",
    "Usage",
]
