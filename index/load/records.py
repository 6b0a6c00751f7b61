"""JSON Lines: one article a record. Common names of the fields are understood, others can be named."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from index.article import Article
from index.errors import LoadError, SettingsError
from index.load.file import Gunzipped, Readable
from index.load.text import as_names, as_text, first_date, opening

Columns = Mapping[str, str]
"""For fields of ours (the keys of `NAMES`) the name that a record has them under, where it cannot be guessed."""

NAMES = {
    "id": ("id", "article_id", "guid"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article", "full_text", "article_text", "article_body", "content_text"),
    "date": ("date", "published", "published_at", "date_published", "publication_date", "published_date", "pub_date"),
    "modified": ("modified", "updated", "modified_at", "updated_at", "date_modified"),
    "authors": ("authors", "author", "byline"),
    "url": ("url", "link"),
    "publisher": ("publisher", "source", "publication", "outlet"),
    "section": ("section", "category"),
    "language": ("lang", "language"),
}
"""For each of our fields the names that it goes by, in any spelling ("datePublished", "Date published"); the first
that has a value wins."""

_MAX_LINE_BYTES = 50_000_000


def load_records(path: Readable, name: str, columns: Columns) -> Iterator[Article | LoadError]:
    """Yield one article or one error a line; empty lines do not count.

    Raises:
        OSError: the file cannot be read, or its gzip data breaks off.
    """
    for number, line in enumerate(_lines(path), 1):
        place = f"{path}:{number}"
        if len(line) >= _MAX_LINE_BYTES:
            yield LoadError(f"{place}: a line of more than {_MAX_LINE_BYTES:,} bytes; the rest is not read.")
            return
        if line.strip():
            try:
                record = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                yield LoadError(f"{place}: not JSON ({error}).")
                continue
            yield as_article(record, place, f"{name}:{number}", columns)


def is_question_set(path: Readable) -> bool:
    """Tell whether the file holds questions with known answers (see `pullquote eval`), not articles."""
    if not path.name.lower().endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")):
        return False
    try:
        first = json.loads(next(_lines(Gunzipped(path) if path.suffix.lower() == ".gz" else path), b"{}"))
    except (OSError, ValueError, RecursionError, LoadError):
        return False
    return isinstance(first, dict) and "question" in first and not _Record(first, {}).value("text")


def check_columns(columns: Columns) -> None:
    """Refuse names that are no fields of an article.

    Raises:
        SettingsError: naming the fields that there are.
    """
    for field in columns:
        if field not in NAMES:
            raise SettingsError(f"{field}: no field of an article can be mapped so (there are {', '.join(NAMES)}).")


def known_fields(names: Iterable[str], columns: Columns) -> set[str]:
    """Return which of our fields are among columns of these names."""
    record = _Record(dict.fromkeys(names, "x"), columns)
    return {field for field in NAMES if record.value(field)}


def as_article(record: object, place: str, key: str, columns: Columns) -> Article | LoadError:
    """Make an article of a record that was read at `place`; `key` is its id where it has none."""
    if not isinstance(record, dict):
        return LoadError(f"{place}: a {type(record).__name__}, not an object with the fields of an article.")
    value = _Record(record, columns).value
    text = value("text")
    if not isinstance(text, str) or not text.strip():
        return LoadError(f"{place}: no text (looked for {columns.get('text') or ', '.join(NAMES['text'])}).")
    published, published_from = first_date(("record", value("date")))
    modified, modified_from = first_date(("record", value("modified")))
    return Article(
        id=as_text(value("id")) or key,
        title=as_text(value("title")) or opening(text),
        text=text,
        source=place,
        published=published,
        authors=as_names(value("authors")),
        url=as_text(value("url")),
        publisher=as_text(value("publisher")),
        section=as_text(value("section")),
        language=(as_text(value("language")) or "en")[:2].lower(),
        modified=modified,
        published_from=published_from,
        modified_from=modified_from,
    )


class _Record:
    """A record whose values are found by the names that our fields go by."""

    def __init__(self, record: Mapping[str, object], columns: Columns) -> None:
        self._columns = columns
        self._exact = record
        self._plain: dict[str, object] = {}
        for name, value in record.items():
            if value not in (None, "", [], {}):
                self._plain.setdefault(_plain(name), value)

    def value(self, field: str) -> object:
        if field in self._columns:
            found = self._exact.get(self._columns[field])
        else:
            found = next((self._plain[name] for name in _PLAIN_NAMES[field] if name in self._plain), None)
        return found.get("name") if isinstance(found, dict) else found


@lru_cache(1000)  # the same for every record of a file
def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


_PLAIN_NAMES = {field: tuple(map(_plain, names)) for field, names in NAMES.items()}


def _lines(path: Readable) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while line := stream.readline(_MAX_LINE_BYTES):
            yield line
