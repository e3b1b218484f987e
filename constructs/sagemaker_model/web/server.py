"""The server of a page: this machine alone, and nothing from elsewhere."""

from __future__ import annotations

import os
import socket
from typing import Any

import gradio as gr
from gradio.themes import Base, Default
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sagemaker_model.web.site import STYLE

HOST = "127.0.0.1"
# What the browser holds the page to: an answer can't make it load or send anything elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
_FONTS = ("system-ui", "sans-serif")
_FIXED_FONTS = ("ui-monospace", "monospace")


class OwnContentOnly:
    """Adds the policy to every answer.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Args:
            scope: The request.
            receive: Brings its body.
            send: Takes the answer.
        """

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, send_with_policy)


def launch_options(*, port: int, share: bool) -> dict[str, Any]:
    """Return how Gradio is started.

    Args:
        port: Where it listens.
        share: Whether Gradio's makers bring the page to the internet.
    """
    middleware = [Middleware(OwnContentOnly)]
    if not share:
        # A page elsewhere whose name leads here must not be able to ask.
        hosts = [HOST, "localhost"]
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=hosts))
    return {
        "server_name": HOST,
        "server_port": port,
        "share": share,
        "app_kwargs": {"middleware": middleware},
        "theme": _theme(),
        "css_paths": STYLE,
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "inline": False,
        "quiet": True,
        "prevent_thread_lock": True,
    }


def _theme() -> Base:
    theme = Default(primary_hue="blue", font=_FONTS, font_mono=_FIXED_FONTS)
    return theme.set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )


def launch(site: gr.Blocks, *, port: int, share: bool) -> str:
    """Start to serve a site, and return where.

    Args:
        site: The pages.
        port: Where to listen; 0 takes a port that is free.
        share: Whether Gradio's makers bring the page to the internet.

    Raises:
        OSError: The port is taken.
        RuntimeError: The page could not be shared.
    """
    _spare_proxies()
    _, url, shared = site.launch(**launch_options(port=free_port(port), share=share))
    if share and not shared:
        site.close()
        raise RuntimeError(
            "the page could not be shared: Gradio's service was not reached; leave --share out, "
            "or see that this machine reaches the internet"
        )
    return shared or url


def _spare_proxies() -> None:
    """Have Gradio ask its own server itself, whatever proxy the environment names."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), HOST]))


def free_port(port: int) -> int:
    """Return a port that can be listened on.

    Args:
        port: The port; 0 for any.

    Raises:
        OSError: It is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OSError(
                f"port {port} can't be listened on: {error.strerror}; give another by --port, or "
                "--port 0 for any that is free"
            ) from error
        free: int = probe.getsockname()[1]
        return free
