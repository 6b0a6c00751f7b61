"""Saved web pages: what they say of their article (metadata.py), and its text (body.py).

Days, where the page itself states none: the dateline, the file's name, the address, in this order.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.article import DATE_ORIGINS, Article
from index.errors import LoadError
from index.load.body import text_of
from index.load.dates import date_in, date_in_address, dateline, dateline_date, first_date, in_order
from index.load.file import Readable
from index.load.language import language_of
from index.load.metadata import Stated, stated
from index.load.names import as_names
from index.load.text import decode, opening

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 20_000_000
_LONG_CHARS = 5_000_000
_MAX_ATTRIBUTES = 1_000
_MAX_DEPTH = 200  # pages have up to 60; trafilatura and lxml go down by recursion
_MAX_ELEMENTS = 30_000  # the largest of 38 pages of news has 2,666; these take about 10 s
_SCRIPT = re.compile(r"<(script|style)\b(?![^>]{0,500}ld\+json)[^>]{0,2000}>", re.IGNORECASE)


def load_html(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield the one article that the page holds."""
    raw = path.read_bytes()
    try:
        yield read_page(raw, name=name, file_name=path.name, source=str(path))
    except LoadError as error:
        yield LoadError(f"{path}: {error}")


def read_page(raw: bytes, *, name: str, file_name: str, source: str, url: str | None = None) -> Article:
    """Return the article that a page holds; `url` is where it was fetched from, if it was.

    Raises:
        LoadError: why there is none, without the path.
    """
    if len(raw) > MAX_BYTES:
        raise LoadError(f"{len(raw):,} bytes are too many for one page (at most {MAX_BYTES:,}).")
    try:
        page = decode(raw)
    except ValueError as error:
        raise LoadError(str(error)) from error
    tree = _parsed(page)
    said = stated(tree) if tree is not None else Stated()
    text = text_of(tree, title=said.title or "", body=said.body) if tree is not None else ""
    if not text:
        raise LoadError("no article found in this page. Save the article itself, or its text.")
    address = said.url or url
    published, modified = in_order(
        first_date(
            (said.published[1], said.published[0]),
            ("dateline", dateline_date(text, address=address, name=file_name, modified=said.modified[0])),
            ("file name", date_in(file_name)),
            ("address", date_in_address(address)),
        ),
        said.modified,
        DATE_ORIGINS.index,
    )
    return Article(
        id=name,
        title=said.title or opening(text),
        text=text,
        source=source,
        published=published[0],
        authors=said.authors or as_names((match := dateline(text)) and match["agency"]),
        url=address,
        publisher=said.publisher,
        section=said.section,
        language=language_of(text, said.language),
        modified=modified[0],
        published_from=published[1],
        modified_from=modified[1],
    )


def _parsed(page: str) -> "HtmlElement | None":
    from trafilatura.utils import load_html as parse

    if not page.strip():
        return None
    page = _without_scripts(page)
    _check_attributes(page)
    tree: HtmlElement | None = parse(page)
    if tree is None:
        return None
    depth = elements = 0
    stack = [(tree, 1)]
    while stack:
        element, level = stack.pop()
        elements += 1
        depth = max(depth, level)
        if elements > _MAX_ELEMENTS or depth > _MAX_DEPTH:
            break
        stack.extend((child, level + 1) for child in element)
    if depth > _MAX_DEPTH:
        raise LoadError(f"nested more than {_MAX_DEPTH} elements deep, as no article is. Save its text.")
    if elements > _MAX_ELEMENTS:
        raise LoadError(
            f"more than {_MAX_ELEMENTS:,} elements are too many for one page. Save the article, or its text."
        )
    return tree


def _check_attributes(page: str) -> None:
    """Refuse a tag with thousands of attributes: the parser compares each with all others."""
    for piece in page.split(">"):
        if len(piece) > _MAX_ATTRIBUTES and (tag := re.search(r"<[A-Za-z]", piece)):
            outside = re.sub(r"\"[^\"]*\"|'[^']*'", "", piece[tag.start() :])
            if len(outside.split()) > _MAX_ATTRIBUTES:
                raise LoadError(f"a tag of more than {_MAX_ATTRIBUTES:,} attributes, as no article has. Save its text.")


def _without_scripts(page: str) -> str:
    """Return the page without scripts and styles but JSON-LD: after a text of 10 MB the parser loses the rest."""
    kept, place = [], 0
    lower = page.lower() if len(page) > _LONG_CHARS else ""
    if len(lower) != len(page):  # short, or a letter that is two in lower case
        return page
    while match := _SCRIPT.search(page, place):
        end = lower.find(f"</{match.group(1).lower()}", match.end())
        if end < 0:
            break
        kept.append(page[place : match.end()])
        place = end
    return "".join([*kept, page[place:]])
