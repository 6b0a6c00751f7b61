"""Measures who says what: precision and recall of `rag.speech` on quotations labelled by reading.

    python -m tests.bench.speakers [--wrong]

`speakers.jsonl` holds places and speakers, no text: every quotation of each article chosen, in `seeds/` and in 62
articles of ../shared/bench/news-2022-2023 (of 110 drawn by a fixed seed those of at most 7,000 characters with any
quotation mark). They were labelled before the rules were run on them. "either_way" marks what may be speech or not: a
headline in a link, one word. A speaker is right when the last word of the name is, and the first where both give
several; or when an unnamed one is the same phrase; "also" holds other ways of naming the same. A quotation that is not
found, or has no speaker, costs recall; a speaker given to what nobody says, or nobody is named for, costs precision.
The rules were tuned on the half of the articles (by a hash of their id) that `tuned` names; of the other half
only totals and counts of failures were seen, so that it is no wholly untouched test.
`--wrong` prints what is missed and what is wrong in the tuned half.
"""

import gzip
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load import find, load
from rag.speech import quotations

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BENCH = ROOT.parent / "shared" / "bench" / "news-2022-2023" / "corpus.jsonl.gz"
LABELS = HERE / "speakers.jsonl"


@dataclass(slots=True)
class Counts:
    """How many quotations have a speaker, how many speakers were given, how many of these are right."""

    labelled: int = 0
    given: int = 0
    right: int = 0

    def add(self, other: "Counts") -> None:
        """Add the counts of another article."""
        self.labelled += other.labelled
        self.given += other.given
        self.right += other.right

    @property
    def precision(self) -> float:
        """Return the share of the speakers given that are right."""
        return self.right / max(1, self.given)

    @property
    def recall(self) -> float:
        """Return the share of the quotations with a speaker whose speaker was given, rightly."""
        return self.right / max(1, self.labelled)


def labels() -> dict[str, list[dict[str, Any]]]:
    """Return the labels by article; an article without a quotation has one without a place."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        found[label["article"]].append(label)
    return dict(found)


def seeds() -> dict[str, Article]:
    """Return the articles of the sample archive, by the names that the labels have for them."""
    loaded = (article for file in find([ROOT / "seeds"]) if not isinstance(file, LoadError) for article in load(file))
    return {f"seeds/{each.id}": each for each in loaded if isinstance(each, Article)}


def bench(wanted: Iterable[str]) -> dict[str, Article]:
    """Return the articles of the news set that have labels; none where the set is not there."""
    if not BENCH.exists():
        return {}
    keep = set(wanted)
    with gzip.open(BENCH, "rt", encoding="utf-8") as stream:
        records = (json.loads(line) for line in stream)
        return {each["id"]: Article(each["id"], each["title"], each["text"]) for each in records if each["id"] in keep}


def tuned(article: str) -> bool:
    """Tell whether an article is of the half that the rules were tuned on."""
    return int(hashlib.sha256(article.encode()).hexdigest(), 16) % 2 == 0


def same(name: str, label: str) -> bool:
    """Tell whether two names are the same: by last word, and the first where both have several; or as a phrase."""
    ours, theirs = (re.findall(r"[\w’'.-]+", each.lower().replace("’", "'")) for each in (name, label))
    ours, theirs = ([w.strip(".") for w in each if w not in {"the", "a", "an"}] for each in (ours, theirs))
    if ours == theirs:
        return True
    if not ours or not theirs or not label[:1].isupper() or not name[:1].isupper():
        return False
    return ours[-1] == theirs[-1] and (len(ours) == 1 or len(theirs) == 1 or ours[0] == theirs[0])


def measure(article: Article, known: list[dict[str, Any]], wrong: list[str] | None = None) -> Counts:
    """Compare what the rules say with the labels of one article."""
    digest = hashlib.sha256(article.text.encode()).hexdigest()
    if any(label["sha256"] != digest for label in known):
        raise ValueError(f"{article.id}: its text is not the one that was labelled")
    counts = Counts(labelled=sum(label.get("speaker") is not None for label in known))
    open_labels = [label for label in known if "start" in label]
    met: set[int] = set()
    for each in quotations(article):
        label = next((label for label in open_labels if _shared(each.quote.start, each.quote.end, label) > 0.5), None)
        if label is not None:
            met.add(label["start"])
        if each.speaker is None:
            if label is not None and label["speaker"] and wrong is not None:
                wrong.append(f"NONE  {label['speaker']!r} {_context(article, each.quote.start, each.quote.end)}")
            continue
        if label is not None and label.get("either_way"):
            continue
        counts.given += 1
        names = [label["speaker"], *label.get("also", ())] if label and label["speaker"] else []
        if any(same(each.speaker.name, name) for name in names):
            counts.right += 1
        elif wrong is not None:
            wrong.append(
                f"WRONG {each.speaker.name!r} for {names} {_context(article, each.quote.start, each.quote.end)}"
            )
    if wrong is not None:
        wrong += [
            f"MISSED {label['speaker']!r} {_context(article, label['start'], label['end'])}"
            for label in open_labels
            if label["speaker"] and label["start"] not in met
        ]
    return counts


def _shared(start: int, end: int, label: dict[str, Any]) -> float:
    """Return the share of the two spans together that both have."""
    both = min(end, label["end"]) - max(start, label["start"])
    return both / (max(end, label["end"]) - min(start, label["start"]))


def _context(article: Article, start: int, end: int) -> str:
    before, after = article.text[max(0, start - 120) : start], article.text[end : end + 90]
    inside = article.text[start:end]
    shown = inside if len(inside) < 60 else f"{inside[:30]} … {inside[-20:]}"
    return f"[{article.id} {start}] …{before}⟦{shown}⟧{after}…".replace("\n", " / ")


def main(argv: list[str]) -> int:
    """Print the figures; with --wrong what the tuned half gets wrong."""
    known = labels()
    articles = seeds() | bench(known)
    parts: dict[str, Counts] = defaultdict(Counts)
    wrong: list[str] = []
    for name, each in known.items():
        if name not in articles:
            continue
        ours = name.startswith("seeds/")
        part = "sample archive" if ours else "news, tuned half" if tuned(name) else "news, held-out half"
        parts[part].add(measure(articles[name], each, wrong if ours or tuned(name) else None))
    if "--wrong" in argv:
        sys.stdout.write("\n".join(wrong) + "\n")
    for part, counts in sorted(parts.items()):
        sys.stdout.write(
            f"{part:20s} precision {counts.precision:.3f}  recall {counts.recall:.3f}  "
            f"({counts.labelled} quotations with a speaker, {counts.given} given, {counts.right} right)\n"
        )
    if not BENCH.exists():
        sys.stderr.write(f"{BENCH} is not there: only the sample archive was measured.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
