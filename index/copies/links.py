"""What links the articles of a version: those that print one report, and those that a newer version stands for."""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from index.copies.near import Pair
from index.copies.signed import CORRECTED, UPDATED, Signed

LINKS = "links-1.json"
"""The file of a version that holds them; versions made before there was one have none. The number is that of the
rules by which they were decided: change it with these, and the next build decides anew."""
_DAYS = 30  # between two prints of one report; later ones are of a series, unless hardly a word differs
_HARDLY = 0.97
_SAME_TITLE = 0.6
_SAME_PAGE = 0.2  # of the shorter text: an address that holds something else by now tells of no article
_ONE_ADDRESS = 12  # articles
_OVERLAP = 0.5  # Jaccard, or most of one within the other, of two versions by one publisher


class Newer(NamedTuple):
    """What stands for an article."""

    place: int
    """Of the newer version, among the members."""
    how: str
    """"corrected" or "updated"."""
    day: date | None


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a version; articles by their places among its members."""

    reports: tuple[tuple[int, ...], ...] = ()
    """Articles that print one report, two or more; the one published first comes first."""
    newer: dict[int, Newer] = field(default_factory=dict)
    """What stands for an article that was corrected, updated or published again."""

    def write(self, folder: Path) -> None:
        """Write them into a version's folder."""
        newer = [[old, *new[:2], new.day.isoformat() if new.day else None] for old, new in sorted(self.newer.items())]
        made = {"reports": self.reports, "newer": newer}
        (folder / LINKS).write_text(json.dumps(made) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Links":
        """Return those of a version; none where it was made before there were any.

        Raises:
            ValueError: the file holds something else.
        """
        try:
            held = json.loads((folder / LINKS).read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        newer = {
            int(old): Newer(int(new), str(how), date.fromisoformat(day) if day else None)
            for old, new, how, day in held["newer"]
        }
        return cls(tuple(tuple(map(int, each)) for each in held["reports"]), newer)


def links(known: Sequence[Signed], pairs: Sequence[Pair], same_pages: Sequence[Pair]) -> Links:
    """Return the links of articles: `pairs` are near copies, `same_pages` all pairs of one address."""
    return Links(_reports(known, pairs), _newer(known, [*pairs, *same_pages]))


def same_addresses(known: Sequence[Signed]) -> Iterator[tuple[int, int]]:
    """Yield the places of each two articles of one address; an address of many articles is that of none of them."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(known):
        if each.url:
            places[each.url].append(place)
    for group in places.values():
        if len(group) <= _ONE_ADDRESS:
            yield from itertools.combinations(group, 2)


def _reports(known: Sequence[Signed], pairs: Sequence[Pair]) -> tuple[tuple[int, ...], ...]:
    """Group near copies around the one published first: what is like a copy, but not like that, stays apart."""
    others: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        if _of_one_time(known[pair.one], known[pair.other], pair):
            others[pair.one].append(pair.other)
            others[pair.other].append(pair.one)
    order = sorted(others, key=lambda place: (known[place].published or date.max, place))
    taken: set[int] = set()
    found: list[tuple[int, ...]] = []
    for first in order:
        if first not in taken:
            rest = [place for place in order if place in set(others[first]) - taken]
            taken.update([first, *rest])
            if rest:
                found.append((first, *rest))
    return tuple(found)


def _of_one_time(one: Signed, other: Signed, pair: Pair) -> bool:
    if not one.published or not other.published or abs((one.published - other.published).days) <= _DAYS:
        return True
    return pair.texts.jaccard >= _HARDLY


def _newer(known: Sequence[Signed], pairs: Sequence[Pair]) -> dict[int, Newer]:
    found: dict[int, Newer] = {}
    for pair in pairs:
        ordered = _in_order(known, pair)
        if ordered is None:
            continue
        old, new = ordered
        how = _stands_for(known[old], known[new], pair)
        before = found.get(old)
        if how and (before is None or _stamp(known[new]) > _stamp(known[before.place])):
            found[old] = Newer(new, how, known[new].day)
    return found


def _in_order(known: Sequence[Signed], pair: Pair) -> tuple[int, int] | None:
    """Return the places of the older and the newer one; None where their dates do not tell."""
    one, other = known[pair.one].day, known[pair.other].day
    if one is None or other is None or one == other:
        return None
    return (pair.one, pair.other) if one < other else (pair.other, pair.one)


def _stamp(each: Signed) -> date:
    return each.day or date.min


def _stands_for(old: Signed, new: Signed, pair: Pair) -> str:
    """Return how a newer article stands for an older one: "corrected", "updated", or "" where it does not."""
    title, texts = _like_titles(old.title, new.title), pair.texts
    said = new.marker if new.marker and new.marker != old.marker else ""
    one_page = bool(old.url) and old.url == new.url and (title or texts.within >= _SAME_PAGE)
    by_one = bool(old.publisher) and old.publisher == new.publisher
    if one_page:
        return said or UPDATED
    if not texts.near or not _of_one_time(old, new, pair):
        return ""
    if said and (by_one or title or said == CORRECTED):
        return said
    overlap = texts.jaccard >= _OVERLAP
    return UPDATED if by_one and title and overlap and old.signature.words != new.signature.words else ""


def _like_titles(one: str, other: str) -> bool:
    """Tell whether two titles have most of their words in common."""
    words, words2 = (set(re.findall(r"\w+", each.casefold())) for each in (one, other))
    return bool(words and words2) and len(words & words2) >= _SAME_TITLE * min(len(words), len(words2))
