"""What single elements of a page say of its article: microdata and RDFa, bylines by their class, <time>."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.load.dates import line_dates
from index.load.names import Byline, as_names, read_byline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_CHARS = 2_000
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:by-?line|author|autor|auteur|writer|contributor)s?(?:[-_ ]|name|$)", re.IGNORECASE
)
_NOT_BYLINE = re.compile(
    r"bio|avatar|image|photo|comment|follow|social|related|description|box|(?<!v)card|more|title|role|profile-(?:text|job)",
    re.IGNORECASE,
)
_NAME_CLASS = re.compile(r"(?:author|byline)[-_]*(?:name|link)", re.IGNORECASE)
_ASIDE = re.compile(r"comment|related|teaser|recommend|more-from|sidebar|footer", re.IGNORECASE)


def properties(tree: "HtmlElement") -> dict[str, list[str]]:
    """Return microdata and RDFa of the article; those of a comment, a film or a picture are passed over."""
    found: dict[str, list[str]] = {}
    for each in tree.xpath("//*[@itemprop or (@property and not(self::meta))]"):
        name = (each.get("itemprop") or each.get("property") or "").lower().rpartition(":")[2].strip()
        if name not in {"author", "datepublished", "datemodified"} or name in found:
            continue
        if each.xpath(
            "ancestor::*[contains(@itemtype, 'Comment') or contains(@itemtype, 'Video')"
            " or contains(@itemtype, 'Image')]"
        ):
            continue
        if name == "author":
            inner = each.xpath(".//*[@itemprop='name']")
            value = "; ".join(filter(None, (words_of(one) or one.get("content") for one in inner))) or words_of(each)
        else:
            value = each.get("datetime") or each.get("content") or words_of(each)
        if value and len(value) < 300:
            found[name] = [value]
    return found


def bylines(tree: "HtmlElement") -> Iterator[tuple[bool, Byline]]:
    """Yield what elements marked as bylines or dates say, with False where the mark is that of a name alone."""
    for each in tree.iter(
        "p", "div", "span", "a", "address", "li", "h2", "h3", "h4", "h5", "h6", "time", "header", "cite", "em", "strong"
    ):
        marks = f"{each.get('class') or ''} {each.get('id') or ''} {each.get('rel') or ''}"
        text = words_of(each) if len(marks) > 2 and len(each) < 40 else ""
        if not 3 <= len(text) <= 200 or _NOT_BYLINE.search(marks):
            continue
        if _BYLINE_CLASS.search(marks):
            if any(_ASIDE.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in each.iterancestors()):
                continue
            yield (
                not _NAME_CLASS.search(marks),
                read_byline(text) or Byline(as_names(text) if len(text) < 60 and not re.search(r"\d", text) else ()),
            )
        elif re.search(r"date|time|publi|posted|updated|meta", marks, re.IGNORECASE) and (days := line_dates(text)):
            yield True, Byline(dates=dict(days))


def times(tree: "HtmlElement") -> list[str]:
    """Return the <time> that stands first in the article, or alone in the page."""
    inside = tree.xpath("//article//time[@datetime]") or tree.xpath("//main//time[@datetime]")
    if not inside:
        inside = tree.xpath("//time[@datetime]")
        inside = inside if len({each.get("datetime") for each in inside}) == 1 else []
    return [each.get("datetime") for each in inside[:1]]


def words_of(element: "HtmlElement") -> str:
    """Return the text in an element, white space reduced to single spaces; of a long one only the beginning."""
    parts, size = [], 0
    for part in element.itertext():
        parts.append(part[:_MAX_CHARS])
        size += len(part)
        if size > _MAX_CHARS:
            break
    return " ".join("".join(parts).split())[:_MAX_CHARS]
