"""An answer while it is written, which somebody else may stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Self

from sagemaker_model.runtime import EndpointError, GenerationStream, StreamEvent
from sagemaker_model.runtime.pace import Pace

Begin = Callable[[], GenerationStream]


class Writing:
    """An answer that a thread of its own reads, so that nobody who stops it must wait.

    Iterate over it once: it yields itself whenever more is there, and at its end unless it became
    unwanted. What goes wrong ends it, and stands in :attr:`problem`.

    Args:
        begin: Sends the request.
    """

    def __init__(self, begin: Begin) -> None:
        self.text = ""
        self.problem = ""
        self.stopped = False
        self.unwanted = False
        self._pace = Pace()
        self._pieces: SimpleQueue[StreamEvent | Exception | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, args=(begin,), daemon=True)

    def __iter__(self) -> Iterator[Self]:
        """Send the request, and wait for what comes next."""
        self._reader.start()
        more = True
        while more:
            more = self._take(self._pieces.get())
            # A browser that is slower than the engine gets several pieces at once.
            while more and not self._pieces.empty():
                more = self._take(self._pieces.get())
            if not self.unwanted:
                yield self

    def stop(self, *, unwanted: bool = False) -> None:
        """End it now; the request ends with its next piece.

        Args:
            unwanted: Whether what was written is of no use any more. Default: it is kept.
        """
        self.unwanted = unwanted
        self.stopped = True
        self._pieces.put(None)

    @property
    def figures(self) -> str:
        """How fast it came, and why it ended early if it did; nothing of an answer that failed."""
        if self.problem and not self.text:
            return ""
        if self.stopped:
            return f"{self._pace}; stopped"
        more = "; cut off, a larger max_new_tokens lets it go on" if self._pace.cut_off else ""
        return f"{self._pace}{more}"

    def _read(self, begin: Begin) -> None:
        try:
            with begin() as stream:
                for event in stream:
                    if self.stopped:
                        break
                    self._pace.see(event)
                    self._pieces.put(event)
        except Exception as error:  # whatever it is, the page must tell it
            self._pieces.put(error)
        self._pieces.put(None)

    def _take(self, piece: StreamEvent | Exception | None) -> bool:
        """Add a piece, and return whether there may be more."""
        if isinstance(piece, StreamEvent):
            self.text += piece.text
        elif piece is not None:
            self.problem = tell(piece)
        return isinstance(piece, StreamEvent)


class Writings:
    """The answers that are being written, one for each page that is open."""

    def __init__(self) -> None:
        self._of: dict[str, Writing] = {}

    def begin(self, session: str, begin: Begin) -> Writing:
        """Begin an answer, and stop the one that the page had.

        Args:
            session: The page.
            begin: Sends the request.
        """
        self.stop(session, unwanted=True)
        self._of[session] = Writing(begin)
        return self._of[session]

    def stop(self, session: str, *, unwanted: bool = False) -> None:
        """Stop what is being written for a page, if anything is.

        Args:
            session: The page.
            unwanted: Whether what was written is of no use any more. Default: it is kept.
        """
        writing = self._of.pop(session, None)
        if writing is not None:
            writing.stop(unwanted=unwanted)


def tell(error: Exception) -> str:
    """Return what a page says of an error.

    >>> tell(KeyError("x"))
    "KeyError: 'x'"
    """
    plain = isinstance(error, EndpointError | ValueError | OSError)
    return str(error) if plain else f"{type(error).__name__}: {error}"
