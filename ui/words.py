"""Text as HTML: escaped words, languages, and paragraphs with marked spans. Knows nothing of answers.

Paragraphs keep their line breaks: the text of the elements put together is the text that was given, and the text
of the marks of a span is that span. So the page can be compared with the article, character by character.
"""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

Span = tuple[int, int]

OPENED = "opened"
"""The id of the place at which an article is opened."""

_PARAGRAPH = re.compile(r"\n*[^\n]+\n*|\n+")
# NUL and lone surrogates are in no HTML document: the first is dropped by browsers, the others cannot be encoded.
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "nkoo", "syrc", "thaa"})


def words(text: str) -> str:
    """Return `text` escaped, for between tags and for within a double-quoted attribute."""
    return escape(_UNENCODABLE.sub("\ufffd", text))


def tongue(language: str) -> str:
    """Return the attributes that tell the browser an article's language and in which direction it is read.

    Where the language is not known to go from right to left, the words themselves tell: it may have been guessed.
    """
    primary, *subtags = language.lower().replace("_", "-").split("-")
    rtl = primary in _RIGHT_TO_LEFT or not _RIGHT_TO_LEFT_SCRIPTS.isdisjoint(subtags)
    return f'lang="{words(language)}" dir="{"rtl" if rtl else "auto"}"'


def link(url: str | None, label: str) -> str:
    """Return a link to a page of the web, or nothing: other schemes could run code, or read files."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return (
        f'<a class="out" href="{words(url)}" target="_blank" rel="noopener noreferrer">{words(label)}'
        f'<span class="host"> <bdi>{words(parts.hostname)}</bdi></span></a>'
    )


def paragraph_around(text: str, span: Span) -> Span:
    """Return the run between line breaks in which a span stands; more than one where it crosses a break."""
    start, end = span
    after = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if after < 0 else after


def paragraphs(text: str, within: Span, marks: Sequence[Span] = (), opened: Span | None = None) -> str:
    """Return the part of `text` that is `within` as paragraphs, with the `marks` marked.

    Marks may touch, overlap and cross paragraphs. `data-mark` names the marks (from 1) that a piece belongs to. The
    opened span carries an id; where it is no mark, it is set off, but not marked as a quote.
    """
    return "".join(
        f"<p>{_pieces(text, (within[0] + found.start(), within[0] + found.end()), marks, opened)}</p>"
        for found in _PARAGRAPH.finditer(text[within[0] : within[1]])
    )


def _pieces(text: str, within: Span, marks: Sequence[Span], opened: Span | None) -> str:
    """Return a paragraph cut where a mark or the opened span begins or ends."""
    spans = [*marks, *([opened] if opened else [])]
    edges = {edge for span in spans for edge in span if within[0] < edge < within[1]}
    pieces = []
    for start, end in pairwise(sorted({*within, *edges})):
        inside = [number for number, mark in enumerate(marks, 1) if mark[0] <= start and end <= mark[1]]
        is_opened = opened is not None and opened[0] <= start and end <= opened[1]
        # Only the first piece of the opened span can have the id; it may have begun in an earlier paragraph.
        place = f' id="{OPENED}"' if is_opened and opened is not None and opened[0] == start else ""
        said = words(text[start:end])
        if inside:
            state = ' class="opened"' if is_opened else ""
            pieces.append(f'<mark{place}{state} data-mark="{" ".join(map(str, inside))}">{said}</mark>')
        elif is_opened:
            pieces.append(f'<span{place} class="near">{said}</span>')
        else:
            pieces.append(said)
    return "".join(pieces)
