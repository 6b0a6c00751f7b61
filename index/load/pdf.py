"""PDF: the lines that PDFium finds, put together into paragraphs. Runs in the worker (see process.py).

A line follows the one before it into its paragraph unless it stands lower than lines do, is set larger or
smaller, is indented, or follows a line that ended short with the end of a sentence. Running heads and page
numbers are left out; words that were hyphenated at the end of a line are whole again.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from index.load.parsed import Parsed, Unreadable, plausible_author, plausible_title

_MAX_PAGES = 3000
_EDGE_LINES = 3  # at the top and at the bottom of a page: where running heads are looked for
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page|p\.|seite|página)?\s*[-–—|]?\s*#+\s*[-–—|]?(?:\s*(?:of|/|von|de|sur)\s*#+)?", re.I)
_PAGE_OF = re.compile(r"(?:page|seite|página)\s*\d+(?:\s*(?:of|/|von|de|sur)\s*\d+)?", re.I)
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHEN_ENDS = (0x02, 0xFFFE)  # what PDFium gives for a hyphen at the end of a line, and for that end
_LINE_ENDS = (0x0A, 0x0D, *_HYPHEN_ENDS)
_HYPHENS = "\x02\ufffe\u00ad"  # these, and the soft hyphen


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text; lengths in points, y upwards."""

    page: int
    text: str
    left: float
    right: float
    y: float
    size: float


def parse(raw: bytes, name: str) -> list[Parsed]:
    """Return the one article that the PDF holds.

    Raises:
        Unreadable: it is damaged, encrypted or has no text.
    """
    del name
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("it is encrypted. Save a copy without a password.") from error
        raise Unreadable(f"not a PDF that can be read ({error}).") from error
    pages: list[list[_Line]] = []
    damaged = 0
    for number in range(min(len(document), _MAX_PAGES)):
        try:
            pages.append(list(_lines(document, number)))
        except pypdfium2.PdfiumError:
            damaged += 1
    lines = _without_running_heads(pages)
    if not lines:
        why = f"{damaged} of them damaged" if damaged else "a scan? Run OCR on it first"
        raise Unreadable(f"no text in it (pages: {len(document)}, {why}).")
    about = {key: value.strip() for key, value in document.get_metadata_dict(skip_empty=True).items()}
    blocks = _paragraphs(lines)
    body = median(line.size for line in lines)
    headings = [
        text for text, first in blocks if first.page == lines[0].page and first.size > 1.15 * body and len(text) <= 200
    ]
    heading = max(headings, key=lambda text: next(first.size for each, first in blocks if each == text), default=None)
    title = plausible_title(about.get("Title"))
    if title and heading and not _stands_in(title, blocks):
        title = None  # what the file was called when it was made, say
    author = about.get("Author", "")
    return [
        Parsed(
            text="\n\n".join(text for text, _ in blocks),
            title=title or heading,
            authors=[author] if plausible_author(author) else [],
            made=_day(about.get("CreationDate", "")),
        )
    ]


def _lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[_Line]:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            codes = [pdfium.FPDFText_GetUnicode(text, place) for place in range(text.count_chars())]
            start = 0
            for place, code in enumerate([*codes, 0x0A]):
                if code in _LINE_ENDS:
                    line = _line(text, number, codes, start, place + (code in _HYPHEN_ENDS))
                    if line:
                        yield line
                    start = place + 1
        finally:
            text.close()
    finally:
        page.close()


