"""What the parsers of documents make, and what metadata they believe. They run in the worker (see process.py)."""

import re
from dataclasses import dataclass, field

MAX_TEXT_CHARS = 20_000_000
"""Longest text of one document, all its chapters together."""

_NO_TITLE = re.compile(
    r"(?:(?:microsoft (?:office )?(?:word|powerpoint|excel)|adobe)\b.*|"
    r"(?:untitled|unbenannt|sans titre|document|dokument|slide|"
    r"layout|page|print|scan|scanned|title|titel|template|new|blank|presentation|powerpoint)\W*\w{0,12}|about:blank|"
    r"\S*://\S*|[\W\d_]*|.*\.(?:docx?|pdf|indd|qxp|qxd|rtf|odt|pages|tmp|ps|eps|dvi|tex|html?|xlsx?|pptx?|txt|ai|cdr|wpd))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:user|admin|administrator|owner|root|unknown|anonymous|author|guest|none|n/?a|test|default|python-docx|"
    r"(?:my )?(?:pc|computer|company)|.*(?:microsoft|adobe|acrobat|openoffice|libreoffice|windows|scanner|printer).*)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Parsed:
    """One article as a document has it; it must hold nothing that JSON cannot."""

    text: str
    """Paragraphs, with an empty line between them."""
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    stated: str | None = None
    """The day on which it was published, as the document says."""
    made: str | None = None
    """The day on which the file was made."""
    publisher: str | None = None
    language: str | None = None
    part: str | None = None
    """Which part of the document it is, where that has several."""


class Unreadable(Exception):
    """A document that gives no article; its text says why and what to do."""


def plausible_title(title: str | None) -> str | None:
    """Return a title from a document's metadata, or None for what programs write there by themselves."""
    text = " ".join((title or "").replace("\0", " ").split())
    if not 3 <= len(text) <= 300 or _NO_TITLE.fullmatch(text):
        return None
    return text


def plausible_author(author: str | None) -> bool:
    """Tell whether this can be who wrote it, not an account's or a program's name."""
    text = (author or "").strip()
    letters = sum(char.isalpha() for char in text)
    return letters >= 3 and len(text) <= 120 and not re.search(r"[\d@\\/_<>]", text) and not _NO_AUTHOR.fullmatch(text)
