"""Which of the articles that were read make a version: each once, without those that are left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.catalog import Catalog, Member
from index.copies.links import Links, links, same_addresses
from index.copies.near import Compared, Pair, near_pairs
from index.copies.same import once
from index.copies.signed import Signed, signed
from index.left_out import LeftOut


class Copy(NamedTuple):
    """An article that was read again."""

    member: Member
    source: str
    """Where."""
    of: str
    """The id of the article that it is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The articles of a version, and what became of the others."""

    members: list[Member]
    known: list[Signed]
    """What is kept of each of `members`, in their order."""
    copies: list[Copy]
    left_out: list[Member]

    def links(self, catalog: Catalog) -> Links:
        """Return the links of the articles; reads the texts of those that may be copies."""
        signatures = [each.signature for each in self.known]

        def text_of(place: int) -> str:
            return catalog.article(self.members[place]).text

        pairs = near_pairs([each.minima for each in signatures], [each.shingles for each in signatures], text_of)
        compared = Compared(text_of)
        pages = [Pair(one, other, compared(one, other)) for one, other in same_addresses(self.known)]
        return links(self.known, pairs, pages)

    def remember(self, catalog: Catalog) -> None:
        """Keep in the catalog which files hold what is in the index already."""
        catalog.write("DELETE FROM copies")
        for each in self.copies:
            catalog.write("INSERT OR REPLACE INTO copies VALUES (?,?,?,?)", (*each.member, each.source, each.of))


def choose(
    catalog: Catalog,
    members: Sequence[Member],
    again: Sequence[tuple[Member, str]],
    progress: Callable[[int, int], None],
) -> Chosen:
    """Return the articles of a version, of those that were read; `again` are those that another file holds, too."""
    known = dict(zip(members, signed(catalog, members, progress), strict=True))
    out = LeftOut.of(catalog)
    kept: list[Member] = []
    copies: list[Copy] = []
    left: list[Member] = []
    of: dict[Member, Member] = {}
    for member, others in once(members, list(known.values())).items():
        if any(out.has(each, known[each]) for each in (member, *others)):
            left += [member, *others]
            continue
        kept.append(member)
        of |= dict.fromkeys((member, *others), member)
        copies += [Copy(each, catalog.article(each).source, member.id) for each in others]
    copies += [Copy(member, source, of[member].id) for member, source in again if member in of]
    return Chosen(kept, [known[each] for each in kept], copies, left)


def copies_of(catalog: Catalog, article_id: str) -> list[Copy]:
    """Return where the last build read an article again."""
    if not catalog.holds("copies"):
        return []
    rows = catalog.rows("SELECT id, digest, source, of FROM copies WHERE of = ? ORDER BY source", (article_id,))
    return [Copy(Member(row[0], row[1]), row[2], row[3]) for row in rows]


def described(linked: Links, members: Sequence[Member]) -> list[str]:
    """Return a line for each article that a newer one stands for."""
    return list(_described(linked, members))


def _described(linked: Links, members: Sequence[Member]) -> Iterator[str]:
    for old, new in sorted(linked.newer.items()):
        day = f" on {new.day.day} {new.day:%b %Y}" if new.day else ""
        yield f"{members[old].id}: {new.how}{day} by {members[new.place].id}"
