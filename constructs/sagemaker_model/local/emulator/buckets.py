"""Tags of buckets that CloudFormation makes: ministack's CloudFormation drops them.

CDK's ``auto_delete_objects`` asks for them before it empties a bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import s3
from ministack.services.cloudformation import provisioners

HOOKS = (
    "ministack.services.s3:_bucket_tags",
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
)


def install() -> None:
    """Have CloudFormation keep the tags of the buckets that it makes."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]  # noqa: SLF001
    create = handlers["create"]

    def create_with_tags(logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:
        made = create(logical_id, properties, stack)
        tags = {each["Key"]: each["Value"] for each in properties.get("Tags", [])}
        if tags:
            s3._bucket_tags[made[0]] = tags  # noqa: SLF001
        return made

    handlers["create"] = create_with_tags
