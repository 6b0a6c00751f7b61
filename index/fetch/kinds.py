"""What came from an address, told from its bytes first: servers and names are often wrong."""

import gzip
import io
import re
import zlib
from urllib.parse import urlsplit

from index.errors import FetchError
from index.fetch.sitemap import is_sitemap
from index.load import KINDS
from index.load.feed import is_feed

FEED, SITEMAP = ".feed", ".sitemap"
"""Endings of what only leads to articles."""

_MAGIC = ((b"%PDF-", ".pdf"), (b"{\\rtf", ".rtf"), (b"PK\x03\x04", ""), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"),
          (b"GIF8", ".gif"), (b"\xd0\xcf\x11\xe0", ".doc"))  # fmt: skip
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|meta|title|script|link|div|p|h1)\b", re.IGNORECASE)
_BY_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/pdf": ".pdf",
}


def told(body: bytes, content_type: str, url: str, most: int) -> tuple[bytes, str]:
    """Return the bytes, unpacked if they are a packed sitemap or feed, and the ending that says what they are.

    Raises:
        FetchError: they unpack to more than `most`, or declare entities of their own.
    """
    if body.startswith(b"\x1f\x8b"):
        opened = _unpacked(body, most)
        ending = _leads_on(opened)
        return (opened, ending) if ending else (body, _by_name(url) or ".gz")
    return body, _leads_on(body) or _page(body, content_type.partition(";")[0].strip().lower(), url)


def _leads_on(body: bytes) -> str:
    try:
        return FEED if is_feed(body) else SITEMAP if is_sitemap(body) else ""
    except ValueError as error:
        if _HTML.search(body[:2000]):  # a page may say what it likes in its first line
            return ""
        raise FetchError(str(error)) from error


def _page(body: bytes, stated: str, url: str) -> str:
    named = _by_name(url)
    for start, ending in _MAGIC:
        if body.startswith(start):
            return ending or named or ".zip"
    if _HTML.search(body[:4000]) and stated not in {"text/plain", "text/markdown"}:
        return ".html"
    if named and stated not in {"text/html", "application/xhtml+xml"}:
        return named
    return _BY_TYPE.get(stated) or (".html" if b"<" in body[:1000] else ".txt" if b"\0" not in body[:4000] else ".bin")


def _by_name(url: str) -> str:
    path = urlsplit(url).path.lower()
    return next((ending for ending in sorted(KINDS, key=len, reverse=True) if path.endswith(ending)), "")


def _unpacked(body: bytes, most: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(body)) as stream:
            opened = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(f"cannot be unpacked ({error}).") from error
    if len(opened) > most:
        raise FetchError(f"unpacks to more than {most:,} bytes, which is too much.")
    return opened
