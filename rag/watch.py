"""Keeps an index fresh: builds again when a file changes, and at intervals what is fetched, until it is stopped."""

import os
import signal
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import (
    BuildLocked,
    FetchError,
    IndexDamaged,
    IndexMissing,
    NothingToIndex,
    PullquoteError,
    SettingsError,
)
from index.fetch.policy import is_address, shown
from index.versions import Data

if TYPE_CHECKING:
    from index.report import BuildReport

POLL_S = 2.0
"""Between two looks at the folders. A build begins when two looks in a row find the same: files are written whole."""
LOCKED_S = 15.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: an article is `new`, `changed` or `gone`, or there is a `note` or an `error`."""

    kind: str
    says: str
    article: str = ""

    @property
    def line(self) -> str:
        """Return it as a line of text."""
        return f"{time.strftime('%H:%M:%S')}  {self.kind:8s} {self.says}" + (
            f"  [{self.article}]" if self.article else ""
        )


Build = Callable[[Sequence[str], bool], "BuildReport"]
"""Builds from the sources; asks for what was fetched before, or does not."""


class Watch:
    """Watches sources. `look` does what is due, once; `run` does so until it is interrupted."""

    def __init__(
        self,
        data: Data,
        build: Build,
        sources: Sequence[str],
        every_s: float,
        tell: Callable[[Change], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look at nothing yet."""
        self._data, self._build, self._tell, self._clock = data, build, tell, clock
        self._sources = list(sources)
        self._every_s = every_s
        self._due = clock()
        self._built: object = None
        self._seen: object = None
        self._told: set[str] = set()
        self._first = True

    def run(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Look again and again; an interrupt ends it."""
        while True:
            self.look()
            wait = self._due - self._clock()
            sleep(max(0.0, min(wait, POLL_S) if self._paths() else wait))

    def look(self) -> None:
        """Build if something is due: an interval is over, or files have changed and are no longer changing.

        Raises:
            SettingsError: at the first look, a source does not exist.
            FetchError: at the first look, a source is no address that may be fetched.
            NothingToIndex: at the first look, there is no source at all.
        """
        found = _state(self._paths(), self._data.root.resolve())
        settled, self._seen = found == self._seen, found
        due = self._clock() >= self._due
        if not due and (found == self._built or not settled):
            return
        self._built = found
        again = self._every_s
        try:
            self._update(ask=due)
        except (PullquoteError, OSError) as error:
            if self._first and (not self._sources or isinstance(error, SettingsError | FetchError)):
                raise
            if isinstance(error, BuildLocked):
                again = min(again, LOCKED_S)
            self._once(Change("error", str(error)))
        if due:
            self._due = self._clock() + again
        self._first = False

    def _update(self, *, ask: bool) -> None:
        before = self._articles()
        report = self._build(self._sources, ask)
        now_there = {*report.refused, *report.notes}
        for line in (*report.refused, *report.notes):
            self._once(Change("note", line))
        self._told &= now_there  # what comes back after it was mended is told again
        if before is None:
            self._tell(Change("built", f"{report.articles:,} articles, {report.passages:,} passages"))
        elif report.published:
            self._compare(before, self._articles() or {})

    def _compare(self, before: dict[str, str], after: dict[str, str]) -> None:
        from index.catalog import Catalog, Member

        catalog = Catalog(self._data.catalog)
        try:
            for key in (*after, *(each for each in before if each not in after)):
                if before.get(key) == after.get(key):
                    continue
                kind = "gone" if key not in after else "changed" if key in before else "new"
                title = catalog.article(Member(key, after.get(key) or before[key])).title
                self._tell(Change(kind, title, key))
        finally:
            catalog.close()

    def _articles(self) -> dict[str, str] | None:
        try:
            return self._data.members(self._data.current_name())
        except (IndexMissing, IndexDamaged):
            return None

    def _paths(self) -> list[Path]:
        return [Path(each).expanduser() for each in self._sources if not is_address(each)]

    def _once(self, change: Change) -> None:
        """Tell what lasts from one build to the next only the first time."""
        if change.says not in self._told:
            self._told.add(change.says)
            self._tell(change)


def _state(paths: Sequence[Path], apart: Path) -> frozenset[tuple[str, int, int]]:
    """Return each file's path, time of change and size; what is hidden, and the index itself, does not count."""
    return frozenset(found for path in paths for found in _below(path, apart))


def _below(path: Path, apart: Path) -> Iterator[tuple[str, int, int]]:
    try:
        if not path.is_dir():
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size
            return
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    if Path(entry.path).resolve() != apart:
                        yield from _below(Path(entry.path), apart)
                    continue
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size
    except OSError:  # gone meanwhile: the next look sees it so
        return


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does: whatever is being done is undone or kept, and locks are freed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _remembered(data: Data) -> tuple[list[str], dict[str, str]]:
    from index.catalog import Catalog

    if not data.catalog.is_file():
        return [], {}
    catalog = Catalog(data.catalog)
    try:
        return catalog.sources(), catalog.columns()
    finally:
        catalog.close()


def watch(arguments: Namespace) -> int:
    """Watch the sources until interrupted."""
    from dataclasses import asdict

    from index.builder import build_index, source_name
    from index.embed import SentenceTransformerEmbedder
    from rag.settings import Settings
    from rag.terminal import say

    settings = Settings.load(data=arguments.data, model=arguments.model)
    policy = settings.fetch_policy()
    remembered, columns = _remembered(Data(settings.data))
    # Watching one more source takes none of the others out of the index.
    sources = list(dict.fromkeys([*remembered, *map(source_name, arguments.sources)]))
    if not sources:
        raise NothingToIndex("No source named, and none remembered. Name a file, folder, page or feed to watch.")
    with _ended_by_signals():
        try:
            embedder = SentenceTransformerEmbedder(settings.model)

            def build(sources: Sequence[str], ask: bool) -> "BuildReport":
                return build_index(
                    sources,
                    settings.data,
                    embedder,
                    columns=columns,
                    policy=replace(policy, recheck=ask, rest_share=0.1),
                )

            def tell(change: Change) -> None:
                import json

                say(json.dumps(asdict(change), ensure_ascii=False) if arguments.json else change.line)

            say(f"Watching {', '.join(map(shown, sources))}; Ctrl-C ends it.", error=True)
            Watch(Data(settings.data), build, sources, arguments.every, tell).run()
        except KeyboardInterrupt:
            say("stopped; what was computed is kept", error=True)
    return 0
