"""Which instance a request goes to."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.hosting.limits import check_between, check_choice

LEAST_OUTSTANDING_REQUESTS = "LEAST_OUTSTANDING_REQUESTS"
RANDOM = "RANDOM"
PREFIX_AWARE = "PREFIX_AWARE"
_STRATEGIES = (LEAST_OUTSTANDING_REQUESTS, RANDOM, PREFIX_AWARE)

# PrefixAwareRoutingConfig in the SageMaker API reference.
_PREFIX_LENGTH = (1024, 65536)
_CONCURRENCY = (1, 1024)


def check_routing(
    strategy: str | None, prefix_length: int | None, concurrency_threshold: int | None
) -> None:
    """Raise for what ``ProductionVariant.RoutingConfig`` would not take."""
    check_choice("routing", strategy, _STRATEGIES)
    check_between("routing_prefix_length", prefix_length, *_PREFIX_LENGTH, "bytes")
    check_between("routing_concurrency_threshold", concurrency_threshold, *_CONCURRENCY, "requests")
    numbers = [prefix_length, concurrency_threshold]
    if strategy == PREFIX_AWARE and None in numbers:
        raise ValueError(
            "routing='PREFIX_AWARE' needs routing_prefix_length and routing_concurrency_threshold, "
            f"got {prefix_length} and {concurrency_threshold}; give both"
        )
    if strategy != PREFIX_AWARE and any(number is not None for number in numbers):
        raise ValueError(
            "routing_prefix_length and routing_concurrency_threshold are read by "
            f"routing='PREFIX_AWARE' only, got routing={strategy!r}; leave them out, or say so"
        )


def routing_config(
    strategy: str, prefix_length: int | None, concurrency_threshold: int | None
) -> Mapping[str, object]:
    """Return ``RoutingConfig`` as CloudFormation names it.

    >>> routing_config("RANDOM", None, None)
    {'RoutingStrategy': 'RANDOM'}
    """
    if strategy != PREFIX_AWARE:
        return {"RoutingStrategy": strategy}
    numbers = {"PrefixLength": prefix_length, "ConcurrencyThreshold": concurrency_threshold}
    return {"RoutingStrategy": strategy, "PrefixAwareRoutingConfig": numbers}
