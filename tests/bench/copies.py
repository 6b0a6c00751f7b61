"""Measures the search for near-copies: `python -m tests.bench.copies CORPUS [--copies 200] [--show 30]`.

Made copies are of articles of the corpus, one kind of change after the other: the last paragraphs cut, the text wrapped
again, one word in twenty changed, cut and changed, a foot added. Hard negatives are the corpus' own: live blogs, daily
letters and series of one publisher, whose pages share their frames. A made pair counts as found if it is in one report;
a made copy that is near to anything but its article and that one's own copies counts as false. `--show` prints pairs.
"""

import argparse
import random
import re
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index.article import Article
from index.copies.links import links
from index.copies.near import Pair, near_pairs
from index.copies.signed import Signed, sign
from index.load.records import load_records
from rag.terminal import say

Change = Callable[[str, random.Random], str]


def cut(text: str, chance: random.Random) -> str:
    parts = text.split("\n\n")
    return "\n\n".join(parts[: max(1, round(len(parts) * chance.uniform(0.5, 0.8)))])


def wrapped(text: str, chance: random.Random) -> str:
    width = chance.choice((60, 72, 100))
    return "\n\n".join(textwrap.fill(part, width) for part in text.split("\n\n")).replace("“", '"').replace("’", "'")


def edited(text: str, chance: random.Random) -> str:
    return re.sub(r"\w+", lambda word: "reworded" if chance.random() < 0.05 else word.group(), text)


def cut_and_edited(text: str, chance: random.Random) -> str:
    return re.sub(r"\w+", lambda word: "reworded" if chance.random() < 0.03 else word.group(), cut(text, chance))


def footed(text: str, chance: random.Random) -> str:
    return f"{text}\n\nThe agency contributed to this report, number {chance.randrange(9999)}. Subscribe for more news."


CHANGES: dict[str, Change] = {
    "cut": cut, "wrapped": wrapped, "5 % of words changed": edited, "cut, 3 % changed": cut_and_edited, "foot": footed,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N pairs of the corpus itself")
    arguments = parser.parse_args()
    articles = [each for each in load_records(arguments.corpus, "c") if isinstance(each, Article)]
    chance = random.Random(7)  # noqa: S311 - a fixed choice
    long = [place for place, each in enumerate(articles) if len(each.text.split()) >= 120]
    made: list[tuple[str, int]] = []
    copies: list[Article] = []
    for number, place in enumerate(chance.sample(long, arguments.copies)):
        kind = list(CHANGES)[number % len(CHANGES)]
        one = articles[place]
        text = CHANGES[kind](one.text, chance)
        copies.append(Article(f"copy-{number}", f"Wire: {one.title[::-1]}", text, "", one.published, publisher="Post"))
        made.append((kind, place))
    everything = [*articles, *copies]
    started = time.process_time()
    known = [sign(each) for each in everything]
    signed_s = time.process_time() - started
    started = time.process_time()
    pairs = _pairs(everything, known)
    found = links(known, pairs, [])
    linked_s = time.process_time() - started
    say(f"{len(everything):,} articles: {signed_s:.1f} s of CPU for signatures, {linked_s:.1f} s for pairs and links")
    _score(len(articles), made, pairs, found.reports)
    report = {place: number for number, places in enumerate(found.reports) for place in places}
    own = [
        pair for pair in pairs if pair.other < len(articles) and report.get(pair.one, -1) == report.get(pair.other, -2)
    ]
    say(f"the corpus itself: {len(own)} pairs of one report, {len(found.newer)} superseded")
    for pair in chance.sample(own, min(arguments.show, len(own))):
        _print(articles, pair, found.newer.get(pair.one) or found.newer.get(pair.other))


def _pairs(articles: list[Article], known: list[Signed]) -> list[Pair]:
    minima = [each.signature.minima for each in known]
    return near_pairs(minima, [each.signature.shingles for each in known], lambda place: articles[place].text)


def _score(size: int, made: list[tuple[str, int]], pairs: list[Pair], reports: tuple[tuple[int, ...], ...]) -> None:
    together = {pair[:2] for pair in pairs}
    report = {place: number for number, places in enumerate(reports) for place in places}
    hit: Counter[str] = Counter()
    for number, (kind, place) in enumerate(made):
        hit[kind] += report.get(place, -1) == report.get(size + number, -2)
    for kind in CHANGES:
        say(f"  {kind:22s} {hit[kind]} of {sum(each == kind for each, _ in made)} in one report")
    theirs = [pair for pair in together if pair[1] >= size]
    false = [pair for pair in theirs if not _true(pair, made, size, together)]
    true = len(theirs) - len(false)
    say(f"  recall {sum(hit.values()) / len(made):.3f}, precision {true / max(1, len(theirs)):.3f}")


def _true(pair: tuple[int, int], made: list[tuple[str, int]], size: int, together: set[tuple[int, int]]) -> bool:
    """Tell whether the other article of a pair is what was copied, or is itself a copy of that."""
    source = made[pair[1] - size][1]
    other = pair[0] if pair[0] < size else made[pair[0] - size][1]
    return other == source or (min(other, source), max(other, source)) in together


def _print(articles: list[Article], pair: Pair, newer: object) -> None:
    texts = pair.texts
    say(f"\nJaccard {texts.jaccard:.2f}, within {texts.within:.2f}, begins {texts.begins:.2f}; newer: {newer}")
    for place in pair[:2]:
        each = articles[place]
        say(f"  {each.published} {each.publisher} {each.title!r} {len(each.text)}\n    {each.text[:160]!r}")


if __name__ == "__main__":
    main()
