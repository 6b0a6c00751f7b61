"""The command `pullquote eval`: asks a question set, measures, compares and reports; or drafts a question set."""

import json
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

from index.article import Article
from index.builder import build_index
from index.embed import SentenceTransformerEmbedder
from index.errors import SettingsError
from index.load import SourceFile, find, load
from rag.calibration import calibrated
from rag.evaluation.bootstrap import Interval
from rag.evaluation.evaluate import Question, read_questions, read_run, run, write_run
from rag.evaluation.figures import (
    LOWER_IS_BETTER,
    Comparison,
    Outcomes,
    compare,
    figures,
    intervals,
    measures,
    outcomes,
    short,
)
from rag.files import check_place
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.terminal import Bar, print_json, say

DATA = ".pullquote-eval"
_NAMED = 5  # ids written out before "…"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of a question set, and how to look up the articles that it was asked of."""

    rows: list[dict[str, Any]]
    article: Callable[[str], Article | None]
    model: str


def evaluate(arguments: Namespace) -> int:
    """Ask a question set, write its run file and report, print the figures, and compare them with floors."""
    questions = read_questions(Path(arguments.queries))
    earlier = read_run(Path(arguments.against)) if arguments.against else None
    floors = _floors(Path(arguments.floors)) if arguments.floors else {}
    for file in filter(None, (arguments.run, arguments.report)):
        check_place(Path(file))  # before the long work
    asked = _replayed(arguments) if arguments.replay else _asked(arguments, questions)
    if arguments.run:
        write_run(Path(arguments.run), asked.rows)
    judged = outcomes(questions, asked.rows)
    found = figures(judged)
    spread = intervals(measures(judged), len(questions))
    comparison = compare(judged, earlier, arguments.against) if earlier is not None else None
    _warn(judged, asked, comparison, arguments)
    for file, rows in ((arguments.replay, asked.rows), (arguments.against, earlier or [])):
        if file and (others := {row["id"] for row in rows} - {each.id for each in questions}):
            say(f"{_some(sorted(others))} of {file} not in {arguments.queries}: passed over.", error=True)
    if arguments.json:
        _print_object(found, spread, comparison)
    else:
        _print_lines(found, spread, comparison)
    if arguments.report:
        from rag.evaluation.report import Context, write_report

        about = Context(str(arguments.corpus), str(arguments.queries), asked.model, asked.article)
        write_report(Path(arguments.report), judged, about, comparison)
    return _below(found, floors, arguments.floors)


def make(arguments: Namespace) -> int:
    """Draft questions about the articles of a corpus, and write them as a question set."""
    from rag.evaluation.draft import drafts, write_drafts

    check_place(Path(arguments.make))
    with Bar() as bar:
        made = drafts(_articles(Path(arguments.corpus)), arguments.count, progress=bar.show)
    write_drafts(Path(arguments.make), made)
    types = {each["type"]: sum(other["type"] == each["type"] for other in made) for each in made}
    if arguments.json:
        print_json({"file": str(arguments.make), "questions": len(made), "types": types})
        return 0
    few = " (no more sentences are clear enough)" if len(made) < arguments.count else ""
    listed = ", ".join(f"{count} {name}" for name, count in types.items())
    say(f"{len(made)} drafts in {arguments.make}{few}: {listed}.")
    say("They are drafts, made by rules: read each beside its evidence, mend or delete it, and add other answers")
    say(f"that are as right. Then: pullquote eval {arguments.corpus} {arguments.make}")
    return 0


# Asking


def _asked(arguments: Namespace, questions: Sequence[Question]) -> _Asked:
    # Never the index that is asked every day: its sources would be replaced by the corpus.
    settings = Settings.load(data=arguments.data or DATA, model=arguments.model)
    with Bar() as bar:
        embedder = SentenceTransformerEmbedder(settings.model)  # once, for what is built and what is asked
        build_index([Path(arguments.corpus)], settings.data, embedder, progress=bar.show)
        retriever = Retriever(calibrated(settings, embedder.name), embedder)
        rows = list(run(retriever, questions, progress=lambda done, total: bar.show("asking", done, total)))
    return _Asked(rows, retriever.article, retriever.index.manifest.model)


