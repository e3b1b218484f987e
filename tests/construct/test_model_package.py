import pytest
from aws_cdk import App, Aws, CfnMapping, CfnParameter, Environment, Stack
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct

from sagemaker_model import DeploymentType, ModelPackage, SageMakerModel
from sagemaker_model.deployment.model_package import Packages

NAME = "llama2-7b-f-v4-71eeccf76ddf33f2a18d2e16b9c7f302"
VIRGINIA = f"arn:aws:sagemaker:us-east-1:865070037744:model-package/{NAME}"
OREGON = f"arn:aws:sagemaker:us-west-2:594846645681:model-package/{NAME}"


def deploy(
    stack: Stack, packages: Packages, *, network_isolation: bool | None = None
) -> SageMakerModel:
    package = ModelPackage(
        model_id="meta/llama-2-7b-f", instance_type="ml.g5.2xlarge", packages=packages
    )
    return SageMakerModel(stack, "Model", model=package, network_isolation=network_isolation)


def package_name(stack: Stack) -> object:
    (model,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Model").values()
    return model["Properties"]["PrimaryContainer"]["ModelPackageName"]


def test_a_mapping_gives_the_arn_of_the_stacks_region(stack: Stack) -> None:
    deploy(stack, {"us-east-1": VIRGINIA, "us-west-2": OREGON})

    assert package_name(stack) == VIRGINIA
    assert "Mappings" not in Template.from_stack(stack).to_json()


def test_in_a_region_agnostic_stack_cloudformation_finds_the_arn(agnostic: Stack) -> None:
    deploy(agnostic, {"us-west-2": OREGON, "us-east-1": VIRGINIA})

    (name,) = Template.from_stack(agnostic).to_json()["Mappings"]
    assert package_name(agnostic) == {"Fn::FindInMap": [name, {"Ref": "AWS::Region"}, "arn"]}


def test_a_region_without_a_package_is_an_error_that_lists_those_with_one(app: App) -> None:
    stack = Stack(app, "Ireland", env=Environment(region="eu-west-1"))

    with pytest.raises(
        ValueError, match="no model package for the Region eu-west-1, only for us-east-1, us-west-2"
    ):
        deploy(stack, {"us-west-2": OREGON, "us-east-1": VIRGINIA})


def test_one_arn_serves_its_own_region(stack: Stack) -> None:
    deploy(stack, VIRGINIA)

    assert package_name(stack) == VIRGINIA


def test_one_arn_in_a_region_agnostic_stack_is_a_mapping_of_its_region(agnostic: Stack) -> None:
    deploy(agnostic, VIRGINIA)

    (mapping,) = Template.from_stack(agnostic).to_json()["Mappings"].values()
    assert mapping == {"us-east-1": {"arn": VIRGINIA}}


def test_one_arn_of_another_region_is_an_error(stack: Stack) -> None:
    with pytest.raises(ValueError, match="for the Region us-east-1, only for us-west-2"):
        deploy(stack, OREGON)


def test_an_arn_that_is_a_token_is_passed_on(agnostic: Stack) -> None:
    parameter = CfnParameter(agnostic, "PackageArn")

    deploy(agnostic, parameter.value_as_string)

    assert package_name(agnostic) == {"Ref": "PackageArn"}


def test_an_arn_in_a_mapping_may_be_a_token_where_the_region_is_known(stack: Stack) -> None:
    parameter = CfnParameter(stack, "PackageArn")

    deploy(stack, {"us-east-1": parameter.value_as_string})

    assert package_name(stack) == {"Ref": "PackageArn"}


def test_an_arn_that_is_a_token_cannot_stand_in_a_mapping_of_cloudformation(
    agnostic: Stack,
) -> None:
    parameter = CfnParameter(agnostic, "PackageArn")

    with pytest.raises(ValueError, match=r"packages\['us-east-1'\] is a token.*literals only"):
        deploy(agnostic, {"us-east-1": parameter.value_as_string})


def test_a_callable_that_returns_no_mapping_is_a_plain_error(agnostic: Stack) -> None:
    with pytest.raises(TypeError, match="packages must return a CfnMapping, got 'my-arn'"):
        deploy(agnostic, lambda _: "my-arn")  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("name", ["model_id", "instance_type"])
def test_an_empty_argument_is_refused_at_once(name: str) -> None:
    values = {"model_id": "m", "instance_type": "ml.g5.2xlarge", name: ""}

    with pytest.raises(ValueError, match=f"{name} is empty"):
        ModelPackage(
            model_id=values["model_id"], instance_type=values["instance_type"], packages=VIRGINIA
        )


def test_a_callable_is_given_the_construct_and_its_mapping_is_used(agnostic: Stack) -> None:
    scopes: list[Construct] = []

    def packages(scope: Construct) -> CfnMapping:
        scopes.append(scope)
        return CfnMapping(scope, "Mine", mapping={"us-east-1": {"arn": VIRGINIA}})

    model = deploy(agnostic, packages)

    assert scopes == [model]
    (name,) = Template.from_stack(agnostic).to_json()["Mappings"]
    assert package_name(agnostic) == {"Fn::FindInMap": [name, {"Ref": "AWS::Region"}, "arn"]}


@pytest.mark.parametrize("lazy", [True, False])
def test_a_callables_mapping_renders_as_the_user_made_it(stack: Stack, lazy: bool) -> None:
    def packages(scope: Construct) -> CfnMapping:
        return CfnMapping(scope, "Mine", lazy=lazy, mapping={"us-east-1": {"arn": VIRGINIA}})

    deploy(stack, packages)

    name = package_name(stack)
    assert name == VIRGINIA if lazy else "Fn::FindInMap" in str(name)


def test_a_callables_mapping_without_the_region_is_a_plain_error_that_names_it(app: App) -> None:
    stack = Stack(app, "Ireland", env=Environment(region="eu-west-1"))

    def packages(scope: Construct) -> CfnMapping:
        return CfnMapping(scope, "Mine", lazy=True, mapping={"us-east-1": {"arn": VIRGINIA}})

    with pytest.raises(ValueError, match="no model package for the Region eu-west-1"):
        deploy(stack, packages)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sagemaker:us-east-1:123456789012:model/name",
        "arn:aws:sagemaker:us-east-1:1234:model-package/name",
        "arn:aws:s3:::bucket/key",
        "name",
        VIRGINIA + "x" * 100,
    ],
)
def test_what_is_not_the_arn_of_a_package_is_refused_at_once(arn: str) -> None:
    with pytest.raises(ValueError, match="is not the ARN of a model package"):
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages=arn)


