"""Question sets and runs made by chance, as good as one says: for what is measured of them, not how they came about."""

import random
from typing import Any

from rag.evaluation.evaluate import Question


def questions(count: int, answerable: float = 0.75) -> list[Question]:
    """Return questions; those that are answerable have the article "a<number>" as evidence, and "yes" as answer."""
    made = []
    for number in range(count):
        can = number < count * answerable
        made.append(
            Question(
                id=f"q{number}",
                question=f"Is it {number}?",
                answers=("yes",) if can else (),
                answerable=can,
                type=("even", "odd")[number % 2] if can else "unanswerable",
                asked=None,
                evidence=frozenset({f"a{number}"} if can else ()),
                earlier=(),
                proof=((f"a{number}", "The answer is yes."),) if can else (),
            )
        )
    return made


def rows(asked: list[Question], first: float, seed: int, refused: float = 0.1) -> list[dict[str, Any]]:
    """Return a run: a share of `first` is right at once, the others in the third place; one in ten never."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    made = []
    for each in asked:
        key = next(iter(each.evidence), "x")
        hit = {"article_id": key, "start": 0, "end": 12, "text": "It says: yes."}
        miss = [{"article_id": f"m{place}", "start": 0, "end": 9, "text": "It is not."} for place in range(4)]
        roll = chance.random()
        spans = [hit, *miss] if roll < first else [*miss[:2], hit, *miss[2:]] if roll < 0.9 else miss
        no = chance.random() < (refused if each.answerable else 0.8)
        made.append(
            {
                "id": each.id,
                "refused": no,
                "confidence": round(0.49 * chance.random() + (0 if no else 0.5), 6),
                "passages": spans,
                "quotes": spans,
                "seconds": round(0.1 + 0.2 * chance.random(), 4),
                "stages": {"dense": 0.01, "late <interaction>": round(0.05 + 0.1 * chance.random(), 4)},
            }
        )
    return made
