"""The stories of the sample archive, labelled by reading: what belongs to each, and what may be counted either way."""

from typing import NamedTuple

COURIER, LANTERN = "varrowmouth-courier/", "harbour-lantern/"


class Story(NamedTuple):
    """Article ids, as the archive has them."""

    members: frozenset[str]
    either_way: frozenset[str] = frozenset()


def _ids(text: str) -> frozenset[str]:
    return frozenset(each.replace("C:", COURIER).replace("L:", LANTERN) for each in text.split())


STORIES = {
    "bridge": Story(
        _ids(
            """wire-0003 wire-0016 C:2025-10-15-bridge-shut-until-december.md L:2025-10-20-fishmonger-rows-across.html
            L:2025-12-04-bridge-slips-to-february.html C:2026-02-10-bridge-april-cost.md
            C:2026-02-12-correction-bridge-cost.txt C:2026-03-02-bridge-not-opened.txt
            C:2026-04-15-bridge-slips-to-june.md C:2026-06-12-bridge-final-cost.md
            L:2026-06-12-mince-pies-in-june.html"""
        ),
        _ids(
            """L:2026-04-02-catapult-apology.html C:2025-12-19-council-budget-tax.md C:2026-01-14-storm-damage-bill.md
            L:2026-05-13-mayor-elect-interview.html L:2025-12-02-not-that-holt.html L:2026-07-30-hottest-day.txt
            L:2026-05-25-cup-comes-home.html C:2026-01-16-first-poll-tranter-leads.md
            L:2026-03-12-mayoral-debate.txt C:2026-07-06-jumelage-brevignac.md"""
        ),
    ),
    "collision": Story(
        _ids(
            """wire-0004 wire-0005 L:2025-11-22-bang-in-the-fog.html C:2025-11-22-three-hurt-in-collision.txt
            C:2025-11-25-ferry-six-injured.md C:2025-12-01-pilot-breaks-silence.md
            C:2026-06-19-collision-inquiry-report.md L:2026-06-22-marten-holt-back-afloat.txt"""
        ),
        _ids("L:2025-12-02-not-that-holt.html wire-0007 C:2026-09-30-new-ferry-ordered.md"),
    ),
    "strike": Story(
        _ids(
            """wire-0007 wire-0008 wire-0010 wire-0012 L:2026-02-04-strike-soup-and-sheep.html
            L:2026-02-20-talks-collapse-lantern.html C:2026-02-20-talks-collapse-courier.md
            C:2026-03-28-ferry-strike-over.html C:2026-03-30-first-ferry-back.md"""
        ),
        _ids("C:2026-09-30-new-ferry-ordered.md wire-0017 wire-0018"),
    ),
    "tuba": Story(
        _ids(
            """wire-0011 L:2025-12-05-tuba-stolen.html L:2025-12-22-carols-without-a-tuba.txt
            L:2026-03-27-agnes-in-bloom.html C:2026-03-27-tuba-found-as-planter.txt
            L:2026-09-07-tuba-thief-fined.html"""
        ),
        _ids("L:2026-05-25-cup-comes-home.html C:2026-07-06-jumelage-brevignac.md L:2026-03-16-march-lantern.html"),
    ),
    "geese": Story(
        _ids(
            """C:2025-09-01-geese-asked-to-leave.md L:2026-04-20-collie-joins-geese.html
            C:2026-09-14-autumn-goose-census.md"""
        ),
        _ids("C:2026-07-06-jumelage-brevignac.md"),
    ),
    "election": Story(
        _ids(
            """wire-0009 wire-0013 wire-0014 C:2026-01-16-first-poll-tranter-leads.md L:2026-03-12-mayoral-debate.txt
            C:2026-05-11-holt-elected-mayor.md L:2026-05-13-mayor-elect-interview.html"""
        ),
        _ids(
            """L:2025-12-02-not-that-holt.html C:2026-04-15-bridge-slips-to-june.md wire-0016
            C:2025-12-19-council-budget-tax.md L:2026-04-02-catapult-apology.html
            L:2025-12-12-drowned-bell-stout.txt"""
        ),
    ),
    "storm": Story(
        _ids(
            """wire-0006 L:2026-01-12-bandstand-takes-off.txt C:2026-01-12-ottoline-crosses-coast.md
            C:2026-01-14-storm-damage-bill.md"""
        ),
        _ids("L:2026-07-30-hottest-day.txt"),
    ),
    "football": Story(
        _ids(
            """wire-0015 L:2025-09-08-four-nil-and-lucky.txt L:2025-10-27-bottom-of-the-table.txt
            L:2025-11-03-rusk-sacked.html C:2025-11-06-okonja-appointed.md L:2026-01-05-carraw-hat-trick.html
            L:2026-05-04-sixth-place-finish.txt C:2026-05-25-coastal-cup-won.html L:2026-05-25-cup-comes-home.html
            L:2026-07-14-carraw-sold.html L:2026-08-10-free-pies-opening-day.txt"""
        )
    ),
    "maternity": Story(
        _ids(
            """L:2026-02-12-maternity-closure-plan.html L:2026-03-16-march-lantern.html C:2026-03-16-march-courier.md
            C:2026-07-23-maternity-unit-saved.md"""
        )
    ),
    "pumpkin": Story(
        _ids("wire-0002 wire-0019 L:2025-09-30-big-pumpkin.html C:2025-09-30-pumpkin-record-falls.txt"),
        _ids("L:2026-06-29-brewery-foam.html"),
    ),
    "bell": Story(
        _ids(
            """C:2025-09-15-divers-find-perpetua.md C:2026-05-30-bell-raised.md
            C:2026-06-06-the-year-the-bell-came-up.md
            C:2026-09-29-bell-ruling.md L:2025-12-12-drowned-bell-stout.txt"""
        ),
        _ids("L:2026-07-30-hottest-day.txt"),
    ),
    "phones": Story(_ids("L:2025-09-04-phones-in-shoeboxes.html C:2026-08-21-exam-results-phones.txt")),
    "fares": Story(
        _ids("wire-0017 wire-0018"),
        _ids(
            """wire-0007 wire-0008 wire-0012 C:2026-03-28-ferry-strike-over.html C:2026-03-30-first-ferry-back.md
            C:2026-09-30-new-ferry-ordered.md"""
        ),
    ),
    "herring": Story(_ids("wire-0001")),
    "library book": Story(_ids("C:2025-11-10-library-book-71-years.txt")),
    "foam": Story(_ids("L:2026-06-29-brewery-foam.html"), _ids("L:2025-12-12-drowned-bell-stout.txt")),
    "defence": Story(_ids("briefs/2025-02-12-hegseth-ukraine-contact-group.md")),
}

COPIES = [
    _ids("wire-0002 L:2025-09-30-big-pumpkin.html C:2025-09-30-pumpkin-record-falls.txt"),
    _ids("wire-0004 L:2025-11-22-bang-in-the-fog.html C:2025-11-22-three-hurt-in-collision.txt"),
    _ids("wire-0006 L:2026-01-12-bandstand-takes-off.txt C:2026-01-12-ottoline-crosses-coast.md"),
    _ids("wire-0011 L:2026-03-27-agnes-in-bloom.html C:2026-03-27-tuba-found-as-planter.txt"),
    _ids("wire-0012 C:2026-03-28-ferry-strike-over.html"),
    _ids("wire-0015 C:2026-05-25-coastal-cup-won.html"),
]
