"""DOCX, ODT and RTF. Runs in the worker (see process.py)."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from index.load.markup import Block, blocks, xml
from index.load.parsed import Parsed, Unreadable, plausible_author, plausible_title

if TYPE_CHECKING:
    from lxml.etree import _Element

_DC = "{http://purl.org/dc/elements/1.1/}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_ODT_SKIPPED = {
    f"{_TEXT}tracked-changes",  # what was deleted
    f"{_TEXT}note-citation",
    f"{_TEXT}table-of-content",
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation",
}
_ODT_CHARS = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_NOTE_MARKS = re.compile(r'(?:<sup>)?<a href="#(?:foot|end)note-[^"]*"[^>]*>(?:\[\d+\]|↑)</a>(?:</sup>)?')
"""The links between notes and text that mammoth makes."""


def parse_docx(raw: bytes, name: str) -> list[Parsed]:
    """Return the one article of a Word document: with footnotes and accepted insertions, without deletions."""
    import mammoth

    del name
    with _opened(raw) as packed:
        about = _about(packed, "docProps/core.xml")
    no_images = mammoth.images.img_element(lambda image: {"src": ""})
    page = mammoth.convert_to_html(io.BytesIO(raw), convert_image=no_images).value
    return [_article(blocks(_NOTE_MARKS.sub("", page)), about)]


def parse_odt(raw: bytes, name: str) -> list[Parsed]:
    """Return the one article of an OpenDocument text."""
    del name
    with _opened(raw) as packed:
        about = _about(packed, "meta.xml")
        content = xml(_member(packed, "content.xml"))
    return [_article([*_odt_blocks(content)], about)]


def _odt_blocks(content: "_Element") -> Iterator[Block]:
    """Walk the text; what stands in footnotes comes at the end."""
    from lxml import etree

    open_blocks: list[tuple[int, list[str]]] = []
    notes: list[Block] = []
    in_note = skipped = 0
    for event, element in etree.iterwalk(content, events=("start", "end")):
        tag, step = element.tag, 1 if event == "start" else -1
        skipped += step if tag in _ODT_SKIPPED else 0
        in_note += step if tag == f"{_TEXT}note" else 0
        if tag in (f"{_TEXT}p", f"{_TEXT}h"):
            if event == "start":
                style = str(element.get(f"{_TEXT}style-name", ""))
                open_blocks.append((int(tag == f"{_TEXT}h" or style == "Title"), []))
            else:
                level, pieces = open_blocks.pop()
                block = Block(level, re.sub(r"[ \t]+", " ", "".join(pieces)).strip())
                if block.text and not skipped and in_note:
                    notes.append(block)
                elif block.text and not skipped:
                    yield block
        if open_blocks and not skipped:
            said = element.text if event == "start" else element.tail
            open_blocks[-1][1].append((_ODT_CHARS.get(tag, "") if event == "start" else "") + (said or ""))
    yield from notes


def parse_rtf(raw: bytes, name: str) -> list[Parsed]:
    """Return the one article of an RTF document."""
    import striprtf.striprtf

    rtf_to_text: Callable[..., str] = striprtf.striprtf.rtf_to_text

    del name
    if not raw.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("not an RTF document.")
    text = rtf_to_text(raw.decode("latin-1"), errors="replace")
    found = [Block(0, line.strip()) for line in text.replace("\r", "\n").split("\n") if line.strip()]
    about = {field: rtf_to_text("{\\rtf1 " + value + "}", errors="replace") for field, value in _rtf_info(raw)}
    return [_article(found, about)]


def _rtf_info(raw: bytes) -> list[tuple[str, str]]:
    head = raw[:65536].decode("latin-1")
    found = ((field, re.search(rf"\{{\\{field} ([^{{}}]{{1,300}})\}}", head)) for field in ("title", "author"))
    return [(field, match[1]) for field, match in found if match]


def _opened(raw: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        if raw.startswith(b"\xd0\xcf\x11\xe0"):
            raise Unreadable("it is encrypted, or of before 2007. Save it anew, without a password.") from error
        raise Unreadable(f"damaged ({error}).") from error


def _member(packed: zipfile.ZipFile, name: str) -> bytes:
    try:
        return packed.read(name)
    except KeyError as error:
        raise Unreadable(f"damaged: it has no {name}.") from error
    except RuntimeError as error:
        raise Unreadable("it is encrypted. Save a copy without a password.") from error


def _about(packed: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return the metadata that a document has; none is no error."""
    from lxml import etree

    try:
        root = xml(packed.read(name))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    texts = {key: (root.findtext(f".//{tag}") or "") for key, tag in
             (("title", f"{_DC}title"), ("author", f"{_DC}creator"), ("language", f"{_DC}language"))}  # fmt: skip
    texts["author"] = root.findtext(f".//{_META}initial-creator") or texts["author"]
    return texts


def _article(found: list[Block], about: dict[str, str]) -> Parsed:
    if not found:
        raise Unreadable("no text in it.")
    heading = next((block.text for block in found[:6] if block.level == 1 and len(block.text) <= 200), None)
    title = plausible_title(about.get("title"))
    author = about.get("author", "").strip()
    return Parsed(
        text="\n\n".join(block.text for block in found),
        title=heading or title,
        authors=[author] if plausible_author(author) else [],
        language=about.get("language") or None,
    )
