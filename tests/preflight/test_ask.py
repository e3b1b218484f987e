"""How AWS is asked, and what its answers are taken for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.response import StreamingBody

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.preflight.ask import ask
from sagemaker_model.preflight.question import About, Answer, Outcome, Question

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm:1.0-gpu"
ARN = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
QUOTA = "ml.g5.2xlarge for endpoint usage"
WHEN = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def aws() -> Iterator[StubbedAws]:
    aws = StubbedAws()
    yield aws
    aws.all_was_asked()


def question(about: About, subject: str, *, count: int = 0, most: int = 0) -> Question:
    return Question(
        about=about, subject=subject, region="us-east-1", path="Chat/Model", count=count, most=most
    )


def image(aws: StubbedAws, subject: str = IMAGE) -> Answer:
    return ask(aws, question(About.IMAGE, subject))


def test_an_image_that_is_in_its_registry_is_there(aws: StubbedAws) -> None:
    expected = {
        "registryId": "763104351884",
        "repositoryName": "huggingface-vllm",
        "imageIds": [{"imageTag": "1.0-gpu"}],
    }
    aws.let("ecr", "describe_images", {"imageDetails": []}, expected=expected)

    assert image(aws).outcome is Outcome.OK


def test_an_image_by_digest_is_asked_for_in_the_registrys_own_region(aws: StubbedAws) -> None:
    digest = "sha256:" + "0" * 64
    expected = {
        "registryId": "123456789012",
        "repositoryName": "team/server",
        "imageIds": [{"imageDigest": digest}],
    }
    aws.let("ecr", "describe_images", {}, region="eu-west-1", expected=expected)
    address = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/server@{digest}"

    assert image(aws, address).outcome is Outcome.OK


@pytest.mark.parametrize("code", ["ImageNotFoundException", "RepositoryNotFoundException"])
def test_an_image_that_is_missing_fails(aws: StubbedAws, code: str) -> None:
    aws.let("ecr", "describe_images", code)

    assert image(aws).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("images", "outcome"), [([{"imageManifest": "{}"}], Outcome.OK), ([], Outcome.FAILS)]
)
def test_an_image_that_may_not_be_described_is_asked_for_as_a_pull_does(
    aws: StubbedAws, images: list[dict[str, str]], outcome: Outcome
) -> None:
    aws.let("ecr", "describe_images", "AccessDeniedException")
    aws.let("ecr", "batch_get_image", {"images": images, "failures": []})

    assert image(aws).outcome is outcome


def test_what_may_not_be_asked_is_no_failure(aws: StubbedAws) -> None:
    aws.let("ecr", "describe_images", "AccessDeniedException")
    aws.let("ecr", "batch_get_image", "AccessDeniedException")

    answer = image(aws)

    assert answer.outcome is Outcome.UNASKED
    assert "what AWS says" in answer.detail


def test_an_image_of_another_registry_can_not_be_asked_for(aws: StubbedAws) -> None:
    assert image(aws, "public.ecr.aws/team/server:1").outcome is Outcome.UNASKED


def quotas(*values: float) -> dict[str, Any]:
    return {
        "Quotas": [
            {"QuotaName": "ml.g5.2xlarge for training job usage", "Value": 99},
            *({"QuotaName": QUOTA, "Value": value} for value in values),
        ]
    }


@pytest.mark.parametrize(
    ("value", "outcome"), [(0.0, Outcome.FAILS), (2.0, Outcome.OK), (8.0, Outcome.OK)]
)
def test_a_quota_is_compared_with_the_instances_at_first(
    aws: StubbedAws, value: float, outcome: Outcome
) -> None:
    aws.let("service-quotas", "list_service_quotas", quotas(value))

    answer = ask(aws, question(About.QUOTA, "ml.g5.2xlarge", count=2, most=4))

    assert answer.outcome is outcome
    assert f"{value:.0f} in us-east-1, 2 needed at first" in answer.detail
    assert ("scaling may want 4" in answer.detail) == (value == 2)
    assert (QUOTA in answer.fix) == (value < 4)


def test_a_quota_that_was_never_changed_has_its_default(aws: StubbedAws) -> None:
    aws.let("service-quotas", "list_service_quotas", quotas())
    aws.let("service-quotas", "list_aws_default_service_quotas", quotas(0.0))

    answer = ask(aws, question(About.QUOTA, "ml.g5.2xlarge", count=1, most=1))

    assert answer.outcome is Outcome.FAILS


def test_a_type_without_a_quota_can_not_be_asked_for(aws: StubbedAws) -> None:
    aws.let("service-quotas", "list_service_quotas", quotas())
    aws.let("service-quotas", "list_aws_default_service_quotas", quotas())

    assert ask(aws, question(About.QUOTA, "ml.g5.2xlarge")).outcome is Outcome.UNASKED


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"Name": "hub"}, Outcome.OK),
        ({"Name": "hub", "DeletedDate": WHEN}, Outcome.FAILS),
        ("ResourceNotFoundException", Outcome.FAILS),
        ("AccessDeniedException", Outcome.UNASKED),
    ],
    ids=["there", "deleted", "missing", "denied"],
)
def test_a_secret_must_exist(
    aws: StubbedAws, answer: dict[str, Any] | str, outcome: Outcome
) -> None:
    aws.let("secretsmanager", "describe_secret", answer, expected={"SecretId": "hub"})

    assert ask(aws, question(About.SECRET, "hub")).outcome is outcome


def a_package(status: str) -> dict[str, Any]:
    return {
        "ModelPackageName": "name",
        "ModelPackageArn": ARN,
        "CreationTime": WHEN,
        "ModelPackageStatus": status,
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (a_package("Completed"), Outcome.OK),
        (a_package("Failed"), Outcome.FAILS),
        ("ValidationException", Outcome.FAILS),
        ("AccessDeniedException", Outcome.UNASKED),
    ],
    ids=["completed", "failed", "not subscribed", "denied"],
)
def test_a_model_package_must_be_usable(
    aws: StubbedAws, answer: dict[str, Any] | str, outcome: Outcome
) -> None:
    aws.let("sagemaker", "describe_model_package", answer)

    assert ask(aws, question(About.PACKAGE, ARN)).outcome is outcome


def let_lie(aws: StubbedAws, files: dict[str, bytes]) -> None:
    """Put files below s3://bucket/model/, of which the small ones are read."""
    contents = [{"Key": f"model/{name}", "Size": len(body)} for name, body in files.items()]
    aws.let("s3", "list_objects_v2", {"Contents": contents, "IsTruncated": False})
    for name, body in files.items():
        if name.endswith(".json"):
            stream = StreamingBody(io.BytesIO(body), len(body))
            key = {"Bucket": "bucket", "Key": f"model/{name}"}
            aws.let("s3", "get_object", {"Body": stream}, expected=key)


