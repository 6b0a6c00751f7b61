"""Asks an archive yes/no questions with known answers, and counts what is said.

    python -m tests.bench.yesno DATA [QUESTIONS]

DATA is an index of `seeds/`. Each line of QUESTIONS (default: `yesno.jsonl` beside this file) has a question, the date
it is asked on, and the verdict that the articles give: "yes", "no", or "unsaid". A "yes" or "no" before the quotes must
be right; quotes without either are never wrong, only less.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rag import open_index
from rag.chat import Chat
from rag.retrieve import Retriever

QUESTIONS = Path(__file__).with_name("yesno.jsonl")


def said(retriever: Retriever, questions: Iterable[dict[str, str]]) -> Counter[tuple[str, str]]:
    """Return how often what is known (yes, no, unsaid) met what was said (yes, no, unsaid, refused)."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in questions:
        answer = Chat(retriever).ask(each["question"], date.fromisoformat(each["date"]))
        words = answer.lead.rstrip(".").replace(",", "").replace(".", "").split()
        # "Yes", "No (as of 3 May 2026)", "According to Mayor Holt, yes"
        verdict = next((word.lower() for word in words if word.lower() in {"yes", "no"}), "unsaid")
        counts[each["verdict"], "refused" if answer.refused else verdict] += 1
    return counts


def questions(path: Path = QUESTIONS) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


if __name__ == "__main__":
    found = said(open_index(sys.argv[1]), questions(Path(sys.argv[2]) if len(sys.argv) > 2 else QUESTIONS))
    for (known, verdict), count in sorted(found.items()):
        sys.stdout.write(f"{known:>7} said as {verdict:<8} {count:4}\n")
    wrong = sum(count for (known, verdict), count in found.items() if verdict in {"yes", "no"} and verdict != known)
    sys.stdout.write(f"wrong: {wrong} of {found.total()}\n")
