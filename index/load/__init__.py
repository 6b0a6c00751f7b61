"""Finds files below the named sources and makes articles of them. One file here per kind of input.

Every loader yields articles, and a `LoadError` in the place of each one that cannot be made: a bad
file or record is reported, and the rest goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import LoadError, SettingsError
from index.load.html import load_html
from index.load.records import is_question_set, load_records
from index.load.text import load_text

LOADER = "4"
"""Version of the loaders. Change it when the same file would give another article."""

Loaded = Article | LoadError

MAX_CHARS = 2_000_000
"""Longest text taken for one article: about 300,000 words, three novels."""

KINDS: dict[str, Callable[[Path, str], Iterator[Loaded]]] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_text,
    ".markdown": load_text,
    ".html": load_html,
    ".htm": load_html,
    ".xhtml": load_html,
    ".jsonl": load_records,
    ".ndjson": load_records,
    ".jsonl.gz": load_records,
    ".ndjson.gz": load_records,
}
_IGNORED = {"Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may hold articles."""

    path: Path
    name: str
    """Its path below the source that was named: the id of an article that has none of its own."""


def find(sources: Sequence[Path], apart: Path | None = None) -> Iterator[SourceFile | LoadError]:
    """Yield the files below `sources` in a fixed order; an error for each whose kind is not read.

    What is below `apart`, the index's own folder, holds no articles.

    Raises:
        SettingsError: a source does not exist.
    """
    seen: set[Path] = set()
    for source in sources:
        if not source.exists():
            raise SettingsError(f"{source}: no such file or folder.")
        for path in sorted(_files(source)):
            if path in seen or (apart is not None and path.is_relative_to(apart)):
                continue
            seen.add(path)
            name = path.relative_to(source).as_posix() if source.is_dir() else path.name
            if not _is_text(str(path)):
                yield LoadError(f"{str(path)!a}: its name is not UTF-8. Rename it.")
            elif kind_of(path) is None:
                known = ", ".join(sorted(KINDS))
                yield LoadError(f"{path}: files of this kind are not read (known: {known}).")
            elif not is_question_set(path):
                yield SourceFile(path, name)


def load(file: SourceFile) -> Iterator[Loaded]:
    """Yield the articles of one file, and an error for each one in it that cannot be made.

    Raises:
        OSError: the file cannot be read, or breaks off: what was yielded before is not all of it.
    """
    loader = kind_of(file.path)
    if loader is None:
        yield LoadError(f"{file.path}: files of this kind are not read.")
        return
    for loaded in loader(file.path, file.name):
        yield _checked(loaded, file.path)


def kind_of(path: Path) -> Callable[[Path, str], Iterator[Loaded]] | None:
    """Return the loader for a file, by how its name ends."""
    name = path.name.lower()
    return next((loader for ending, loader in KINDS.items() if name.endswith(ending)), None)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    for path in source.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        if path.is_file() and not hidden and path.name not in _IGNORED:
            yield path


def _checked(loaded: Loaded, path: Path) -> Loaded:
    if isinstance(loaded, LoadError):
        return loaded
    if not loaded.text.strip():
        return LoadError(f"{path}: no text found in it.")
    if len(loaded.text) > MAX_CHARS:
        return LoadError(
            f"{path}: {len(loaded.text):,} characters are too many for one article (at most {MAX_CHARS:,}). "
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
