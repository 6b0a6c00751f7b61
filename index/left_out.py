"""Articles that a person removed: they stay out of every build until they are restored. Nothing of them is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from index.catalog import Catalog, Member
from index.copies.signed import Signed


class Left(NamedTuple):
    """An article that is left out."""

    member: Member
    place: int
    """Where it stood among the members."""
    since: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Tells which articles are left out: by id, by address, or by their very words under another name."""

    ids: frozenset[str]
    words: frozenset[bytes]
    urls: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog) -> "LeftOut":
        """Return what is left out by now."""
        rows = catalog.rows("SELECT id, words, url FROM left_out")
        urls = frozenset(str(row[2]) for row in rows) - {""}
        return cls(frozenset(row[0] for row in rows), frozenset(bytes(row[1]) for row in rows), urls)

    def has(self, member: Member, known: Signed) -> bool:
        """Tell whether an article is left out."""
        return member.id in self.ids or known.signature.words in self.words or known.url in self.urls


def left_out(catalog: Catalog) -> list[Left]:
    """Return the articles that are left out, in the order of their ids."""
    if not catalog.holds("left_out"):
        return []
    rows = catalog.rows("SELECT id, digest, place, since FROM left_out ORDER BY id")
    return [Left(Member(row[0], row[1]), int(row[2]), date.fromisoformat(row[3])) for row in rows]


def leave_out(catalog: Catalog, places: Sequence[int], members: Sequence[Member], known: Sequence[Signed]) -> None:
    """Leave out the articles at `places` among `members` from now on."""
    today = datetime.now(UTC).date().isoformat()
    for place in places:
        row = (*members[place], place, known[place].signature.words, known[place].url, today)
        catalog.write("INSERT OR REPLACE INTO left_out VALUES (?,?,?,?,?,?)", row)


def restore(catalog: Catalog, ids: Iterable[str]) -> None:
    """Leave these out no more."""
    for each in ids:
        catalog.write("DELETE FROM left_out WHERE id = ?", (each,))
