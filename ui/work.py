"""What is being done to the archive: one thing at a time, in a thread of its own, for all who look at the page."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rag import BuildReport, PullquoteError

_LOG = logging.getLogger(__name__)
_LOOK_S = 0.4
_PATIENCE_S = 20.0

Progress = Callable[[str, int, int], None]
Does = Callable[[Progress], BuildReport | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it is."""

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    report: BuildReport | None = None
    problem: str | None = None
    """What went wrong, for a person; "" where that is for the log only."""


class Work:
    """The one thing that is being done, or was done last."""

    def __init__(self) -> None:
        """Do nothing yet."""
        self._changed = threading.Condition()
        self._now = Standing()

    @property
    def now(self) -> Standing:
        """Return how far it is."""
        return self._now

    def start(self, does: Does) -> bool:
        """Begin, and return whether that could be: False while something else is being done."""
        with self._changed:
            if self._now.running:
                return False
            self._now = Standing(running=True)
        # A build that is killed goes on where it stopped: the thread need not keep the server from ending.
        threading.Thread(target=self._run, args=(does,), daemon=True).start()
        return True

    def follow(self) -> Iterator[Standing]:
        """Yield how far it is, until it is done."""
        last = None
        while True:
            with self._changed:
                if self._now == last and self._now.running:
                    self._changed.wait(_PATIENCE_S)
                now = self._now
            if now != last:
                yield now
            if not now.running:
                return
            last = now
            with self._changed:  # no more often than one can read
                self._changed.wait_for(lambda: not self._now.running, _LOOK_S)

    def _run(self, does: Does) -> None:
        try:
            ended = Standing(report=does(self._progress))
        except PullquoteError as error:
            ended = Standing(problem=str(error))
        # The thread's outermost loop: what goes wrong is logged, and said to have.
        except Exception:
            _LOG.exception("unexpected, while changing the archive")
            ended = Standing(problem="")
        self._set(ended)

    def _progress(self, stage: str, done: int, total: int) -> None:
        self._set(replace(self._now, stage=stage, done=done, total=total))

    def _set(self, standing: Standing) -> None:
        with self._changed:
            self._now = standing
            self._changed.notify_all()
