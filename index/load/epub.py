"""EPUB: an article for each chapter. Runs in the worker (see process.py).

A chapter is a file of the book's reading order that begins with a heading; files without one go on with the
chapter before. A book with fewer than two such files is one article.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.load.markup import Block, blocks, xml
from index.load.parsed import Parsed, Unreadable, plausible_author, plausible_title

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LEAST_CHARS = 200  # of a chapter: a half-title or a dedication is none
_MAX_FILES = 5000


@dataclass(slots=True)
class _Part:
    name: str
    heading: str | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)


def parse(raw: bytes, name: str) -> list[Parsed]:
    """Return the articles of the book.

    Raises:
        Unreadable: it is damaged, or has no text.
    """
    del name
    try:
        packed = zipfile.ZipFile(io.BytesIO(raw))
        container = xml(packed.read("META-INF/container.xml"))
        place = next((each.get("full-path") for each in container.iter(f"{_CONTAINER}rootfile")), None) or ""
        package = xml(packed.read(place))
    except (zipfile.BadZipFile, KeyError, NotImplementedError) as error:
        raise Unreadable(f"damaged, or no EPUB ({error}).") from error
    about = {tag: (package.findtext(f".//{_DC}{tag}") or "").strip() for tag in
             ("title", "date", "publisher", "language")}  # fmt: skip
    authors = [(each.text or "").strip() for each in package.iter(f"{_DC}creator")]
    parts = list(_parts(packed, package, posixpath.dirname(place)))
    chapters = _chapters(parts)
    whole = len(chapters) < 2
    if whole:
        every = _Part("", plausible_title(about["title"]), [block for part in parts for block in part.blocks])
        chapters = [every] if every.blocks else []
    if not chapters:
        raise Unreadable("no text in it (a book of pictures, or copy-protected?).")
    return [
        Parsed(
            text=chapter.text,
            title=chapter.heading,
            authors=[author for author in authors if plausible_author(author)],
            stated=about["date"] or None,
            publisher=plausible_title(about["title"]) if not whole else about["publisher"] or None,
            language=about["language"] or None,
            part=chapter.name or None,
        )
        for chapter in chapters
    ]


def _parts(packed: zipfile.ZipFile, package: "_Element", folder: str) -> Iterator[_Part]:
    """Yield the files of the reading order that have text; one that is missing or encrypted has none."""
    items = {each.get("id"): each for each in package.iter(f"{_OPF}item")}
    spine = [each for each in package.iter(f"{_OPF}itemref") if each.get("linear") != "no"][:_MAX_FILES]
    for item in (items.get(each.get("idref")) for each in spine):
        if item is None or "nav" in (item.get("properties") or "").split() or "html" not in item.get("media-type", ""):
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        try:
            found = blocks(packed.read(name))
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            continue
        if found:
            yield _Part(name, _heading(found), found)


def _heading(found: list[Block]) -> str | None:
    """Return the heading that a file begins with: "Chapter One" and what follows it at once belong together."""
    headings: list[str] = []
    for block in found[:4]:
        if block.level and len(block.text) <= 200:
            headings.append(" ".join(block.text.split()))
        elif headings:
            break
    return " — ".join(dict.fromkeys(headings[:2])) or None


def _chapters(parts: list[_Part]) -> list[_Part]:
    """Group the files into chapters; what is too short to be one goes to the next."""
    chapters: list[_Part] = []
    for part in parts:
        if part.heading or not chapters:
            chapters.append(replace(part, blocks=[*part.blocks]))
        else:
            chapters[-1].blocks += part.blocks
    if sum(each.heading is not None and len(each.text) >= _LEAST_CHARS for each in chapters) < 2:
        return []
    kept: list[_Part] = []
    ahead: list[Block] = []
    for chapter in chapters:
        chapter.blocks = ahead + chapter.blocks
        ahead = []
        if len(chapter.text) < _LEAST_CHARS:
            ahead = chapter.blocks
        else:
            kept.append(chapter)
    kept[-1].blocks += ahead
    return kept
