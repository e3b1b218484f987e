"""What AWS refuses, or waits for in vain."""

from __future__ import annotations

from sagemaker_model.why.cause import Cause, words

AWS_CAUSES = (
    Cause(
        id="image-missing",
        title="The image is not there, or the role may not pull it.",
        words=words(
            r"CannotPullContainer",
            r"(image|repository)\b.{0,300}(does not exist|not found|was not found)",
            r"make sure all images included in the model .{0,100}exist",
            r"cannot find (the requested image|repository)",
            r"not authorized to perform: ecr:",
            r"does not grant sagemaker\S* .{0,100}ecr:",
            r"unable to (pull|describe) (the )?image",
        ),
        fix="take a ContainerImage of the table, which knows the Region's registry, or look at the "
        "tag and the repository's policy",
        rules=("image-unknown", "image-in-other-region"),
    ),
    Cause(
        id="model-data-missing",
        title="The model's files are not in S3 where the endpoint looks, or its role may not read "
        "them.",
        words=words(r"could not access model data at s3://", r"failed to download model data"),
        fix="look at the address in weights=, and let the role read it and use its key; the "
        "library's own role may",
        rules=("role-needs-permissions", "s3-without-gateway"),
    ),
    Cause(
        id="no-rights",
        title="A role may not do what it must.",
        words=words(
            r"AccessDenied",
            r"is not authorized to perform",
            r"(cannot|could not) assume (the )?role",
        ),
        fix="let the role do what the message names; the library's own role may",
        rules=("role-needs-permissions",),
    ),
    Cause(
        id="no-quota",
        title="The account's quota for this instance type is used up.",
        words=words(r"ResourceLimitExceeded", r"account-level service limit", r"service quota"),
        fix="ask Service Quotas for more of '<type> for endpoint usage'; an update that doubles "
        "the fleet needs twice as many, RollOut.rolling(…) does not",
        rules=("roll-out-doubles-fleet",),
    ),
    Cause(
        id="no-capacity",
        title="AWS has no such instance free in these Availability Zones.",
        words=words(
            r"InsufficientInstanceCapacity",
            r"insufficient ?capacity",
            r"unable to provision requested ML compute capacity",
            r"unable to locate at least \d+ availability zone",
        ),
        fix="give RealTime(instance_pools=[…]) other types, more subnets, or another Region",
        rules=("subnets-in-one-zone",),
    ),
    Cause(
        id="does-not-answer",
        title="The endpoint was in service, but did not answer the smoke test as expected.",
        words=words(r"is in service, but does not answer as expected"),
        fix="read the container's log; if the test is wrong, give smoke_test= another",
    ),
    Cause(
        id="too-slow",
        title="The container was not ready in time.",
        words=words(
            r"did not pass the ping health check",
            r"health ?check .{0,60}(timed? ?out|time-out)",
        ),
        fix="give hosting= a longer startup_timeout= or download_timeout=, and read the "
        "container's log",
        vague=True,
    ),
)
"""What AWS refuses, or waits for in vain."""
