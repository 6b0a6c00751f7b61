"""The report of a calibration: one HTML file that needs nothing else."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from rag import __version__
from rag.calibration import Calibration
from rag.calibration.ask import Trial, asked
from rag.calibration.fit import DEFAULT, Fitted
from rag.calibration.threshold import Point, at, curve
from rag.evaluation import report as evaluation
from rag.evaluation.report.svg import Axes, Line, bars, dot, lines, steps
from rag.files import write_whole

_BARS = 20
_SHOWN = 12
ROWS = tuple(round(0.1 * step, 1) for step in range(10))
"""Thresholds of the table, besides the default and the one chosen."""


def write_report(file: Path, made: Fitted) -> None:
    """Write the report.

    Raises:
        SettingsError: it cannot be written there.
    """
    write_whole(file, report(made), "the report")


def report(made: Fitted) -> str:
    """Return the report as an HTML document."""
    style = Path(evaluation.__file__).with_name("style.css").read_text("utf-8")
    kept = made.calibration
    parts = [_head(kept), '<h2>Plots</h2><div class="plots">', _risk(made), _confidence(made), "</div>", _table(made)]
    parts += [_cases(made)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Calibration</title><style>{style}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def table(made: Fitted) -> list[tuple[Point, str]]:
    """Return what comes of some thresholds, each with what is to be said of it."""
    results, kept = asked(made.trials), made.calibration
    said = {DEFAULT: "the default", kept.fitted: "fitted", kept.refuse_below: "in force"}
    if kept.fitted == kept.refuse_below:
        said[kept.fitted] = "fitted, in force"
    if kept.refuse_below == DEFAULT:
        said[DEFAULT] = "the default, in force"
    return [(at(results, threshold), said.get(threshold, "")) for threshold in sorted({*ROWS, *said})]


def _head(kept: Calibration) -> str:
    return (
        f"<header><h1>How sure an answer must be</h1><p>Below a confidence of {kept.refuse_below:g} the answer is that "
        f"the articles do not say. {escape(kept.summary)}</p>"
        f'<p class="soft">{kept.questions} questions were drafted from {kept.articles:,} articles and asked twice: as '
        "they are, and with every article left out that is likely to answer. They use the articles’ own words and are "
        f"easier than what people ask. Pullquote {__version__}, {kept.made[:10]}.</p></header>"
    )


def _risk(made: Fitted) -> str:
    points = [each for each in curve(asked(made.trials)) if each.answered or each.invented]
    drawn = sorted(((each.answered + each.invented) / 2, each.risk) for each in points)
    here = at(asked(made.trials), made.calibration.refuse_below)
    most = max([risk for _, risk in drawn] + [made.calibration.risk])
    axes = Axes("share of questions answered", "share of these that are wrong", (0, 1), (0, min(1.0, most * 1.1)))
    wanted = Line("wanted", "quote", [(0.0, made.calibration.risk), (1.0, made.calibration.risk)])
    plot = lines(
        axes,
        [Line("risk", "passage", drawn), wanted],
        (steps(0, 1), steps(*axes.y)),
        f"Risk over coverage; the threshold in force answers {here.answered:.2f} of what can be answered.",
    ).replace("</svg>", dot(axes, ((here.answered + here.invented) / 2, here.risk), "article", "in force") + "</svg>")
    return _figure(
        "Risk and coverage",
        plot,
        "If only the surest questions were answered, how many answers would be wrong? Half of the questions can be "
        "answered. Dashed: the share wanted.",
    )


def _confidence(made: Fitted) -> str:
    results = asked(made.trials)
    up, down = (np.histogram(each, bins=_BARS, range=(0, 1))[0].tolist() for each in (results.sure, results.without))
    axes = Axes("confidence", "questions", (0, 1), (-max(down) * 1.05, max(up) * 1.05))
    marks = [(made.calibration.refuse_below, "refused | answered")]
    plot = bars(axes, up, down, marks, "Histogram of confidence with and without the articles that answer.")
    return _figure(
        "Confidence",
        plot,
        '<span class="key good"></span>with the articles that answer, upwards<span class="key bad"></span>without '
        "them, downwards.",
    )


def _table(made: Fitted) -> str:
    rows = "".join(
        f"<tr{' class=main' if said else ''}><td>{point.threshold:g}</td><td>{point.answered:.3f}</td>"
        f'<td>{point.invented:.3f}</td><td>{point.risk:.3f}</td><td class="left soft">{said}</td></tr>'
        for point, said in table(made)
    )
    return (
        '<h2>Thresholds</h2><div class="wide"><table class="narrow"><thead><tr><th>refuse below</th><th>answered, of '
        "those that can be</th><th>answered, of those that cannot</th><th>wrong, of the answers</th><th></th></tr>"
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _cases(made: Fitted) -> str:
    cut = made.calibration.refuse_below
    invented = sorted((each for each in made.trials if each.without >= cut), key=lambda each: -each.without)
    lost = sorted((each for each in made.trials if each.sure < cut), key=lambda each: each.sure)
    return _listed(
        "Answered without the articles that answer",
        "Does another article answer after all? Then no harm was done.",
        [(each, each.without, each.quote_without) for each in invented],
    ) + _listed("Refused, though the answer was there", "", [(each, each.sure, each.quote) for each in lost])


def _listed(title: str, says: str, cases: Sequence[tuple[Trial, float, str]]) -> str:
    if not cases:
        return ""
    rows = "".join(
        f'<tr><td>{sure:.2f}</td><td class="left">{escape(each.question)}</td>'
        f'<td class="left">{escape(each.answer)}</td><td class="left soft">{escape(quote)}</td></tr>'
        for each, sure, quote in cases[:_SHOWN]
    )
    more = f" The first {_SHOWN} of {len(cases)}." if len(cases) > _SHOWN else ""
    return (
        f'<h2>{title}</h2><p class="soft">{says}{more}</p><div class="wide"><table><thead><tr><th>confidence</th>'
        f'<th class="left">question</th><th class="left">answer</th><th class="left">first quote</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _figure(title: str, plot: str, says: str) -> str:
    return f"<figure><b>{title}</b>{plot}<figcaption>{says}</figcaption></figure>"
