"""An article's sentences with what stands between marks blotted out, so that it can be read who speaks around it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article
from index.passage import Span, paragraphs
from rag.speech.marks import Marked, marked
from rag.speech.saying import TAIL

BLOT = "\ue000"
"""Stands for each character between marks, but for the last one, which is one of the next three."""
ENDED, ASKED, RUNS = "\ue001", "\ue002", "\ue003"
"""The words between marks end in a full stop; in ? or !; in neither."""
BLOTS = f"{BLOT}{ENDED}{ASKED}{RUNS}"

_END = re.compile(rf"(?:(?<=[.?!…])[)\]’']?|(?<=[{ENDED}{ASKED}]))\s+(?=[^\s\da-z(—–-]|\d|\()")
_SHORT = re.compile(
    r"(?:^|[\s(\[“\"‘])(?:[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Rev|Hon|Fr|Sr|Jr|Gov|Sen|Rep|Reps|Sens|Gen|Lt|"
    r"Col|Maj|Sgt|Capt|Cpl|Cmdr|Adm|Supt|Insp|Det|Cllr|Pres|Sec|vs|No|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|Inc|Co|Corp|"
    r"Ltd|Bros|Mt|Ft|D-[A-Z][a-z]+|R-[A-Z][a-z]+)\.\Z"
)
_LONGEST = 2000
"""Characters of a sentence that are read for who speaks: in a text without full stops, work stays in bounds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: half-open in characters of the article's text."""

    start: int
    end: int
    paragraph: int
    """Which paragraph it is of, from 0."""
    marked: tuple[Marked, ...]
    """What stands between marks in it. What goes over several sentences belongs to the one in which it begins."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, laid out for reading who speaks."""

    text: str
    blotted: str
    """The text, each character between marks and the marks themselves blotted out: offsets are the same."""
    lines: tuple[Line, ...]


@lru_cache(maxsize=128)
def reading(article: Article) -> Reading:
    """Lay out an article."""
    text = article.text
    found = marked(text)
    pieces: list[str] = []
    done = 0
    for each in found:
        pieces += [text[done : each.outer_start], _blot(text, each)]
        done = each.outer_end
    blotted = "".join([*pieces, text[done:]])
    return Reading(text, blotted, tuple(_lines(blotted, found)))


def _blot(text: str, each: Marked) -> str:
    last = text[each.end - 1]
    after = text[each.outer_end : each.outer_end + 1]
    if each.goes_on or last in ".…" or (after in ".?!" and after):
        kind = ENDED if not (after and after in ".?!") else RUNS
    else:
        kind = ASKED if last in "?!" else RUNS
    return BLOT * (each.outer_end - each.outer_start - 1) + kind


def _lines(blotted: str, found: list[Marked]) -> list[Line]:
    lines: list[Line] = []
    place = 0
    for number, paragraph in enumerate(paragraphs(blotted)):
        for span in _sentences(blotted, paragraph):
            first = place
            while place < len(found) and found[place].outer_start < span.end:
                place += 1
            lines.append(Line(span.start, span.end, number, tuple(found[first:place])))
    return lines


def _sentences(blotted: str, paragraph: Span) -> list[Span]:
    spans: list[Span] = []
    start = paragraph.start
    for match in _END.finditer(blotted, paragraph.start, paragraph.end):
        before = blotted[max(start, match.start() - 20) : match.start()]
        if _SHORT.search(before) or match.start() <= start:
            continue
        if blotted[match.start() - 1] in ENDED + ASKED and _says_next(blotted, match.end(), paragraph.end, before[-1]):
            continue
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, paragraph.end))
    return spans


def _says_next(blotted: str, place: int, end: int, last: str) -> bool:
    """Tell whether "Holt said" goes on after words that ended: after ? and ! it may, after a full stop only alone."""
    match = TAIL.match(blotted, place, min(end, place + 160))
    return match is not None and (last == ASKED or bool(match["alone"]))
