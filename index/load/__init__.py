"""Finds files below the named sources and makes articles of them. One file here per kind of input.

Every loader yields articles, and a `LoadError` in the place of each one that cannot be made: a bad
file or record is reported, and the rest goes on.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import LoadError, SettingsError
from index.load import archives, documents
from index.load.feed import load_feed
from index.load.file import Budget, Gunzipped, Readable
from index.load.html import load_html
from index.load.jsons import load_json
from index.load.mail import load_eml, load_mbox
from index.load.origin import Origin
from index.load.own import is_own_export
from index.load.records import Columns, is_question_set, load_records
from index.load.tables import load_table
from index.load.text import load_text

LOADER = "5"
"""Version of the loaders. Change it when the same file would give another article."""

Loaded = Article | LoadError
Loader = Callable[[Readable, str], Iterator[Loaded]]
RecordLoader = Callable[[Readable, str, Columns], Iterator[Loaded]]

MAX_CHARS = 2_000_000
"""Longest text taken for one article: about 300,000 words, three novels."""
MAX_ERRORS = 1000
"""Most errors of one file that are told one by one."""
MAX_DEPTH = 3
"""Archives within archives within an archive are read, no deeper."""

FILES: dict[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_text,
    ".markdown": load_text,
    ".html": load_html,
    ".htm": load_html,
    ".xhtml": load_html,
    ".eml": load_eml,
    ".mbox": load_mbox,
    ".rss": load_feed,
    ".atom": load_feed,
    ".xml": load_feed,
    **dict.fromkeys(documents.ENDINGS, documents.load_document),
}
RECORDS: dict[str, RecordLoader] = {
    ".jsonl": load_records,
    ".ndjson": load_records,
    ".json": load_json,
    ".csv": load_table,
    ".tsv": load_table,
}
KINDS = (*FILES, *RECORDS, *archives.ENDINGS)
"""How the names of files end that are read. Each but an archive may also have .gz after it."""
_HEAD_BYTES = 8_000
_OWN = (
    "Pullquote exported this: its quotations are from articles, but it is no article. Add the articles that it quotes."
)
_IGNORED = {"Thumbs.db", "desktop.ini", "__MACOSX"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may hold articles."""

    path: Readable
    name: str
    """Its path below the source that was named: the id of an article that has none of its own."""
    columns: Columns = field(default_factory=dict)
    """What the fields of its records are called, where that cannot be guessed."""
    origin: Origin | None = None
    """Where it was fetched from, if it was."""

    @property
    def key(self) -> str:
        """Return what names the file from build to build: its path, or its address."""
        return self.origin.url if self.origin else str(self.path)


def find(
    sources: Sequence[Path], apart: Path | None = None, columns: Columns | None = None
) -> Iterator[SourceFile | LoadError]:
    """Yield the files below `sources` in a fixed order; an error for each whose kind is not read.

    What is below `apart`, the index's own folder, holds no articles. `columns` says what the fields of
    records are called, where that cannot be guessed.

    Raises:
        SettingsError: a source does not exist.
    """
    seen: set[str] = set()
    below = "" if apart is None else os.path.join(apart, "")  # noqa: PTH118 - compared as text, 10,000 times
    for source in sources:
        if not source.exists():
            raise SettingsError(f"{source}: no such file or folder.")
        for parts in sorted(_files(source)):
            path = source.joinpath(*parts)
            if str(path) in seen or (below and str(path).startswith(below)):
                continue
            seen.add(str(path))
            name = "/".join(parts) or path.name
            if not _is_text(str(path)):
                yield LoadError(f"{str(path)!a}: its name is not UTF-8. Rename it.")
            elif kind_of(path.name) is None:
                known = ", ".join(sorted(KINDS))
                yield LoadError(f"{path}: files of this kind are not read (known: {known}; each also as .gz).")
            elif not is_question_set(path):
                yield SourceFile(path, name, columns or {})