def _line(text: pypdfium2.PdfTextPage, page: int, codes: Sequence[int], start: int, end: int) -> _Line | None:
    seen = [place for place in range(start, end) if codes[place] > 0x20 and codes[place] not in (0xFFFE, 0xAD, 0xA0)]
    if not seen:
        return None
    first, last = _box(text, seen[0]), _box(text, seen[-1])
    size = max(_box(text, seen[len(seen) // 2])[3], first[3])
    return _Line(page, _said(codes[start:end]), first[0], max(last[1], first[1]), first[2], size)


def _box(text: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float, float]:
    """Return left, right, bottom and height of a character, by its font and not by its ink."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, place, ctypes.byref(box))
    return box.left, box.right, box.bottom, abs(box.top - box.bottom)


def _said(codes: Sequence[int]) -> str:
    raw = b"".join(code.to_bytes(2, "little") if code <= 0xFFFF else chr(code).encode("utf-16-le") for code in codes)
    text = raw.decode("utf-16-le", "replace").translate(_LIGATURES)
    kept = "".join(char if char >= " " or char in _HYPHENS else " " for char in text)
    return re.sub(r"[ \t]+", " ", kept).strip()


# Running heads


def _without_running_heads(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """Leave out page numbers, and lines that come back at the edge of several pages."""
    edges = [_edges(lines) for lines in pages]
    shapes = Counter(shape for lines in edges for shape in {_shape(line) for line in lines})
    least = max(2, len(pages) / 3) if len(pages) < 6 else max(3, len(pages) / 4)
    kept: list[_Line] = []
    for lines, edge in zip(pages, edges, strict=True):
        dropped = [
            line
            for line in edge
            if len(line.text) < 120
            and (
                shapes[_shape(line)] >= least
                or (_PAGE_OF.fullmatch(line.text) or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(_shape(line)[0])))
            )
        ]
        kept += [line for line in lines if not any(line is each for each in dropped)]
    return kept


def _edges(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines at the top and at the bottom of a page, wherever they stand in the file."""
    if len(lines) <= 2:
        return list(lines) if len(lines) == 2 else []
    heights = sorted({round(line.y) for line in lines})
    outer = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [line for line in lines if round(line.y) in outer]


def _shape(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.lower()), round(line.y / 6)


# Paragraphs


def _paragraphs(lines: Sequence[_Line]) -> list[tuple[str, _Line]]:
    """Return each paragraph's text and its first line."""
    steps = [(a.y - b.y) / a.size for a, b in pairwise(lines) if _goes_on_below(a, b)]
    step = median(steps) if steps else 0.0
    body = median(line.size for line in lines)
    edges = _right_edges(lines)
    indents = sum(_indent(a, b) for a, b in pairwise(lines) if _goes_on_below(a, b))
    indented = indents > len(lines) / 25
    groups: list[list[_Line]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or _starts(before, line, step, body, edges, indented=indented):
            groups.append([line])
        else:
            groups[-1].append(line)
    words = Counter(re.findall(r"[\w’'-]+", " ".join(line.text for line in lines).lower()))
    return [(_joined([line.text for line in group], words), group[0]) for group in groups]


def _goes_on_below(a: _Line, b: _Line) -> bool:
    return a.page == b.page and 0 < a.y - b.y < 4 * a.size and b.left < a.right and a.left < b.right


def _right_edges(lines: Sequence[_Line]) -> dict[tuple[int, int], float]:
    """Return for each page and column (by its left edge, in steps of 20 points) how far its lines reach."""
    edges: dict[tuple[int, int], float] = {}
    for line in lines:
        for column in (round(line.left / 20) - 1, round(line.left / 20), round(line.left / 20) + 1):
            edges[line.page, column] = max(line.right, edges.get((line.page, column), 0.0))
    return edges


def _indent(a: _Line, b: _Line) -> bool:
    return 0.6 * b.size < b.left - a.left < 6 * b.size


def _starts(
    a: _Line, b: _Line, step: float, body: float, edges: dict[tuple[int, int], float], *, indented: bool
) -> bool:
    """Tell whether line `b` starts a new paragraph after `a`; `step` is the usual one, in sizes of the type."""
    if not 0.87 < b.size / max(a.size, 0.01) < 1.15:
        return True
    ended = bool(_SENTENCE_END.search(a.text))
    edge = edges.get((a.page, round(a.left / 20)), a.right)
    width = (b.right - b.left) / len(b.text) * (len(b.text.split(" ", 1)[0]) + 2)
    short = a.right + width < edge  # the first word of `b` would have had room on it
    if _goes_on_below(a, b):
        if (a.y - b.y) / a.size > 1.3 * step:
            return True
        if a.size > 1.15 * body:  # a heading goes on as long as it is set so
            return False
        if indented:
            return _indent(a, b)
        return short and (ended or b.text[:1].isupper())
    if a.page == b.page and abs(a.y - b.y) < 0.5 * a.size:  # further along the same line
        return False
    if a.page == b.page and not (b.y > a.y and b.left > a.right):  # elsewhere, and no next column
        return True
    return ended and (short or not indented)


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    """Join the lines of a paragraph. A hyphen at a line's end stays where the document writes the word with it."""
    text = ""
    for line in lines:
        before = re.search(rf"([\w’']+)[-‐{_HYPHENS}]$", text)
        after = re.match(r"[\w’']+", line)
        if before and after and line[:1].islower():
            first, second = before[1].lower(), after[0].lower()
            compound = words[f"{first}-{second}"] > words[first + second]
            both = min(len(first), len(second)) > 2 and words[first + second] == 0 and words[first] and words[second]
            hyphen = "-" if compound or both else ""
            text = text[:-1] + hyphen + line
        elif before and after:
            text = text[:-1] + "-" + line
        else:
            text = f"{text} {line}" if text else line
    return re.sub(rf"[{_HYPHENS}]", "", text)


def _stands_in(title: str, blocks: Sequence[tuple[str, _Line]]) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"\W+", " ", text).lower().strip()

    return plain(title) in plain(" ".join(text for text, _ in blocks[:8]))


def _day(value: str) -> str | None:
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)", value)
    return "-".join(match.groups()) if match else None
