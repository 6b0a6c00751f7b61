"""The quote gate, measured: false quotations made by a program and true ones set otherwise, and the verdicts on them.

    python -m tests.bench.gate                       the sample archive
    python -m tests.bench.gate CORPUS --articles 500 --each 4

The articles of a larger corpus are chosen by a hash of their ids. Exits with 1 where a false quotation was accepted or
a true one refused.
"""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.article import Article
from index.load import SourceFile, find, load
from rag.verdicts import Checked, Verdict, check
from tests.conftest import SEEDS
from tests.falsify import Made, Maker, bare

TRUE = {Verdict.EXACT, Verdict.TYPOGRAPHY}


@dataclass
class Tally:
    """What became of the quotations."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    """For each kind the number of each verdict."""
    accepted: list[tuple[Made, Checked]] = field(default_factory=list)
    """False ones that would be shown."""
    refused: list[tuple[Made, Checked]] = field(default_factory=list)
    """True ones that would not be."""
    misnamed: list[tuple[Made, Checked]] = field(default_factory=list)
    """Those with another verdict than they deserve."""

    @property
    def made(self) -> int:
        return sum(sum(each.values()) for each in self.verdicts.values())


def articles_of(source: Path, most: int | None = None) -> list[Article]:
    """Return the articles of a source; at most so many, by a hash of their ids."""
    found = []
    for file in find([source]):
        if isinstance(file, SourceFile):
            found += [each for each in load(file) if isinstance(each, Article)]
    found.sort(key=lambda article: hashlib.sha256(article.id.encode()).digest())
    return found[:most]


def measure(articles: Sequence[Article], each: int) -> Tally:
    """Make quotations of each kind from every article, and check them."""
    maker = Maker(articles)
    return tally(
        maker, (made for article in articles for make in (maker.false, maker.true) for made in make(article, each))
    )


def tally(maker: Maker, quotations: Iterable[Made]) -> Tally:
    """Check quotations against the articles that they are said to be from."""
    seen = Tally()
    for made in quotations:
        checked = check(made.words, [made.cited], maker.find, made.speaker)
        seen.verdicts.setdefault(made.kind, Counter())[checked.verdict] += 1
        if checked.shown and made.verdict not in TRUE:
            seen.accepted.append((made, checked))
        if made.verdict in TRUE and not (checked.shown and _is_printed(made, checked)):
            seen.refused.append((made, checked))
        if checked.verdict is not made.verdict:
            seen.misnamed.append((made, checked))
    return seen


def _is_printed(made: Made, checked: Checked) -> bool:
    """Tell whether the quote that came back has the words that were taken, as they are printed."""
    quote = checked.quote
    return quote is not None and quote.text in made.cited.text and bare(quote.text) == bare(made.text or made.words)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", nargs="?", type=Path, default=SEEDS)
    arguments.add_argument("--articles", type=int, default=None)
    arguments.add_argument("--each", type=int, default=8, help="quotations of each kind from an article")
    arguments.add_argument("--show", type=int, default=5, help="how many of those that went wrong to print")
    given = arguments.parse_args()
    articles = articles_of(given.corpus, given.articles)
    begun = time.perf_counter()
    seen = measure(articles, given.each)
    say(f"{seen.made:,} quotations from {len(articles):,} articles, {time.perf_counter() - begun:.0f} s")
    for kind, counts in seen.verdicts.items():
        say(
            f"  {kind:11s} {sum(counts.values()):6,}  " + ", ".join(f"{name} {n:,}" for name, n in counts.most_common())
        )
    for name in ("accepted", "refused", "misnamed"):
        cases = getattr(seen, name)
        say(f"{name}: {len(cases):,}")
        for made, checked in cases[: given.show]:
            say(f"    {made.kind} {made.cited.id}: {made.words!r}\n        {checked.verdict}: {checked.says}")
    return 1 if seen.accepted or seen.refused else 0


if __name__ == "__main__":
    sys.exit(main())
