"""JSON Lines: one article a line, gzip or not. Common names of the fields are understood."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.load.text import as_names, as_text, first_date, opening

NAMES = {
    "id": ("id", "article_id", "guid"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article"),
    "date": ("date", "published", "published_at", "date_published", "datePublished", "publication_date"),
    "modified": ("modified", "updated", "modified_at", "updated_at", "date_modified", "dateModified"),
    "authors": ("authors", "author", "byline"),
    "url": ("url", "link"),
    "publisher": ("publisher", "source", "publication", "outlet"),
    "section": ("section", "category"),
    "language": ("lang", "language"),
}
"""For each of our fields the names that it goes by, the first that has a value wins."""


def load_records(path: Path, name: str) -> Iterator[Article | LoadError]:
    """Yield one article or one error a line; empty lines do not count.

    Raises:
        OSError: the file cannot be read, or its gzip data breaks off.
    """
    try:
        for number, line in enumerate(_lines(path), 1):
            if line.strip():
                yield _article(line, path, name, number)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(None, f"the gzip data ends or breaks: {error}") from error


def is_question_set(path: Path) -> bool:
    """Tell whether the file holds questions with known answers (see `pullquote eval`), not articles."""
    if not path.name.lower().endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")):
        return False
    try:
        first = json.loads(next(iter(_lines(path)), b"{}"))
    except (OSError, EOFError, ValueError, RecursionError, zlib.error):
        return False
    return isinstance(first, dict) and "question" in first and not _value(first, "text")


def _lines(path: Path) -> Iterator[bytes]:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rb") as stream:
        yield from stream


def _article(line: bytes, path: Path, name: str, number: int) -> Article | LoadError:
    place = f"{path}:{number}"
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return LoadError(f"{place}: not JSON ({error}).")
    if not isinstance(record, dict):
        return LoadError(f"{place}: a {type(record).__name__}, not an object with the fields of an article.")
    text = _value(record, "text")
    if not isinstance(text, str) or not text.strip():
        return LoadError(f"{place}: no text (looked for {', '.join(NAMES['text'])}).")
    published, published_from = first_date(("record", _value(record, "date")))
    modified, modified_from = first_date(("record", _value(record, "modified")))
    return Article(
        id=as_text(_value(record, "id")) or f"{name}:{number}",
        title=as_text(_value(record, "title")) or opening(text),
        text=text,
        source=place,
        published=published,
        authors=as_names(_value(record, "authors")),
        url=as_text(_value(record, "url")),
        publisher=as_text(_value(record, "publisher")),
        section=as_text(_value(record, "section")),
        language=(as_text(_value(record, "language")) or "en")[:2].lower(),
        modified=modified,
        published_from=published_from,
        modified_from=modified_from,
    )


def _value(record: dict[str, object], field: str) -> object:
    value = next((record[name] for name in NAMES[field] if record.get(name) not in (None, "", [], {})), None)
    return value.get("name") if isinstance(value, dict) else value
