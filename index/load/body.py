"""The text of an article out of its page: trafilatura, with rules before and after it. None is for one publisher.

Before: captions, sign-ups, share buttons, comments and the like go, by element and by the words of their
class or id, unless they hold a large part of the page. After: lines that are no sentence of the article go.
Paragraphs are parted by an empty line.
"""

import copy
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING

from index.load.names import read_byline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_AROUND = re.compile(
    r"(?:^|[\s_-])(?:caption|figcaption|wp-caption-text|newsletter|sign-?up|subscribe|share|sharing|social"
    r"|comments?|disqus|cookie|consent"
    r"|gdpr|advert|advertisement|ad-?slot|sponsor|sponsored|related|read-?more|read-?next|recommended"
    r"|recommendations|most-?(?:read|popular)|trending"
    r"|outbrain|taboola|breadcrumbs?|author-?bio|slideshow|photo-?credit|image-?credit|media-?credit)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_MOST = 0.3  # of the page's words: whatever holds more is the article, whatever its class says
_LINE = re.compile(
    r"(?:[-•*] )?(?:advert(?:isement|ising)?|anzeige|publicité|publicidad|story continues (?:below|after).{0,40}"
    r"|article continues (?:below|after).{0,40}"
    r"|(?:read|see|watch|listen) (?:more|also|next|now)\b.{0,160}|also read\b.{0,160}|(?:more|related)(?: (?:news"
    r"|stories|coverage|articles|videos|games news))?: .{0,160}"
    r"|related(?: (?:stories|articles|videos|topics|content))?|recommended(?: for you)?|you (?:might"
    r"|may) also like|most (?:read|popular)|trending(?: now)?"
    r"|(?:à lire aussi|lire aussi|lea también|leia também|lesen sie auch|mehr zum thema|leggi anche)\b.{0,160}"
    r"|share(?: (?:this|on|via)\b.{0,40})?|(?:e-?mail|print|tweet|comments?|reply|save|close|fullscreen"
    r"|thumbnails?|previous|next)|loading comments.{0,5}|\d+ comments?"
    r"|sign up (?:for|to|here)\b.{0,200}|subscribe(?: (?:to|now|today|here)\b.{0,160})?|get (?:the"
    r"|our) .{0,60}newsletter.{0,80}"
    r"|follow (?:us|him|her|them|@\w+) on .{0,80}|click here (?:to|for)\b.{0,120}|(?:we"
    r"|this site) uses? cookies.{0,160}"
    r"|(?:photo|image|picture|photograph|credit|foto|bild|crédit|fotografía)(?: credit| by)?: ?.{0,100}"
    r"|\(?(?:[\w.’' -]{2,40} ?[/|] ?){1,2}(?:afp|ap|reuters|getty(?: images)?|epa|dpa|bloomberg)\)?"
    r"|(?:\S+ ){0,4}getty images|©.{0,120}|copyright ©?.{0,120}|all rights reserved.{0,40}|topics?: .{0,200}"
    r"|tags?: .{0,200}|filed under:? .{0,120})",
    re.IGNORECASE,
)  # fmt: skip
_CAPTION_END = re.compile(
    r"\((?:[^()]{0,100}(?:/|\bvia |\bphoto by |\bcourtesy of )[^()]{2,60}|(?:AP|Reuters|AFP|Getty)(?: photo"
    r"| images)?)\)\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_ENOUGH_CHARS = 250  # of JSON-LD's articleBody, to be a measure of anything
_AGREES = 0.8
_SAME = 0.96


def text_of(tree: "HtmlElement", *, title: str, body: str = "") -> str:
    """Return the text of the article in a parsed page, or "" where none is found.

    `body` is the text that JSON-LD states: of several readings of the page, the one nearest to it is taken,
    and the statement itself where it holds what is read and much more.
    """
    page = _pruned(tree)
    readings = [_tidy(_extracted(page), title)]
    if len(body) >= _ENOUGH_CHARS:
        readings += [_tidy(_extracted(page, recall=True), title), _tidy(_extracted(tree), title)]
        best = max(readings, key=lambda each: overlap(each, body)[2])
        held, holds, _ = overlap(best, body)
        broken = (
            body.count("\n") > best.count("\n\n") and held * holds >= _SAME
        )  # the same words, and the paragraphs too
        if "<" not in body and (broken or (holds < 0.5 and (held >= _AGREES or not best))):
            return _tidy("\n".join(re.split(r"\n+", body)), title)
        return best
    if len(readings[0]) < _ENOUGH_CHARS:
        readings += [_tidy(_extracted(page, recall=True), title), _tidy(_extracted(tree), title)]
    return max(readings, key=len)


def overlap(one: str, other: str) -> tuple[float, float, float]:
    """Return the share of the words of `one` that `other` has, the share of those of `other` that `one` has, and F1."""
    ours, theirs = Counter(_WORD.findall(one.lower())), Counter(_WORD.findall(other.lower()))
    common = (ours & theirs).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / ours.total(), common / theirs.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def _extracted(tree: "HtmlElement", *, recall: bool = False) -> str:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what is reported here
    found = bare_extraction(copy.copy(tree), include_comments=False, fast=not recall, favor_recall=recall)
    return found.text or "" if isinstance(found, Document) else ""


def _pruned(tree: "HtmlElement") -> "HtmlElement":
    page = copy.deepcopy(tree)
    for each in list(
        page.iter("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "select", "dialog")
    ):
        if each.tag != "noscript" and each.tag != "form":
            each.drop_tree()
    sizes = _sizes(page)
    for each in list(page.iter("figcaption", "div", "p", "span", "section", "aside", "ul", "figure", "small", "cite")):
        marks = f"{each.get('class') or ''} {each.get('id') or ''}"[:500]
        if each.getparent() is None or not (each.tag == "figcaption" or (len(marks) > 1 and _AROUND.search(marks))):
            continue
        if sizes[each] < _MOST * sizes[page]:
            each.drop_tree()
    return page


def _sizes(page: "HtmlElement") -> dict["HtmlElement", int]:
    """Return how many words each element holds."""
    sizes: dict[HtmlElement, int] = {}
    for each in reversed(list(page.iter())):  # children before parents
        sizes[each] = _count(each.text) + sum(sizes[child] + _count(child.tail) for child in each)
    return sizes


def _count(text: str | None) -> int:
    return len(text.split()) if text else 0


def _tidy(text: str, title: str) -> str:
    """Return the text without lines that are none of the article's, an empty line between paragraphs."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    heading = " ".join(title.split()).casefold()
    kept: list[str] = []
    for place, line in enumerate(lines):
        flat = " ".join(line.split())
        if place < 4 and _WORD.findall(flat.casefold()) == _WORD.findall(heading):
            continue
        if len(flat) <= 240 and _LINE.fullmatch(flat):
            continue
        if len(flat) <= 700 and flat.endswith(")") and _CAPTION_END.search(flat, max(0, len(flat) - 170)):
            continue
        if (place < 6 or place > len(lines) - 4) and len(flat) <= 200 and read_byline(flat):
            continue
        kept.append(line)
    return "\n\n".join(kept).strip()