def load(file: SourceFile) -> Iterator[Loaded]:
    """Yield the articles of one file, and an error for each one in it that cannot be made.

    Raises:
        OSError: the file cannot be read, or breaks off: what was yielded before is not all of it.
    """
    count = 0
    made = _load(file, None, 0)
    for loaded in file.origin.complete(made, str(file.path)) if file.origin else made:
        count += isinstance(loaded, LoadError)
        if count <= MAX_ERRORS or isinstance(loaded, Article):
            yield _checked(loaded)
    if count > MAX_ERRORS:
        yield LoadError(f"{file.path}: {count - MAX_ERRORS:,} more of its records or files could not be read.")


def _load(file: SourceFile, budget: Budget | None, depth: int) -> Iterator[Loaded]:
    path, ending = file.path, kind_of(file.path.name)
    try:
        if ending in archives.ENDINGS:
            yield from _members(file, budget or Budget.of(path), depth + 1)
            return
        if path.name.lower().endswith(".gz"):
            path = Gunzipped(path)
        if ending in FILES and _exported(path):
            yield LoadError(f"{path}: {_OWN}")
        elif ending in FILES:
            yield from FILES[ending](path, file.name)
        elif ending in RECORDS:
            yield from RECORDS[ending](path, file.name, file.columns)
        else:
            yield LoadError(f"{path}: files of this kind are not read.")
    except LoadError as error:
        yield error


def _exported(path: Readable) -> bool:
    """Tell whether a file is Pullquote's own by its first bytes; of documents the text tells, once it is made."""
    with path.open("rb") as stream:
        return is_own_export(stream.read(_HEAD_BYTES).decode("latin-1"))


def _members(file: SourceFile, budget: Budget, depth: int) -> Iterator[Loaded]:
    """Yield the articles of all files in an archive; one that breaks off is an error among them."""
    if depth > MAX_DEPTH:
        yield LoadError(f"{file.path}: archives are nested too deeply ({MAX_DEPTH} at most). Unpack it yourself.")
        return
    for member in archives.members(file.path, budget):
        if isinstance(member, LoadError):
            yield member
            continue
        inner = member.place.removeprefix(f"{file.path}/")
        parts = [part for part in inner.replace("\\", "/").split("/") if part not in (".", "..")]
        if any(part.startswith(".") or part in _IGNORED for part in parts):
            continue
        if kind_of(member.name) is None:
            yield LoadError(f"{member}: files of this kind are not read.")
        elif not is_question_set(member):
            try:
                yield from _load(SourceFile(member, f"{file.name}/{inner}", file.columns), budget, depth)
            except OSError as error:
                yield LoadError(f"{member}: cannot be read ({error.strerror or error}).")


def kind_of(name: str) -> str | None:
    """Return which of `KINDS` a file is, by how its name ends, in any case; None for no such kind."""
    name = name.lower()
    if name.endswith(".gz") and not name.endswith(archives.ENDINGS):
        name = name.removesuffix(".gz")
        return max((each for each in (*FILES, *RECORDS) if name.endswith(each)), key=len, default=None)
    return max((each for each in KINDS if name.endswith(each)), key=len, default=None)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _files(source: Path) -> Iterator[tuple[str, ...]]:
    """Yield the path of each file below `source`, as parts; none for `source` itself. What is hidden is passed over."""
    if source.is_file():
        yield ()
        return
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        parts = waiting.pop()
        try:
            with os.scandir(source.joinpath(*parts)) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name in _IGNORED:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((*parts, entry.name))
                    elif entry.is_file():
                        yield (*parts, entry.name)
        except OSError:  # a folder that may not be read, or is gone meanwhile
            continue


def _checked(loaded: Loaded) -> Loaded:
    if isinstance(loaded, LoadError):
        return LoadError(_storable(str(loaded)))
    if not loaded.text.strip():
        return LoadError(f"{loaded.source}: no text found in it.")
    if is_own_export(loaded.text):
        return LoadError(f"{loaded.source}: {_OWN}")
    if len(loaded.text) > MAX_CHARS:
        return LoadError(
            f"{loaded.source}: {len(loaded.text):,} characters are too many for one article (at most {MAX_CHARS:,}). "
            "Split it into its articles."
        )
    return replace(loaded, **{each.name: _storable(getattr(loaded, each.name)) for each in fields(loaded)})


def _storable(value: object) -> Any:  # noqa: ANN401 - what it was given, a text or not
    """Return a text with each lone surrogate, which no file can hold, replaced by U+FFFD: offsets stay."""
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
