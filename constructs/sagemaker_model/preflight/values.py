"""Values of a template that are known before it is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\$\{([^}]+)\}")
_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


def pseudo_parameters(account: str, region: str) -> dict[str, str]:
    """Return what CloudFormation's pseudo parameters are.

    Args:
        account: The account that is deployed to.
        region: The Region.

    >>> pseudo_parameters("123456789012", "cn-north-1")["AWS::URLSuffix"]
    'amazonaws.com.cn'
    """
    partition, suffix = next(
        (found for start, found in _PARTITIONS.items() if region.startswith(f"{start}-")),
        ("aws", "amazonaws.com"),
    )
    return {
        "AWS::AccountId": account,
        "AWS::Region": region,
        "AWS::Partition": partition,
        "AWS::URLSuffix": suffix,
    }


def known_text(value: object, names: Mapping[str, str], mappings: Mapping[str, Any]) -> str | None:
    """Return what a value will be; None where only the deployment tells.

    Args:
        value: A value of a template.
        names: The pseudo parameters.
        mappings: The template's mappings.

    >>> known_text({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}, {"AWS::Region": "r"}, {})
    'a-r'
    """
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return names.get(name)
        case {"Fn::Sub": str(text)}:
            places = _PLACE.findall(text)
            known = all(place in names for place in places)
            return _PLACE.sub(lambda place: names[place[1]], text) if known else None
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            texts = [known_text(part, names, mappings) for part in parts]
            return None if None in texts else delimiter.join(text or "" for text in texts)
        case {"Fn::FindInMap": [str(mapping), first, second]}:
            keys = [known_text(key, names, mappings) for key in (first, second)]
            found = mappings.get(mapping, {}).get(keys[0], {}).get(keys[1])
            return found if isinstance(found, str) else None
        case _:
            return None
