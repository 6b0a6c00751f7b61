"""Shows how often something is carried over into a question of another subject.

    python -m tests.bench.subjects QUESTIONS...

Each question of a set (see `rag.evaluation.evaluate`) that leans on no earlier turn is asked after another one of the
set, one that other articles answer. All that the rules of `rag.followups` then add to it, or change in it, is wrong.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from rag.evaluation.evaluate import Question, read_questions
from rag.followups import Earlier, standalone
from rag.terminal import say

_TODAY = date(2025, 1, 1)  # for questions that have no day


def pairs(questions: Sequence[Question]) -> Iterator[tuple[Question, Question]]:
    """Yield each question and the one before it, in an order that has nothing to do with what they ask."""
    whole = [each for each in questions if each.answerable and not each.earlier]
    whole.sort(key=lambda each: hashlib.sha256(each.id.encode()).hexdigest())
    for place, question in enumerate(whole):
        others = [*whole[place + 1 :], *whole[:place]]
        before = next((each for each in others if not each.evidence & question.evidence), None)
        if before:
            yield before, question


def carried(file: Path) -> tuple[list[str], int]:
    """Return what was searched for where something was carried over, and how many questions were asked."""
    found: list[str] = []
    count = 0
    for before, question in pairs(read_questions(file)):
        count += 1
        answered = next((words for _, words in before.proof if words), "")
        said = Earlier(before.question, before.question, answered, day=before.asked)
        searched = standalone(question.question, [said], question.asked or _TODAY)
        found += [searched] if searched != question.question else []
    return found, count


def main(argv: Sequence[str] | None = None) -> int:
    """Print the questions that something was carried over into, and how many they are."""
    for name in sys.argv[1:] if argv is None else argv:
        found, count = carried(Path(name))
        for searched in found:
            say(searched)
        say(f"{name}: carried over into {len(found)} of {count} questions of another subject")
    return 0


if __name__ == "__main__":
    sys.exit(main())
