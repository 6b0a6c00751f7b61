"""Feeds: RSS and Atom by feedparser, JSON Feed. A saved feed's entries are articles, as far as they hold text."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load.file import Readable
from index.load.markup import blocks
from index.load.prolog import root_of
from index.load.text import as_date, as_names, as_text, opening

_ROOTS = {"rss", "feed", "rdf"}
HEAD_BYTES = 2000
"""Within which a JSON Feed says that it is one."""
_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one article."""

    url: str = ""
    id: str = ""
    title: str = ""
    published: date | None = None
    modified: date | None = None
    authors: tuple[str, ...] = ()
    html: str = ""
    """The whole article, its beginning, or nothing, as the feed has it."""

    def as_item(self) -> dict[str, object]:
        """Return the entry as an item of a JSON Feed."""
        return {
            "id": self.id or self.url,
            "url": self.url,
            "title": self.title,
            "date_published": self.published.isoformat() if self.published else None,
            "date_modified": self.modified.isoformat() if self.modified else None,
            "authors": [{"name": name} for name in self.authors],
            "content_html": self.html,
        }


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds now."""

    title: str
    language: str
    entries: tuple[Entry, ...]


def load_feed(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield one article or one error for each entry of a saved feed."""
    raw = path.read_bytes()
    if len(raw) > _MAX_BYTES:
        yield LoadError(f"{path}: {len(raw):,} bytes are too many for a feed (at most {_MAX_BYTES:,}).")
        return
    try:
        feed = parse_feed(raw)
    except ValueError as error:
        yield LoadError(f"{path}: {error}")
        return
    if not feed.entries:
        yield LoadError(f"{path}: a feed without entries.")
    for number, entry in enumerate(feed.entries, 1):
        text = plain(entry.html)
        if not text:
            said = f"the entry {entry.title[:80]!r} holds no text. Name its link as a source."
            yield LoadError(f"{path}:{number}: {said}")
            continue
        yield Article(
            id=entry.url or entry.id or f"{name}:{number}",
            title=entry.title or opening(text),
            text=text,
            source=f"{path}:{number}",
            published=entry.published,
            authors=entry.authors,
            url=entry.url or None,
            publisher=feed.title or None,
            language=feed.language or "en",
            modified=entry.modified,
            published_from="feed" if entry.published else "unknown",
            modified_from="feed" if entry.modified else "unknown",
        )


def is_feed(raw: bytes) -> bool:
    """Tell whether these bytes are a feed, by their beginning.

    Raises:
        ValueError: they are XML that declares entities of its own.
    """
    return is_json_feed(raw) if raw.lstrip()[:1] == b"{" else root_of(raw) in _ROOTS


def is_json_feed(raw: bytes) -> bool:
    """Tell whether these bytes are the beginning of a JSON Feed."""
    return b"jsonfeed.org/version" in raw[:HEAD_BYTES].replace(b"\\/", b"/")


def parse_feed(raw: bytes, url: str = "", content_type: str = "") -> Feed:
    """Return what a feed holds. `url` is where it is from: what its links are relative to.

    Raises:
        ValueError: it is no feed, or declares entities of its own.
    """
    if not is_feed(raw):
        raise ValueError("not a feed (neither RSS, nor Atom, nor JSON Feed).")
    if raw.lstrip()[:1] == b"{":
        return _json_feed(raw)
    import feedparser

    headers = {"content-type": content_type or "application/xml"} | ({"content-location": url} if url else {})
    # As a stream: a string that looks like a path or an address would be opened.
    try:
        found = feedparser.parse(io.BytesIO(raw), response_headers=headers)
        about = found.get("feed", {})
        return Feed(
            title=plain(str(about.get("title", ""))).replace("\n", " "),
            language=str(about.get("language", ""))[:2].lower(),
            entries=tuple(map(_entry, found.get("entries", []))),
        )
    except (AssertionError, AttributeError, LookupError, RecursionError, TypeError) as error:  # of broken markup
        raise ValueError(f"not readable as a feed ({type(error).__name__}).") from error


def _entry(found: Any) -> Entry:  # noqa: ANN401 - feedparser's own dictionary
    contents = [each.get("value", "") for each in found.get("content", [])] + [found.get("summary", "")]
    names = [str(each.get("name", "")) for each in found.get("authors", [])] or [str(found.get("author", ""))]
    stated = dict.get(found, "published") or dict.get(found, "created")  # feedparser's own `get` makes dates up
    return Entry(
        url=str(found.get("link", "")),
        id=str(found.get("id", "")),
        title=plain(str(found.get("title", ""))).replace("\n", " "),
        published=as_date(stated),
        modified=as_date(dict.get(found, "updated")),
        authors=as_names([name for name in names if name.strip()]),
        html=max(map(str, contents), key=len),
    )


def _json_feed(raw: bytes) -> Feed:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error}).") from error
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise ValueError("not a JSON Feed (it has no list of items).")
    items = [each for each in found["items"] if isinstance(each, dict)]
    language = str(found.get("language") or "")[:2].lower()
    return Feed(as_text(found.get("title")) or "", language, tuple(map(entry_of, items)))


def entry_of(found: dict[str, Any]) -> Entry:
    """Return the entry that an item of a JSON Feed is."""
    from html import escape

    people = found.get("authors") or [found.get("author")]
    names = [each.get("name") for each in people if isinstance(each, dict)] if isinstance(people, list) else []
    text = as_text(found.get("content_text")) or as_text(found.get("summary")) or ""
    return Entry(
        url=as_text(found.get("url")) or as_text(found.get("external_url")) or "",
        id=as_text(found.get("id")) or "",
        title=as_text(found.get("title")) or "",
        published=as_date(found.get("date_published")),
        modified=as_date(found.get("date_modified")),
        authors=as_names([name for name in names if isinstance(name, str)]),
        html=as_text(found.get("content_html")) or escape(text, quote=False),
    )


def plain(html: str) -> str:
    """Return the text of a piece of HTML, an empty line between its paragraphs."""
    return "\n\n".join(block.text for block in blocks(html.replace("\0", "")))
