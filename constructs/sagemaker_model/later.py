"""A text that is asked for when the template is written, and not before."""

from __future__ import annotations

from collections.abc import Callable

import jsii
from aws_cdk import IStableStringProducer, Lazy


def later(text: Callable[[], str]) -> str:
    """Return a token of a text that is not known yet.

    Args:
        text: Returns the text when it is asked for; always the same from then on.
    """
    return Lazy.string(_Later(text))


@jsii.implements(IStableStringProducer)
class _Later:
    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text

    def produce(self) -> str:
        return self._text()
