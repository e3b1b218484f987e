"""All that the library offers its users, by name."""

from sagemaker_model.alarms import DefaultAlarms
from sagemaker_model.code_folder.ready_handlers import ReadyHandlers
from sagemaker_model.deployment.container import Container
from sagemaker_model.deployment.custom_inference import CustomInference
from sagemaker_model.deployment.deployment import DeploymentType
from sagemaker_model.deployment.model_package import ModelPackage
from sagemaker_model.endpoint import ISageMakerModel
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.hosting.asynchronous import Asynchronous
from sagemaker_model.hosting.data_capture import DataCapture
from sagemaker_model.hosting.inference_ami import InferenceAmi
from sagemaker_model.hosting.inference_component import InferenceComponent
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.hosting.roll_out import RollOut
from sagemaker_model.hosting.scaling import Scaling
from sagemaker_model.hosting.serverless import Serverless
from sagemaker_model.hosting.shadow import Shadow
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.container_images import ContainerImages
from sagemaker_model.instance.hardware import Hardware
from sagemaker_model.instance.instance_type import InstanceType
from sagemaker_model.lora_adapter import LoraAdapter
from sagemaker_model.sagemaker_model import SageMakerModel
from sagemaker_model.shared_endpoint import SharedEndpoint
from sagemaker_model.smoke_test.smoke_test import SmokeTest
from sagemaker_model.staging.artifact_store import ArtifactStore
from sagemaker_model.staging.staged_weights import StagedWeights
from sagemaker_model.staging.staging import Staging
from sagemaker_model.vpc_endpoints import VpcEndpoints
from sagemaker_model.vpc_service import VpcService
from sagemaker_model.weights.weights import Weights

__all__ = [
    "ArtifactStore",
    "Asynchronous",
    "Container",
    "ContainerImage",
    "ContainerImages",
    "CustomInference",
    "DataCapture",
    "DefaultAlarms",
    "DeploymentType",
    "Hardware",
    "ISageMakerModel",
    "InferenceAmi",
    "InferenceComponent",
    "InstanceType",
    "LoraAdapter",
    "ModelPackage",
    "ReadyHandlers",
    "RealTime",
    "RollOut",
    "SageMakerModel",
    "Scaling",
    "Serverless",
    "ServingOptions",
    "Shadow",
    "SharedEndpoint",
    "SmokeTest",
    "StagedWeights",
    "Staging",
    "VpcEndpoints",
    "VpcService",
    "Weights",
]
