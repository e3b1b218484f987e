"""A project's properties in a template, as the API has them.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, Shape, StructureShape


def project_from_template(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that creates a project with these properties.

    CloudFormation writes names with another case (``BuildSpec`` for ``buildspec``) and may hold
    numbers and truth values as text; what the API has no member for (``Triggers``) is left out.

    Args:
        properties: The properties, with all references resolved.
    """
    return dict(_convert(_create_project(), properties))


@cache
def _create_project() -> Shape:
    model = botocore.session.get_session().get_service_model("codebuild")
    return model.shape_for("CreateProjectInput")


def _convert(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        names = {name.lower(): name for name in shape.members}
        return {
            names[name.lower()]: _convert(shape.members[names[name.lower()]], each)
            for name, each in value.items()
            if name.lower() in names
        }
    if isinstance(shape, ListShape):
        return [_convert(shape.member, each) for each in value]
    if shape.type_name in ("integer", "long"):
        return int(value)
    if shape.type_name == "boolean":
        return str(value).lower() == "true"
    return str(value)
