"""Ask AWS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws
from sagemaker_model.preflight.artefacts import weights_of
from sagemaker_model.preflight.question import About, Answer, Outcome, Question

# RegistryId and Region of the addresses in "Private registry authentication" of the ECR guide.
_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403"})
_MISSING = frozenset({"ImageNotFoundException", "RepositoryNotFoundException"})


def ask(aws: Aws, question: Question) -> Answer:
    """Ask whether something is there.

    Args:
        aws: The AWS that is asked.
        question: What for.
    """
    try:
        return _ASKED[question.about](aws, question)
    except ClientError as error:
        return Answer(Outcome.UNASKED, f"AWS said {error}")


def _image(aws: Aws, question: Question) -> Answer:
    address = _ECR.fullmatch(question.subject)
    if not address:
        return Answer(Outcome.UNASKED, "is in no registry of ECR")
    client = aws.client("ecr", address["region"])
    image = (
        {"imageDigest": address["digest"]}
        if address["digest"]
        else {"imageTag": address["tag"] or "latest"}
    )
    given = {
        "registryId": address["account"],
        "repositoryName": address["repository"],
        "imageIds": [image],
    }
    try:
        client.describe_images(**given)
    except ClientError as error:
        if _code(error) in _DENIED:
            # What pulls an image may read it, where others' registries don't let it be described.
            return _pulled(client, given)
        if _code(error) not in _MISSING:
            raise
        return _no_image()
    return Answer(Outcome.OK, "is in its registry")


def _pulled(client: Any, given: Mapping[str, Any]) -> Answer:
    found = client.batch_get_image(**given)["images"]
    return Answer(Outcome.OK, "can be pulled") if found else _no_image()


def _no_image() -> Answer:
    return Answer(
        Outcome.FAILS,
        "is not in its registry",
        "give another version or Region, or push the image",
    )


def _quota(aws: Aws, question: Question) -> Answer:
    client = aws.client("service-quotas", question.region)
    name = f"{question.subject} for endpoint usage"
    # The first call leaves quotas out that were never changed.
    for call in ("list_service_quotas", "list_aws_default_service_quotas"):
        for page in client.get_paginator(call).paginate(ServiceCode="sagemaker"):
            for quota in page["Quotas"]:
                if quota["QuotaName"] == name:
                    return _compared(question, round(quota["Value"]))
    return Answer(Outcome.UNASKED, f"there is no quota {name!r} in {question.region}")


def _compared(question: Question, quota: int) -> Answer:
    told = f"{quota} in {question.region}, {question.count} needed at first"
    fix = f"ask for “{question.subject} for endpoint usage” in Service Quotas"
    if quota < question.count:
        return Answer(Outcome.FAILS, told, fix)
    if quota < question.most:
        return Answer(Outcome.OK, f"{told}; scaling may want {question.most}", fix)
    return Answer(Outcome.OK, told)


def _secret(aws: Aws, question: Question) -> Answer:
    client = aws.client("secretsmanager", question.region)
    try:
        secret = client.describe_secret(SecretId=question.subject)
    except client.exceptions.ResourceNotFoundException:
        return Answer(
            Outcome.FAILS,
            "does not exist",
            "make it: aws secretsmanager create-secret --name NAME --secret-string hf_…",
        )
    if secret.get("DeletedDate"):
        return Answer(Outcome.FAILS, "is about to be deleted", "restore it, or give another")
    return Answer(Outcome.OK, "exists")


def _package(aws: Aws, question: Question) -> Answer:
    client = aws.client("sagemaker", question.region)
    try:
        package = client.describe_model_package(ModelPackageName=question.subject)
    except ClientError as error:
        if _code(error) in _DENIED:
            raise
        return Answer(
            Outcome.FAILS,
            f"can't be used: {error.response.get('Error', {}).get('Message', '')}",
            "subscribe to it in AWS Marketplace with this account, or give its ARN of this Region",
        )
    status = package["ModelPackageStatus"]
    if status != "Completed":
        return Answer(Outcome.FAILS, f"is {status}", "choose a version that is Completed")
    return Answer(Outcome.OK, "can be used")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


_ASKED: Mapping[About, Callable[[Aws, Question], Answer]] = {
    About.IMAGE: _image,
    About.QUOTA: _quota,
    About.WEIGHTS: weights_of,
    About.SECRET: _secret,
    About.PACKAGE: _package,
}
