from dataclasses import replace

import pytest

from checks.subjects import an_image, deployed
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.model_rules import MODEL_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition, ModelData
from sagemaker_model.engine.engine import ServedModel
from sagemaker_model.engine.engines import find_engine
from sagemaker_model.engine.serving_options import ServingOptions

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"


def rules(subject: Deployed) -> list[str]:
    return [finding.rule for finding in check_all(MODEL_RULES, subject)]


def with_container(**values: object) -> Deployed:
    container = replace(ContainerDefinition(), **values)  # type: ignore[arg-type]
    return replace(deployed(), container=container)


def downloading(revision: str | None) -> Deployed:
    served = ServedModel(model_id="org/name", revision=revision)
    return with_container(downloads=True, served=served)


def test_weights_at_hand_need_no_revision() -> None:
    assert rules(with_container(served=ServedModel(model_id="org/name", mounted=True))) == []


def test_a_download_without_a_way_out_is_warned_of_for_each_cause() -> None:
    subject = downloading(COMMIT)
    isolated = replace(subject.container, network_isolation=True)

    both = replace(subject, container=isolated, without_egress=True)

    assert rules(both) == ["hub-without-network", "hub-without-network"]


def test_files_in_s3_are_out_of_reach_without_a_way_to_it() -> None:
    data = ModelData(uri="s3://bucket/prefix/", compressed=False)
    mounted = with_container(model_data=data)

    assert rules(replace(mounted, without_s3=True)) == ["s3-without-gateway"]
    assert rules(replace(mounted, without_egress=True)) == []
    assert rules(replace(deployed(), without_s3=True)) == []


@pytest.mark.parametrize(("zones", "expected"), [(None, []), (2, []), (1, ["subnets-in-one-zone"])])
def test_subnets_of_one_zone_are_warned_of(zones: int | None, expected: list[str]) -> None:
    assert rules(replace(deployed(), zones=zones)) == expected


def test_an_option_that_the_engine_does_not_have_is_warned_of() -> None:
    options = ServingOptions(max_input_tokens=10)
    served = ServedModel(model_id="org/name", options=options)

    subject = with_container(served=served, engine=find_engine("vllm"))

    assert rules(subject) == ["serving-option-unsupported"]


def test_a_tag_that_moves_is_warned_of() -> None:
    assert rules(with_container(image=replace(an_image(), mutable=True))) == ["image-tag-moves"]


@pytest.mark.parametrize(
    ("unlisted", "fix"),
    [
        ("djl-inferense:0.36.0-lmi27.0.0-cu130", "did you mean djl-inference:0.36.0-lmi27.0.0"),
        ("quantum:1", "acknowledge this if"),
    ],
)
def test_an_image_that_the_table_lacks_is_warned_of_with_the_one_that_was_meant(
    unlisted: str, fix: str
) -> None:
    image = replace(an_image(), unlisted=unlisted)

    (finding,) = check_all(MODEL_RULES, with_container(image=image))

    assert (finding.rule, finding.severity) == ("image-unknown", Severity.WARNING)
    assert (finding.path, finding.got) == ("container", unlisted)
    assert finding.fix.startswith(fix)


def test_an_image_in_another_region_than_the_stack_is_warned_of() -> None:
    subject = replace(with_container(image=an_image()), region="eu-west-1")

    (finding,) = check_all(MODEL_RULES, subject)

    assert (finding.rule, finding.severity) == ("image-in-other-region", Severity.WARNING)
    assert (finding.got, finding.allowed) == ("us-east-1", "eu-west-1")


@pytest.mark.parametrize("region", ["us-east-1", None])
def test_an_image_of_the_stacks_region_or_in_a_stack_without_one_is_fine(
    region: str | None,
) -> None:
    assert rules(replace(with_container(image=an_image()), region=region)) == []


def test_tgis_state_is_told() -> None:
    assert rules(with_container(engine=find_engine("tgi"))) == ["engine-in-maintenance"]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:sagemaker:us-east-1:123456789012:model-package/group/3", ["package-of-your-own"]),
        ("arn:aws:sagemaker:us-east-1:865070037744:model-package/name", []),
        ("${Token[TOKEN.1]}/3", []),
    ],
)
def test_a_package_of_ones_own_tells_what_its_role_needs(arn: str, expected: list[str]) -> None:
    assert rules(with_container(model_package=arn)) == expected


def test_a_removal_policy_and_a_role_that_lacks_rights_are_warned_of() -> None:
    subject = replace(deployed(), removal_policy=True, role_needs="[]")

    assert rules(subject) == ["removal-policy-unused", "role-needs-permissions"]
