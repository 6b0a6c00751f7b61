"""A .json file: a list of records, an object that holds such a list, a single record, or JSON Lines by that name."""

import json
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load.feed import HEAD_BYTES, is_json_feed, load_feed
from index.load.file import Readable, read_all
from index.load.records import Columns, as_article, known_fields, load_records
from index.load.text import decode

_LISTS = ("articles", "items", "records", "data", "results", "documents", "news", "stories", "docs", "response")
"""Where an object that is no article may hold a list of them."""
_MAX_OBJECT_CHARS = 20_000_000  # Python needs up to 25 times as much for it; a list is read record by record


def load_json(path: Readable, name: str, columns: Columns) -> Iterator[Article | LoadError]:
    """Yield one article or one error a record.

    Raises:
        LoadError: it is no JSON, or too large.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        feed = is_json_feed(stream.read(HEAD_BYTES))
    if feed:
        yield from load_feed(path, name)
        return
    if _is_lines(path):
        yield from load_records(path, name, columns)
        return
    with path.open("rb") as stream:
        raw = read_all(stream, str(path))
    try:
        records = _records(decode(raw), columns)
        for number, record in enumerate(records, 1):
            place = f":{number}"
            yield as_article(record, f"{path}{place}", f"{name}{place}", columns)
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{path}: not JSON ({error}).") from error


def _is_lines(path: Readable) -> bool:
    with path.open("rb") as stream:
        first, second = stream.readline(1_000_000), stream.readline(1_000_000)
    try:
        return all(isinstance(json.loads(line.decode("utf-8-sig")), dict) for line in (first, second))
    except (ValueError, RecursionError):
        return False


def _records(text: str, columns: Columns) -> Iterator[object]:
    start = _after_blank(text, 0)
    if text[start : start + 1] == "[":
        yield from _elements(text, start + 1)
        return
    if len(text) > _MAX_OBJECT_CHARS:
        raise ValueError(f"one object of {len(text):,} characters; at most {_MAX_OBJECT_CHARS:,}. Make it JSON Lines")
    whole = json.loads(text)
    if isinstance(whole, dict) and "text" not in known_fields(whole, columns):
        yield from _listed(whole) or [whole]
    else:
        yield whole


def _listed(whole: dict[str, Any], depth: int = 0) -> list[Any]:
    """Return the list of records that an object holds, as the answers of news services do; [] without one."""
    for key in _LISTS:
        value = whole.get(key)
        if isinstance(value, dict) and depth < 2:
            value = _listed(value, depth + 1)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value
    return []


def _elements(text: str, place: int) -> Iterator[object]:
    """Yield the elements of a list one by one, so that only one is in memory.

    Raises:
        ValueError: what is there is no JSON.
    """
    decoder = json.JSONDecoder()
    place = _after_blank(text, place)
    while text[place : place + 1] != "]":
        element, place = decoder.raw_decode(text, place)
        yield element
        place = _after_blank(text, place)
        if text[place : place + 1] == ",":
            place = _after_blank(text, place + 1)
        elif text[place : place + 1] != "]":
            raise json.JSONDecodeError("neither a comma nor the end of the list", text, place)


def _after_blank(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t", "\r", "\n"):
        place += 1
    return place
