"""Shows what follow-ups gain by being made to stand alone, on real conversations.

    python -m tests.bench.conversations ../shared/bench/conversations/conversations.jsonl.gz DATA [--half tuned|other]

All passages of all records become one archive, indexed in DATA the first time: a record's own are a handful, so that
anything would find them. The last turn of each record is asked (a) by itself and (b) made to stand alone by the rules
of `rag.followups`, through the same retriever; the record's own answers are the earlier answers. Where they leave it
as it is, what is found for it with the words of the question before it counts by half. Recall@k is the share of the
passages that the record's answer was written from, among the first k found. Records without such passages cannot be
measured and are left out. The rules were written while looking at one half of the records, by a hash of their ids; the
other half was only measured.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index.errors import QuestionError
from rag import Retriever, build_index, open_index
from rag.evaluation.bootstrap import Column, Measure, interval, resampled, value
from rag.evaluation.figures import short
from rag.followups import Earlier, standalone, with_last
from rag.terminal import say

KS = (1, 5, 10)
KINDS = {"Follow-up": "follow-ups", "Clarification": "clarifications", "N/A": "others"}
_DEEP = 40  # passages; several are of one text
_TODAY = date(2025, 1, 1)  # the records have no dates

Rewrite = Callable[[str, Sequence[Earlier]], str]


@dataclass(frozen=True, slots=True)
class Record:
    """The last turn of a conversation, what was said before it, and what its answer was written from."""

    id: str
    kind: str
    question: str
    earlier: tuple[Earlier, ...]
    evidence: frozenset[str]

    @property
    def tuned(self) -> bool:
        """Tell whether it is of the half that the rules were written on."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 1


def records(file: Path) -> Iterator[tuple[Record, list[dict[str, str]]]]:
    """Yield each record with its passages, as records that a build reads."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            passages = [
                {"id": each["doc_id"], "title": each["title"] or "", "text": each["text"].strip()}
                for each in row["contexts"]
            ]
            yield (
                Record(
                    row["id"],
                    KINDS[row["multi_turn"][0]],
                    " ".join(row["question"].split()),
                    tuple(_said(row["turns"][:-1])),
                    frozenset(each["id"] for each in passages),
                ),
                passages,
            )


def _said(turns: Sequence[dict[str, str]]) -> Iterator[Earlier]:
    """Yield the questions of a conversation, each made to stand alone after those before it, as a chat makes them."""
    said: list[Earlier] = []
    for number, turn in enumerate(turns):
        if turn["role"] == "user":
            answer = turns[number + 1]["text"] if number + 1 < len(turns) else ""
            question = " ".join(turn["text"].split())
            said.append(Earlier(question, standalone(question, said, _TODAY), answer))
            yield said[-1]


def recall(retriever: Retriever, question: str, evidence: frozenset[str], context: str | None = None) -> list[float]:
    """Return recall at each of `KS`: 0 where the question cannot be searched for."""
    try:
        hits = retriever.find(question, k=_DEEP, context=context).hits
    except QuestionError:
        return [0.0] * len(KS)
    found = list(dict.fromkeys(hit.article.id for hit in hits))
    return [len(evidence.intersection(found[:k])) / len(evidence) for k in KS]


def report(kinds: Sequence[str], alone: np.ndarray, rewritten: np.ndarray) -> Iterator[str]:
    """Yield a line for each kind and k: (questions, KS) recalls by the turn alone and rewritten."""
    for kind in dict.fromkeys(KINDS.values()):
        counted = np.asarray([each == kind for each in kinds])
        measures: dict[str, Measure] = {}
        for place, k in enumerate(KS):
            measures[f"alone {k}"] = Column(alone[:, place], counted)
            measures[f"rewritten {k}"] = Column(rewritten[:, place], counted)
        spread = resampled(measures, len(kinds))
        for k in KS:
            before, now = (value(measures[f"{name} {k}"]) for name in ("alone", "rewritten"))
            low, high = interval(spread[f"rewritten {k}"] - spread[f"alone {k}"])
            yield (
                f"{kind:15s} {counted.sum():4d}  recall@{k:<2d}  alone {short(before)}  rewritten {short(now)}  "
                f"{'+' if now >= before else ''}{short(now - before)} ({short(low)} to {short(high)})"
            )


def opened(file: Path, data: Path) -> Retriever:
    """Return the archive of all passages, built where it is not there yet."""
    if not data.exists():
        data.mkdir(parents=True)
        by_id = {each["id"]: each for _, passages in records(file) for each in passages}
        corpus = data / "passages.jsonl"
        corpus.write_text("".join(f"{json.dumps(by_id[key])}\n" for key in sorted(by_id)), "utf-8")
        build_index([corpus], data)
    return open_index(data)


def main(argv: Sequence[str] | None = None) -> int:
    """Ask all records, or one half of them, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("conversations", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=["tuned", "other"])
    parser.add_argument("--show", action="store_true", help="print each question that fares differently")
    arguments = parser.parse_args(argv)
    retriever = opened(arguments.conversations, arguments.data)
    chosen = [each for each, _ in records(arguments.conversations) if each.evidence]
    if arguments.half:
        chosen = [each for each in chosen if each.tuned == (arguments.half == "tuned")]
    alone, rewritten, changed = [], [], 0
    for each in chosen:
        alone.append(recall(retriever, each.question, each.evidence))
        question = standalone(each.question, each.earlier, _TODAY)
        context = with_last(each.question, each.earlier) if question == each.question else None
        same = question == each.question and context is None
        changed += not same
        rewritten.append(alone[-1] if same else recall(retriever, question, each.evidence, context))
        if arguments.show and alone[-1][1] != rewritten[-1][1]:
            say(
                f"{each.kind}: {alone[-1][1]:.2f} -> {rewritten[-1][1]:.2f}  {each.question}\n    {context or question}"
            )
    say(f"{len(chosen)} records, {changed} of them rewritten; intervals of 95 %, paired by record")
    for line in report([each.kind for each in chosen], np.asarray(alone), np.asarray(rewritten)):
        say(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