def weights(aws: StubbedAws, subject: str = "s3://bucket/model/") -> Answer:
    return ask(aws, question(About.WEIGHTS, subject))


def test_files_that_are_a_model_are_counted(aws: StubbedAws) -> None:
    config = json.dumps({"architectures": ["BertModel"], "model_type": "bert"}).encode()
    header = (2).to_bytes(8, "little") + b"{}"
    let_lie(aws, {"config.json": config, "model.safetensors": header, "vocab.txt": b"a"})

    answer = weights(aws)

    assert (answer.outcome, answer.detail.partition(",")[0]) == (Outcome.OK, "3 files")


def test_files_that_no_container_can_load_fail_with_the_rule(aws: StubbedAws) -> None:
    let_lie(aws, {"README.md": b"# a model"})

    answer = weights(aws)

    assert answer.outcome is Outcome.FAILS
    assert "config.json" in answer.detail


def test_an_empty_prefix_and_a_missing_bucket_fail(aws: StubbedAws) -> None:
    aws.let("s3", "list_objects_v2", {"IsTruncated": False})
    aws.let("s3", "list_objects_v2", "NoSuchBucket")
    aws.let("s3", "list_objects_v2", "AccessDenied")

    assert [weights(aws).outcome for _ in range(3)] == [
        Outcome.FAILS,
        Outcome.FAILS,
        Outcome.UNASKED,
    ]


def test_an_archive_must_be_there(aws: StubbedAws) -> None:
    aws.let("s3", "head_object", {"ContentLength": 2048})
    aws.let("s3", "head_object", "404")

    there, missing = (weights(aws, "s3://bucket/model.tar.gz") for _ in range(2))

    assert (there.outcome, there.detail) == (Outcome.OK, "is there, 2,048 bytes")
    assert missing.outcome is Outcome.FAILS
