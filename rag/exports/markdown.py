"""A document as Markdown (CommonMark): whatever was quoted or typed is text in it, and never markup."""

import re

from index.load.own import MARK, STATEMENT
from rag.exports.document import Document, Entry, clean, date_origin, one_line, reference
from rag.exports.links import live_link
from rag.quotes import Quote

_SIGNIFICANT = re.compile(r"[\\`*_\[\]<>&~|$#!]")
_AT_THE_START = re.compile(r"^(\d{0,9})([-+=:.)])")


def markdown(document: Document) -> str:
    """Return a document as Markdown."""
    parts = [f"<!-- {MARK} -->", f"# {_line(document.title)}", f"*{_line(STATEMENT)}*"]
    parts += [_entry(entry) for entry in document.entries]
    parts.append(f"Made on {document.made:%Y-%m-%d}.")
    return "\n\n".join(parts) + "\n"


def _entry(entry: Entry) -> str:
    parts = [f"## {_line(entry.heading)}" if entry.heading else "---"]
    parts += [_paragraphs(each) for each in entry.said]
    for claim in entry.claims:
        if not claim.is_quote:
            warning = f" ({claim.warning})" if claim.warning else ""
            parts.append(_paragraphs(claim.text + warning))
        parts += [_quote(quote) for quote in claim.quotes]
    if entry.note:
        parts.append(_paragraphs(f"Note: {entry.note}"))
    parts += ["\n".join(f"- {_line(name)}: {_line(value)}" for name, value in entry.facts)] if entry.facts else []
    return "\n\n".join(parts)


def _quote(quote: Quote) -> str:
    words = "\n".join(f"> {line}".rstrip() for line in _paragraphs(quote.text).split("\n"))
    link = live_link(quote)
    # Within angle brackets, an address has nothing that means anything but these; it is percent-encoded already.
    where = f" [At the words](<{link}>)" if link else ""
    return f"{words}\n>\n> — {_line(reference(quote.article))} ({_line(date_origin(quote.article))}).{where}"


def _line(text: str) -> str:
    return _escaped(one_line(text))


def _paragraphs(text: str) -> str:
    """Return text with its lines; white space at their ends, which Markdown takes for markup, is left out."""
    return "\n".join(_escaped(line.strip()) for line in re.split(r"\r\n|\r|\n", clean(text)))


def _escaped(line: str) -> str:
    return _AT_THE_START.sub(r"\1\\\2", _SIGNIFICANT.sub(r"\\\g<0>", line))
