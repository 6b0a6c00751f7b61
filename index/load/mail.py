"""Newsletters: .eml files and mailboxes (mbox). A message is an article; its sender is the publisher."""

import email
import email.errors
import email.header
import email.utils
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from io import BufferedIOBase

from index.article import Article
from index.errors import LoadError
from index.load.file import Memory, Readable
from index.load.html import load_html
from index.load.markup import blocks
from index.load.text import first_date, load_text, opening

_MAX_MESSAGE_BYTES = 50_000_000
_MAX_LINE_BYTES = 1_000_000
_MAX_HEADER_CHARS = 2000  # of a sender, which Python reads by recursion, and of parameters
_WITH_PARAMETERS = re.compile(rb"^content-(?:type|disposition):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_LEAST_SHARE = 0.6  # of a message's words: less found by the reader of web pages, and all of it is taken


def load_eml(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield the article that a message is."""
    with path.open("rb") as stream:
        raw = stream.read(_MAX_MESSAGE_BYTES + 1)
    yield _article(raw, str(path), name)


def load_mbox(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield one article or one error a message.

    Raises:
        LoadError: it is no mailbox.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        for number, raw in enumerate(_messages(stream), 1):
            if raw is None:
                raise LoadError(f"{path}: not a mailbox (mbox): it does not begin with a line “From …”.")
            yield _article(raw, f"{path}:{number}", f"{name}:{number}")


def _messages(stream: BufferedIOBase) -> Iterator[bytes | None]:
    """Yield the messages of a mailbox; None for lines before the first. One that is too long is cut just past that."""
    lines: list[bytes] | None = None
    size, blank = 0, True
    while line := stream.readline(_MAX_LINE_BYTES):
        if blank and line.startswith(b"From "):
            if lines is not None:
                yield b"".join(lines)
            lines, size = [], 0
        elif lines is None:
            if line.strip():
                yield None
                return
        elif size <= _MAX_MESSAGE_BYTES:
            lines.append(line[1:] if re.match(rb">+From ", line) else line)
            size += len(line)
        blank = line in (b"\n", b"\r\n")
    if lines is not None:
        yield b"".join(lines)


def _article(raw: bytes, place: str, key: str) -> Article | LoadError:
    if len(raw) > _MAX_MESSAGE_BYTES:
        return LoadError(f"{place}: more than {_MAX_MESSAGE_BYTES:,} bytes are too many for one message.")
    try:
        message = email.message_from_bytes(_WITH_PARAMETERS.sub(_bounded, raw))
        found = _text(message, place)
        sender, address = email.utils.parseaddr(_header(message, "From")[:_MAX_HEADER_CHARS])
        subject = _header(message, "Subject")
    except (RecursionError, email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError) as error:
        return LoadError(f"{place}: not a message that can be read ({type(error).__name__}: {str(error)[:200]}).")
    if found is None:
        return LoadError(f"{place}: no text in this message.")
    published, published_from = first_date(("mail header", _header(message, "Date")))
    return replace(
        found,
        id=_header(message, "Message-ID").strip("<>") or key,
        title=subject or found.title or opening(found.text),
        source=place,
        published=published or found.published,
        published_from=published_from if published else found.published_from,
        publisher=_decoded(sender) or address or None,
        url=_address(_header(message, "Archived-At") or _header(message, "List-Post")),
    )


def _text(message: Message, place: str) -> Article | None:
    """Return what a message says: its page, if it has one with most of its words, else all of its words."""
    page = plain = ""
    for part in message.walk():
        if part.is_multipart() or part.get_filename() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/html" and not page:
            page = _payload(part)
        elif kind == "text/plain" and not plain.strip():
            plain = _payload(part)
    if page:
        [found] = load_html(Memory(f"{place}.html", page.encode("utf-8", "replace")), place)
        every = "\n\n".join(block.text for block in blocks(page))
        if isinstance(found, Article) and len(found.text) >= _LEAST_SHARE * len(every):
            return found
        if every.strip():
            return Article(place, "", every)
    if not plain.strip():
        return None
    [found] = load_text(Memory("message.txt", ("\n" + plain).encode("utf-8", "replace")), place)
    return replace(found, text=plain.strip()) if isinstance(found, Article) else None


def _bounded(match: re.Match[bytes]) -> bytes:
    """Return a header as it is, or without its parameters: Python reads these in a time that grows as their square."""
    header = match.group()
    return header if len(header) <= _MAX_HEADER_CHARS else header[:_MAX_HEADER_CHARS].split(b";")[0]


def _payload(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # no such encoding
        return raw.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    """Return a header's value; bytes beyond ASCII, which no header may have and some do, are UTF-8 or Windows-1252."""
    value = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return _decoded(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _decoded(raw.decode("cp1252", "replace"))


def _decoded(value: str) -> str:
    """Return a header's value with its encoded words read, on one line."""
    with suppress(ValueError, LookupError, email.errors.MessageError):  # else it is shown as it stands
        value = str(email.header.make_header(email.header.decode_header(value)))
    return re.sub(r"[\r\n]+[ \t]*", " ", value).strip()


def _address(value: str) -> str | None:
    match = re.search(r"https?://[^\s<>]+", value)
    return match.group() if match else None