def test_an_arn_under_the_key_of_another_region_is_refused_at_once() -> None:
    with pytest.raises(
        ValueError, match=r"packages\['us-west-2'\] is an ARN of the Region us-east-1"
    ):
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages={"us-west-2": VIRGINIA})


def test_an_empty_mapping_and_a_key_that_is_no_region_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="packages is empty"):
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages={})
    with pytest.raises(ValueError, match="got the key 'arn'"):
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages={"arn": VIRGINIA})


def test_what_is_no_kind_of_packages_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="packages must be a Region → ARN mapping"):
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages=7)  # type: ignore[arg-type]


def test_a_version_of_ones_own_registry_passes_and_tells_what_the_role_needs(stack: Stack) -> None:
    own = "arn:aws:sagemaker:us-east-1:123456789012:model-package/my-group/3"

    deploy(stack, own)

    assert package_name(stack) == own
    Annotations.from_stack(stack).has_info("*", Match.string_like_regexp("own registry"))


def test_a_package_has_no_network_unless_the_user_says_so(stack: Stack) -> None:
    deploy(stack, VIRGINIA)

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::Model", {"EnableNetworkIsolation": True}
    )


def test_network_isolation_can_be_turned_off(stack: Stack) -> None:
    deploy(stack, VIRGINIA, network_isolation=False)

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::Model", {"EnableNetworkIsolation": Match.absent()}
    )


def test_a_package_pulls_no_image_and_has_no_environment(stack: Stack) -> None:
    model = deploy(stack, VIRGINIA)

    template = Template.from_stack(stack)
    assert "ecr:" not in str(template.to_json())
    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {"PrimaryContainer": {"Environment": Match.absent(), "Image": Match.absent()}},
    )
    assert (model.deployment_type, model.model_id) == (
        DeploymentType.MODEL_PACKAGE,
        "meta/llama-2-7b-f",
    )


def test_region_resolves_the_mapping_in_a_region_agnostic_stack(agnostic: Stack) -> None:
    package = ModelPackage(
        model_id="m",
        instance_type="ml.g5.2xlarge",
        packages={"us-east-1": VIRGINIA, "us-west-2": OREGON},
    )

    SageMakerModel(agnostic, "Model", model=package, region="us-west-2")

    assert package_name(agnostic) == OREGON


def test_region_as_a_token_says_nothing(agnostic: Stack) -> None:
    package = ModelPackage(
        model_id="m", instance_type="ml.g5.2xlarge", packages={"us-east-1": VIRGINIA}
    )

    SageMakerModel(agnostic, "Model", model=package, region=Aws.REGION)

    assert "Fn::FindInMap" in str(package_name(agnostic))
