"""The report of an evaluation: one HTML file that needs nothing else, neither another file nor a script."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index.article import Article
from index.errors import SettingsError
from rag import __version__
from rag.evaluation.bootstrap import Column, Flags, Interval, Measure, value
from rag.evaluation.figures import (
    MAIN,
    Comparison,
    Outcomes,
    intervals,
    measures,
    milliseconds,
    short,
)
from rag.evaluation.report.cards import cases_part, said
from rag.evaluation.report.cases import groups
from rag.evaluation.report.plots import plots_part

_LEAST = 5  # questions from which on a publisher gets a row
_MEANS = {
    "passage hits@1": "the first passage is of an article that answers, and holds the answer",
    "quote hits@1": "the first quote does so, in at most 60 words",
    "article hits@1": "the first article is one that answers",
    "passage mrr@10": "mean of 1 / place of the first passage that holds the answer",
    "article ndcg@10": "how near the articles that answer stand to the top, 1 is all of them first",
    "refused unanswerable": "rightly: no article answers",
    "refused answerable": "wrongly; lower is better",
    "auroc": "chance that an answerable question got more confidence than one that is not",
    "right": "answered with a first quote that holds the answer, or rightly refused",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What was asked of what, for the head of the report and for the articles' names in it."""

    corpus: str
    queries: str
    model: str
    """Name of the embedding model, empty where it is not known."""
    article: Callable[[str], Article | None]


def write_report(file: Path, run: Outcomes, about: Context, comparison: Comparison | None = None) -> None:
    """Write the report.

    Raises:
        SettingsError: it cannot be written there.
    """
    try:
        file.write_text(report(run, about, comparison), "utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: the report cannot be written there ({error.strerror}).") from error


