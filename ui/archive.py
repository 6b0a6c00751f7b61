"""The archive that the page asks: opened when first needed, and again and again until there is one."""

import threading
from collections.abc import Callable

from rag import Retriever


class Archive:
    """Holds the one Retriever of the server. A failed opening is not remembered: an index may be built meanwhile."""

    def __init__(self, opening: Callable[[], Retriever]) -> None:
        """Keep how to open the archive; nothing is opened yet."""
        self._opening = opening
        self._lock = threading.Lock()
        self._retriever: Retriever | None = None

    def retriever(self) -> Retriever:
        """Return the opened archive; while it is being opened, wait.

        Raises:
            PullquoteError: it cannot be opened; the message says what to do.
        """
        with self._lock:
            if self._retriever is None:
                self._retriever = self._opening()
            return self._retriever
