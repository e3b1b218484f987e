"""How the page is served: on this machine, with what the user asked for, and nothing else."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from sagemaker_model.web.server import free_port, launch_options


def test_a_free_port_is_found() -> None:
    assert free_port(0) > 0


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = os.strerror(errno.EADDRINUSE)

        with pytest.raises(OSError, match=rf"port {port} can't be listened on: {said}; .*--port 0"):
            free_port(port)


@pytest.mark.parametrize("share", [False, True])
def test_it_listens_on_this_machine_and_is_shared_only_when_asked(share: bool) -> None:
    options = launch_options(port=7860, share=share)

    assert (options["server_name"], options["share"]) == ("127.0.0.1", share)
    hosts = [each.kwargs.get("allowed_hosts") for each in options["app_kwargs"]["middleware"]]
    assert (["127.0.0.1", "localhost"] in hosts) is not share
