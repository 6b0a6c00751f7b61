"""What a build did, in numbers, and line by line where somebody may want to look."""

from dataclasses import dataclass, field

from index.catalog import Catalog, Member
from index.copies.chosen import Chosen
from index.copies.signed import signed
from index.fetch.work import FetchReport


@dataclass(slots=True)
class BuildReport:
    """What a build did."""

    version: str = ""
    published: bool = False
    articles: int = 0
    passages: int = 0
    new: int = 0
    changed: int = 0
    """With a text of the same id, or of the same address, before it."""
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    copies: list[str] = field(default_factory=list)
    """One line for each article that was read again and is no second one: where, and which it is."""
    superseded: list[str] = field(default_factory=list)
    """One line for each article of the index that a newer one stands for: its id, how, when, and by which."""
    left_out: int = 0
    """Articles that were read and stay out, since a person removed them."""
    refused: list[str] = field(default_factory=list)
    """One line for each file or record that did not become an article: its path and the reason."""
    notes: list[str] = field(default_factory=list)
    """One line for each thing that was done differently than the sources ask for."""
    fetch: FetchReport = field(default_factory=FetchReport)
    seconds: float = 0.0


def counted(report: BuildReport, catalog: Catalog, before: dict[str, str], chosen: Chosen) -> None:
    """Put into the report what the articles are, compared with those served `before`: their digests by their ids."""
    members = chosen.members
    ids = {member.id for member in members}
    known = ids | {copy.member.id for copy in chosen.copies} | {member.id for member in chosen.left_out}
    gone = [Member(*each) for each in before.items() if each[0] not in known]
    moved = {each.url for each in signed(catalog, gone)} - {""}
    fresh = [each.url for member, each in zip(members, chosen.known, strict=True) if member.id not in before]
    renewed = sum(url in moved for url in fresh)
    report.articles = len(members)
    report.new = len(fresh) - renewed
    report.unchanged = sum(before.get(member.id) == member.digest for member in members)
    report.changed = len(members) - report.new - report.unchanged
    report.removed = len(gone) - renewed
    report.left_out = len(chosen.left_out)
    report.copies = [f"{copy.source}: the same article as {copy.of!r}" for copy in chosen.copies]
