"""From what the contenders wrote to figures, and their ratios to Pullquote's."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.evaluate import Question
from rag.evaluation.figures import measure, milliseconds

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    name: str
    digits: int
    ratio: bool = True
    """Whether the others are printed as multiples of the first, too."""


ROWS = (
    Row("build s", 1), Row("build CPU s", 1), Row("articles/s", 2), Row("passages/s", 2),
    Row("passages", 0, ratio=False), Row("search p50 ms", 1), Row("search p95 ms", 1), Row("search CPU p50 ms", 1),
    Row("answer p50 ms", 1), Row("answer p95 ms", 1), Row("answer CPU p50 ms", 1),
    Row("passage hits@1", 3), Row("passage hits@5", 3),
    Row("article hits@1", 3), Row("article hits@5", 3), Row("words a passage", 0, ratio=False), Row("build MB", 0),
    Row("ask MB", 0), Row("disk MB", 1), Row("disk KB a passage", 1),
)  # fmt: skip


def built(result: Mapping[str, Any], articles: int, store: Path) -> Figures:
    """Return the figures of a build."""
    disk = sum(each.stat().st_size for each in store.rglob("*") if each.is_file())
    return {
        "build s": result["seconds"],
        "build CPU s": result["cpu_seconds"],
        "articles/s": articles / result["seconds"],
        "passages/s": result["passages"] / result["seconds"],
        "passages": result["passages"],
        "build MB": result["peak_mb"],
        "disk MB": disk / 2**20,
        "disk KB a passage": disk / 1024 / max(1, result["passages"]),
    }


def asked(result: Mapping[str, Any], questions: Sequence[Question]) -> Figures:
    """Return the figures of the questions: hits are counted as `pullquote eval` counts them."""
    rows = result["rows"]
    runs = [row | {"refused": False, "confidence": 1.0, "quotes": []} for row in rows]
    scored = measure(questions, runs)
    names = ("passage hits@1", "passage hits@5", "article hits@1", "article hits@5")
    found = {name: scored[name] for name in names} | {"ask MB": result["peak_mb"]}
    texts = [passage["text"] for row in rows for passage in row["passages"]]
    found["words a passage"] = sum(len(text.split()) for text in texts) / max(1, len(texts))
    for name, key in (("search", ""), ("search CPU", "cpu_"), ("answer", "answer_"), ("answer CPU", "answer_cpu_")):
        if seconds := sorted(row[f"{key}seconds"] for row in rows if f"{key}seconds" in row):
            found |= {f"{name} p{share} ms": milliseconds(seconds, share / 100) for share in (50, 95)}
    return found


def table(contenders: Mapping[str, Figures]) -> str:
    """Return the figures side by side; in brackets, what each is as a multiple of the first contender's."""
    names = list(contenders)
    width = 20
    lines = [f"{'':18s}" + "".join(f"{name:>{width}s}" for name in names)]
    for row in ROWS:
        values = [contenders[name].get(row.name, math.nan) for name in names]
        if all(math.isnan(value) for value in values):
            continue
        cells = [f"{_cell(value, values[0], row, first=place == 0):>{width}s}" for place, value in enumerate(values)]
        lines.append(f"{row.name:18s}" + "".join(cells))
    return "\n".join(lines) + "\n"


def _cell(value: float, first_value: float, row: Row, *, first: bool) -> str:
    if math.isnan(value):
        return "–"
    shown = f"{value:.{row.digits}f}"
    if first or not row.ratio or not first_value or math.isnan(first_value):
        return shown
    return f"{shown} ({value / first_value:.2f}x)"


Median = Callable[[Sequence[float]], float]


def merged(rounds: Sequence[Figures], middle: Median) -> Figures:
    """Return the middle of each figure over several rounds."""
    return {name: middle([each[name] for each in rounds if name in each]) for name in rounds[0]}
