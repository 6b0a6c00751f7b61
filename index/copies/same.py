"""The same article again: which of the articles read are no second ones, and which of them stays."""

from collections import defaultdict
from collections.abc import Sequence

from index.catalog import Member
from index.copies.signed import Signed

_TELLING = 40  # shingles: a shorter text alone ("Watch the video") does not make two articles one


def once(members: Sequence[Member], known: Sequence[Signed]) -> dict[Member, list[Member]]:
    """Return each article once, in order, with the others that are the same again.

    They have the same text but for white space and typography, and nothing that they say of themselves makes them
    two: another publisher, another day. Or they have the same address. Of the same ones, the one stays that tells most
    of itself; of equal ones, the first.
    """
    alike: dict[bytes, list[int]] = defaultdict(list)
    for place, each in enumerate(known):
        alike[each.signature.words].append(place)
    copy_of: dict[int, int] = {}
    for places in alike.values():
        kept: list[int] = []
        for place in sorted(places, key=lambda place: (-_tells(known[place]), place)):
            first = next((other for other in kept if _same(known[other], known[place])), None)
            if first is None:
                kept.append(place)
            else:
                copy_of[place] = first
    found: dict[Member, list[Member]] = {member: [] for place, member in enumerate(members) if place not in copy_of}
    for place in sorted(copy_of):
        found[members[copy_of[place]]].append(members[place])
    return found


def _tells(each: Signed) -> int:
    return sum(map(bool, (each.published, each.publisher, each.url, each.title)))


def _same(one: Signed, other: Signed) -> bool:
    """Tell whether two articles of the same text are one."""
    if one.url and one.url == other.url:
        return True
    if one.publisher and other.publisher and one.publisher != other.publisher:
        return False  # one report in two papers
    if one.published and other.published and one.published != other.published:
        return False
    return one.title == other.title or one.signature.shingles >= _TELLING