def _replayed(arguments: Namespace) -> _Asked:
    by_id = {article.id: article for article in _articles(Path(arguments.corpus))} if arguments.report else {}
    return _Asked(read_run(Path(arguments.replay)), by_id.get, "")


def _articles(corpus: Path) -> list[Article]:
    files = [found for found in find([corpus]) if isinstance(found, SourceFile)]
    articles = [article for file in files for article in load(file) if isinstance(article, Article)]
    if not articles:
        raise SettingsError(f"{corpus}: no article found in it. Name a folder of articles, or a .jsonl file.")
    return articles


# Saying


def _warn(judged: Outcomes, asked: _Asked, comparison: Comparison | None, arguments: Namespace) -> None:
    """Say on stderr what a figure does not show: questions missing from a run, evidence missing from the corpus."""
    if judged.missing:
        say(f"{_some(judged.missing)} not in {arguments.replay}: counted as not found.", error=True)
    if comparison and comparison.only_now:
        say(f"{_some(comparison.only_now)} not in {arguments.against}: left out of the comparison.", error=True)
    if comparison and comparison.only_before:
        say(f"{_some(comparison.only_before)} only in {arguments.against}: left out of the comparison.", error=True)
    if not arguments.replay:
        gone = [each.id for each in judged.questions if each.evidence and not any(map(asked.article, each.evidence))]
        if gone:
            say(f"{_some(gone)} with no evidence article in {arguments.corpus}: they cannot be answered.", error=True)


def _some(ids: Iterable[str]) -> str:
    named = list(ids)
    more = ", …" if len(named) > _NAMED else ""
    return f"{len(named)} question{'s' * (len(named) != 1)} ({', '.join(named[:_NAMED])}{more})"


def _print_lines(found: dict[str, float], spread: dict[str, Interval], comparison: Comparison | None) -> None:
    changes = {each.name: each for each in comparison.differences} if comparison else {}
    for name, value in found.items():
        if name not in spread:
            say(f"{name:22s} {short(value):>5s}" if name == "ece" else f"{name:22s} {value:g}")
            continue
        within = "" if isnan(spread[name].low) else f"  {short(spread[name].low)} to {short(spread[name].high)}"
        change = f"  {changes[name]}" if name in changes else ""
        say(f"{name:22s} {short(value):>5s}{within:16s}{change}".rstrip())
    if comparison:
        say(f"compared by {len(comparison.now.questions)} questions; intervals are of 95 %, by bootstrap")


def _print_object(found: dict[str, float], spread: dict[str, Interval], comparison: Comparison | None) -> None:
    printed: dict[str, Any] = {name: _number(value) for name, value in found.items()}
    printed["intervals"] = {name: [_number(end) for end in each] for name, each in spread.items()}
    if comparison:
        printed["against"] = {
            "questions": len(comparison.now.questions),
            "only now": comparison.only_now,
            "only before": comparison.only_before,
            "differences": {
                each.name: {
                    "now": _number(each.now),
                    "before": _number(each.before),
                    "interval": [_number(end) for end in each.spread],
                    "counts": each.counts,
                }
                for each in comparison.differences
            },
        }
    print_json(printed)


def _number(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)


def _floors(file: Path) -> dict[str, float]:
    try:
        floors: dict[str, float] = dict(json.loads(file.read_text("utf-8")))
        if not all(isinstance(floor, int | float) for floor in floors.values()):
            raise TypeError("each floor is a number")
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"{file}: no floors can be read from it ({error}).") from error
    return floors


def _below(found: dict[str, float], floors: dict[str, float], file: str) -> int:
    code = 0
    for name, floor in floors.items():
        if name not in found:
            raise SettingsError(f"{file}: {name!r} is no figure. There are: {', '.join(found)}.")
        ceiling = bool(LOWER_IS_BETTER.search(name))
        if (found[name] > floor) if ceiling else not found[name] >= floor:
            say(f"{name} is {found[name]:g}, {'above' if ceiling else 'below'} {floor}", error=True)
            code = 1
    return code
