"""Fake servers of the tests, on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer


@contextmanager
def serving(server: ThreadingHTTPServer, ended: threading.Event) -> Iterator[None]:
    """Answer requests inside the block.

    Args:
        server: Who answers.
        ended: Set at the end, for answers that wait for it.
    """
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        server.shutdown()
        thread.join()
