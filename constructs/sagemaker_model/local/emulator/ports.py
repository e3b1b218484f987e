"""The ports that ministack opens: the one it is told, and no other."""

from __future__ import annotations

from ministack import app

HOOKS = ("ministack.app:_port_is_bindable",)


def install() -> None:
    """Keep ministack from port 443, which it takes too where it speaks TLS and 443 is free."""
    app._port_is_bindable = lambda _host, _port: False  # noqa: SLF001
