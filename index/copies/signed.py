"""What is kept of each article in the catalog so that it can be compared with others without being read again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import numpy as np

from index.article import Article
from index.catalog import Catalog, Member
from index.copies.texts import RULES, Signature, signature

CORRECTED, UPDATED = "corrected", "updated"
_HEAD_CHARS, _TAIL_CHARS = 400, 800  # where a newsroom says that it changed an article
_THIS = r"(?:this|the|our) (?:story|article|report|piece|post|column|version|page|headline)"
_AN_EARLIER = r"an? (?:earlier|previous|original|prior) version of (?:this|the)"
_CORRECTED = re.compile(
    rf"^\W*(?:corrections?|corrects|corrected|clarification)\b\s*[:—–(-]|^\W*correction\W*$"
    rf"|\b{_THIS} (?:has been|was|is) (?:since )?(?:corrected|clarified|amended)\b"
    rf"|\b{_AN_EARLIER} [^.]{{0,60}}\b(?:mis\w+|incorrect\w*|wrong\w*|erroneous\w*|gave|said|stated|reported)\b",
    re.IGNORECASE | re.MULTILINE,
)
_UPDATED = re.compile(
    r"^\W*updated?\b\s*(?:[:—–(-]|(?:on|at)\b|\d)"
    rf"|\b{_THIS} (?:has been|was|is being) (?:since )?(?:updated|revised)\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """An article without its text: what decides whether it is the same as another one, or stands for it."""

    signature: Signature
    title: str
    published: date | None
    modified: date | None
    url: str
    """Its address in one way of writing it; "" where it has none, or that of a site's front page."""
    publisher: str
    """Its publisher in small letters, else the host of its address; "" where neither is known."""
    marker: str
    """"corrected" or "updated" where it says so of itself."""

    @property
    def day(self) -> date | None:
        """Return the day of this text of it: when it was changed, else when it was published."""
        return self.modified or self.published


def signed(
    catalog: Catalog, members: Sequence[Member], progress: Callable[[int, int], None] | None = None
) -> list[Signed]:
    """Return what is kept of each of `members`, in their order; reads the articles of which nothing is kept yet."""
    progress = progress or (lambda done, total: None)
    rows = catalog.rows("SELECT * FROM signatures WHERE rules = ?", (RULES,))
    known = {str(row[0]): _from_row(row[2:]) for row in rows}
    missing = [member for member in dict.fromkeys(members) if member.digest not in known]
    for start in range(0, len(missing), 500):
        progress(start, len(missing))
        with catalog.transaction():
            for member in missing[start : start + 500]:
                made = known[member.digest] = sign(catalog.article(member))
                catalog.write("INSERT OR REPLACE INTO signatures VALUES (?,?,?,?,?,?,?,?,?,?,?)", _row(member, made))
    if missing:
        progress(len(missing), len(missing))
    return [known[member.digest] for member in members]


def sign(article: Article) -> Signed:
    """Return what is kept of an article."""
    address = canonical(article.url)
    return Signed(
        signature=signature(article),
        title=article.title,
        published=article.published,
        modified=article.modified,
        url=address,
        publisher=" ".join((article.publisher or _host(article.url)).casefold().split()),
        marker=marker(article),
    )


def marker(article: Article) -> str:
    """Return "corrected" or "updated" where an article says so of itself, in its title, at its head or its end."""
    ends = [article.title, article.text[:_HEAD_CHARS], article.text[_HEAD_CHARS:][-_TAIL_CHARS:]]
    if any(_CORRECTED.search(each) for each in ends):
        return CORRECTED
    return UPDATED if any(_UPDATED.search(each) for each in ends) else ""


def canonical(url: str | None) -> str:
    """Return an address in one way of writing it: without fragment, tracking, "www." or scheme; "" for a front page."""
    if not url:
        return ""
    from courlan import normalize_url

    try:
        parts = urlsplit(str(normalize_url(url.strip(), strict=True, trailing_slash=False)))
    except (ValueError, TypeError):  # an article's file may say anything
        return ""
    if not parts.netloc or parts.path.strip("/") in {"", "index.html"}:
        return f"{parts.netloc.removeprefix('www.')}/?{parts.query}" if parts.netloc and parts.query else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path}{query}"


def _host(url: str | None) -> str:
    try:
        return ((urlsplit(url).hostname or "") if url else "").removeprefix("www.")
    except ValueError:
        return ""


def _row(member: Member, made: Signed) -> tuple[object, ...]:
    words, minima, shingles = made.signature
    days = (each.isoformat() if each else None for each in (made.published, made.modified))
    return (
        member.digest, RULES, words, minima.astype("<u4").tobytes(), shingles, made.title, *days,
        made.url, made.publisher, made.marker,
    )  # fmt: skip


def _from_row(row: Sequence[object]) -> Signed:
    words, minima, shingles, title, published, modified, url, publisher, said = row
    made = Signature(bytes(words), np.frombuffer(minima, dtype="<u4"), int(str(shingles)))  # type: ignore[call-overload]
    days = [date.fromisoformat(str(each)) if each else None for each in (published, modified)]
    return Signed(made, str(title), days[0], days[1], str(url), str(publisher), str(said))