def report(run: Outcomes, about: Context, comparison: Comparison | None = None) -> str:
    """Return the report as an HTML document."""
    made = measures(run)
    spread = intervals(made, len(run.questions))
    parts = [
        _head(run, about),
        _tiles(made, spread),
        _table(run, made, spread, comparison),
        plots_part(run),
        _breakdowns(run, about),
        cases_part(run, about.article, comparison),
    ]
    style = Path(__file__).with_name("style.css").read_text("utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation: {said(about.queries)}</title><style>{style}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _head(run: Outcomes, about: Context) -> str:
    answerable = int(run.answerable.sum())
    days = sorted(each.asked for each in run.questions if each.asked)
    asked = f"; asked as of {_day(days[0])} to {_day(days[-1])}" if days else ""
    model = f"; model {said(about.model)}" if about.model else ""
    missing = f"; {len(run.missing)} of them are not in the run and count as not found" if run.missing else ""
    return (
        f"<header><h1>How well the articles were searched</h1>"
        f"<p>{len(run.questions):,} questions of {said(about.queries)}, {answerable:,} of them answerable{missing}, "
        f"asked of {said(about.corpus)}.</p>"
        f'<p class="soft">Pullquote {__version__}{model}{asked}; written on {_day(date.today())}. Intervals are of '
        "95 %, by bootstrap over the questions: what another set of such questions might have given.</p>"
        '<nav><a href="#figures">Figures</a><a href="#plots">Plots</a><a href="#types">By type</a>'
        '<a href="#cases">Questions to look at</a></nav></header>'
    )


def _tiles(made: dict[str, Measure], spread: dict[str, Interval]) -> str:
    names = {
        "passage hits@1": "right passage first",
        "passage hits@5": "right passage among five",
        "quote hits@1": "right quote first",
        "refused unanswerable": "rightly refused",
        "refused answerable": "wrongly refused",
        "right": "handled right",
    }
    shown = [(label, value(made[name]), spread[name]) for name, label in names.items()]
    tiles = "".join(
        f'<div class="tile"><b>{_percent(share)}</b>{label}<br><span class="soft">{_percent(within.low)} to '
        f"{_percent(within.high)}</span></div>"
        for label, share, within in shown
        if not math.isnan(share)
    )
    return f'<div class="tiles">{tiles}</div>'


def _table(run: Outcomes, made: dict[str, Measure], spread: dict[str, Interval], comparison: Comparison | None) -> str:
    changes = {each.name: each for each in comparison.differences} if comparison else {}
    rows = []
    for name, each in made.items():
        of = int((each.counted & run.answerable).sum()) if name == "auroc" else int(each.counted.sum())
        cells = [said(name), short(value(each)), _within(spread[name]), f"{of:,}"]
        kinds = ["", "", "", ""]
        if comparison:
            change = changes.get(name)
            verdict = "" if not change or not change.counts else "better" if change.better else "worse"
            cells += [short(change.before), str(change)] if change else ["", ""]
            kinds += ["", f"left {verdict}".strip()]
        cells.append(_MEANS.get(name, ""))
        kinds.append("left soft")
        main = ' class="main"' if name in MAIN else ""
        rows.append(f"<tr{main}>{''.join(map(_cell, cells, kinds))}</tr>")
    earlier = '<th>earlier</th><th class="left">change</th>' if comparison else ""
    common = ""
    if comparison:
        only = len(comparison.only_now) + len(comparison.only_before)
        left = f"; {only:,} that only one of them has are left out" if only else ""
        common = (
            f'<p class="soft">Changes are of the {len(comparison.now.questions):,} questions that both runs have, '
            f"paired by question{left}. Of so many figures one in twenty or so seems to change by chance.</p>"
        )
    return (
        f'<h2 id="figures">Figures</h2>{common}<div class="wide"><table><thead><tr><th>figure</th><th>share</th>'
        f'<th>95 %</th><th>questions</th>{earlier}<th class="left">it counts that</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{_times(run)}"
    )


def _times(run: Outcomes) -> str:
    rows = "".join(
        f"<tr><td>{said(name)}</td><td>{milliseconds(each, 0.5):,.0f}</td><td>{milliseconds(each, 0.95):,.0f}</td></tr>"
        for name, each in {"the whole question": run.seconds, **run.stages}.items()
        if each
    )
    head = "<thead><tr><th>time in milliseconds</th><th>p50</th><th>p95</th></tr></thead>"
    return f'<div class="wide"><table class="narrow">{head}<tbody>{rows}</tbody></table></div>' if rows else ""


def _breakdowns(run: Outcomes, about: Context) -> str:
    types = groups(run, lambda place: run.questions[place].type or "(none)")
    parts = ['<h2 id="types">By type of question</h2>', _breakdown(run, "type", types)]
    publishers = groups(run, lambda place: _publisher(run, place, about), _LEAST)
    if len(publishers) > 1:
        parts += ["<h3>By publisher of the evidence</h3>", _breakdown(run, "publisher", publishers)]
    return "".join(parts)


def _publisher(run: Outcomes, place: int, about: Context) -> str:
    """Return the publisher of a question's evidence, where all of it has one and the same."""
    found = [about.article(key) for key in run.questions[place].evidence]
    names = {(article.publisher or "") if article else "" for article in found}
    return names.pop() if len(names) == 1 else ""


def _breakdown(run: Outcomes, what: str, parts: Sequence[tuple[str, Flags]]) -> str:
    shown = {
        "passage first": (run.ranks["passage"] <= 1, run.answerable),
        "in five": (run.ranks["passage"] <= 5, run.answerable),
        "quote first": (run.ranks["quote"] <= 1, run.answerable),
        "refused rightly": (run.refused, ~run.answerable),
        "refused wrongly": (run.refused, run.answerable),
        "right": (run.right, np.ones(len(run.right), dtype=bool)),
    }
    made: dict[str, Measure] = {
        f"{place} {name}": Column(hit.astype(np.float64), counted & members)
        for place, (_, members) in enumerate(parts)
        for name, (hit, counted) in shown.items()
    }
    spread = intervals(made, len(run.questions))
    rows = []
    for place, (name, members) in enumerate(parts):
        shares = [(value(made[f"{place} {each}"]), spread[f"{place} {each}"]) for each in shown]
        cells = "".join(f"<td>{short(share)} <small>{_within(within)}</small></td>" for share, within in shares)
        rows.append(f"<tr><td>{said(name)}</td><td>{int(members.sum()):,}</td>{cells}</tr>")
    head = "".join(f"<th>{name}</th>" for name in shown)
    return (
        f'<div class="wide"><table><thead><tr><th>{what}</th><th>questions</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(text: str, kind: str) -> str:
    return f'<td class="{kind}">{text}</td>' if kind else f"<td>{text}</td>"


def _within(interval: Interval) -> str:
    return "" if math.isnan(interval.low) else f"{short(interval.low)}–{short(interval.high)}"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share * 100:.0f} %"


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"
