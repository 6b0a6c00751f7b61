"""Text of XHTML and of word processors' XML, as blocks: headings and paragraphs in their order.

For documents that are all article (a chapter, a letter). Web pages, of which the article is a part, are
read by html.py.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    *_HEADINGS,
}
_SILENT = {"script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object", "title"}


class Block(NamedTuple):
    """A paragraph, or a heading of a level from 1; 0 is no heading."""

    level: int
    text: str


def blocks(raw: bytes | str) -> list[Block]:
    """Return the blocks of an HTML document; entities of a DTD are not expanded, and nothing is fetched."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # it is empty
        return []
    return list(_blocks(root))


def xml(raw: bytes) -> "_Element":
    """Parse XML that nobody vouches for: no entities, no DTD, no network, no huge trees.

    Raises:
        lxml.etree.XMLSyntaxError: it is no XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    return etree.fromstring(raw, parser)


def _blocks(root: "_Element") -> Iterator[Block]:
    """Walk the tree without recursion: it may be as deep as it likes."""
    from lxml import etree

    level, pieces = 0, list[str]()
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        tag = tag.rpartition("}")[2].lower()
        if tag in _BREAKS:
            if text := _plain(pieces):
                yield Block(level, text)
            pieces = []
            level = _HEADINGS.get(tag, 0) if event == "start" else 0
        if event == "start":
            silent += tag in _SILENT
            if tag == "br":
                pieces.append("\n")
            if not silent and element.text:
                pieces.append(element.text)
        else:
            silent -= tag in _SILENT
            if not silent and element.tail:
                pieces.append(element.tail)
    if text := _plain(pieces):
        yield Block(level, text)


def _plain(pieces: list[str]) -> str:
    """Return text as a browser would show it; a line break in it was one."""
    lines = "".join("\n" if piece == "\n" else re.sub(r"[ \t\r\n\f]+", " ", piece) for piece in pieces).split("\n")
    return "\n".join(re.sub(r" +", " ", line).strip() for line in lines).strip()
