"""The plots of an evaluation's report: hits by depth, confidence, risk and coverage, time."""

import math

import numpy as np

from rag.evaluation.bootstrap import Column, Measure, value
from rag.evaluation.figures import DEPTH, KINDS, Outcomes, intervals, milliseconds
from rag.evaluation.reliability import BINS, expected_calibration_error, reliability
from rag.evaluation.report.cases import risk_coverage
from rag.evaluation.report.svg import Axes, Line, bars, dot, lines, ranges, steps

_ORDER = ("article", "passage", "quote")  # the last is dashed, so that one below it is seen
_BARS = 20
_FIRST = 10  # answers that the curve of risk begins after


def plots_part(run: Outcomes) -> str:
    """Return the plots that the run has something for."""
    made = [_hits(run), _confidence(run), _reliability(run), _risk(run), _time(run), _stages(run)]
    return f'<h2 id="plots">Plots</h2><div class="plots">{"".join(filter(None, made))}</div>'


def _hits(run: Outcomes) -> str:
    """Draw the share of answerable questions with a hit among the first k."""
    if not run.answerable.any():
        return ""
    depths = range(1, DEPTH + 1)
    made: dict[str, Measure] = {
        f"{kind} {k}": Column((run.ranks[kind] <= k).astype(np.float64), run.answerable)
        for kind in KINDS
        for k in depths
    }
    spread = intervals(made, len(run.questions))
    drawn = [
        Line(
            f"{kind} hits@",
            kind,
            [(k, value(made[f"{kind} {k}"])) for k in depths],
            [(spread[f"{kind} {k}"].low, spread[f"{kind} {k}"].high) for k in depths],
        )
        for kind in _ORDER
    ]
    least = min(low for line in drawn for low, _ in line.band)
    axes = Axes("first k", "share of answerable questions", (1, DEPTH), (math.floor(least * 10) / 10, 1.0))
    plot = lines(axes, drawn, (list(depths), steps(*axes.y)), "Hits among the first k articles, passages and quotes.")
    keys = "".join(f'<span class="key {kind}"></span>{kind}s' for kind in _ORDER)
    return _figure("Found among the first k", plot, f"{keys}. Bands: 95 %. Where the curves are far apart, the "
                   "right article is found but not the place in it.")  # fmt: skip


def _confidence(run: Outcomes) -> str:
    """Draw how confident the run was, answerable questions upwards and others downwards."""
    asked = ~np.isnan(run.confidence)
    if not asked.any():
        return ""
    up, down = (
        np.histogram(run.confidence[asked & members], bins=_BARS, range=(0, 1))[0].tolist()
        for members in (run.answerable, ~run.answerable)
    )
    axes = Axes("confidence", "questions", (0, 1), (-(max(down) or max(up) / 8) * 1.05, max(up, default=1) * 1.05))
    plot = bars(axes, up, down, _threshold(run), "Histogram of confidence, answerable and unanswerable questions.")
    return _figure(
        "Confidence",
        plot,
        '<span class="key good"></span>answerable, upwards<span class="key bad"></span>not answerable, downwards. '
        "The better the two are apart, the better it can be told what to refuse.",
    )


def _reliability(run: Outcomes) -> str:
    """Draw the share of questions that can be answered over how sure the run was that they can."""
    bins = reliability(run.confidence, run.answerable)
    if not bins or run.answerable.all() or not run.answerable.any():
        return ""
    ideal = Line("as sure as right", "quote", [(0.0, 0.0), (1.0, 1.0)])
    seen = Line(
        "answerable, of those held to be as sure as",
        "passage",
        [(each.confidence, each.share) for each in bins],
        [each.interval for each in bins],
    )
    error = expected_calibration_error(run.confidence, run.answerable)
    axes = Axes("confidence", "share that can be answered", (0, 1), (0, 1))
    plot = lines(axes, [ideal, seen], (steps(0, 1), steps(0, 1)), f"Reliability; calibration error {error:.3f}.")
    return _figure(
        "Reliability",
        plot,
        f"Expected calibration error {error:.3f}, in {BINS} bins of equal width, each drawn at its mean confidence; "
        "bands are 95 % (Wilson). Below the dashed line the run is too sure, above it not sure enough. It hangs on the "
        "share of questions in the set that can be answered.",
    )


def _threshold(run: Outcomes) -> list[tuple[float, str]]:
    """Return the confidence that the run refused below, where one value tells refused from answered."""
    refused = run.confidence[run.refused & ~np.isnan(run.confidence)]
    answered = run.confidence[~run.refused & ~np.isnan(run.confidence)]
    if not len(refused) or not len(answered) or refused.max() > answered.min():
        return []
    return [((float(refused.max()) + float(answered.min())) / 2, "refused | answered")]


def _risk(run: Outcomes) -> str:
    """Draw the share of wrong answers over the share of questions answered."""
    curve, stands = risk_coverage(run)
    curve = curve[-max(1, len(curve) - _FIRST) :]  # of so few answers the share says nothing
    if not curve:
        return ""
    most = max(max(risk for _, risk in curve), stands[1], 0.05)
    axes = Axes("share of questions answered", "share of these that are wrong", (0, 1), (0, min(1.0, most * 1.15)))
    here = dot(axes, stands, "quote", f"this run: {stands[1]:.2f} wrong")
    plot = lines(
        axes,
        [Line("risk", "passage", curve)],
        (steps(0, 1), steps(*axes.y)),
        f"Risk over coverage; this run answers {stands[0]:.2f} of the questions, {stands[1]:.2f} of these wrongly.",
    ).replace("</svg>", f"{here}</svg>")
    return _figure(
        "Risk and coverage",
        plot,
        "If only the surest questions were answered, how many answers would be wrong? Wrong: the first quote does not "
        "hold the answer, or no article does. Raising refuse_below moves the point to the left.",
    )


def _time(run: Outcomes) -> str:
    """Draw how long questions took; the slowest 1 % are counted with the last bin."""
    if not run.seconds:
        return ""
    times = np.array(run.seconds) * 1000
    top = max(float(np.quantile(times, 0.99)), 1e-3)
    counts = np.histogram(np.minimum(times, top), bins=2 * _BARS, range=(0, top))[0].tolist()
    axes = Axes("milliseconds", "questions", (0, top), (0, max(counts) * 1.12))
    marks = [(milliseconds(run.seconds, share), name) for share, name in ((0.5, "p50"), (0.95, "p95"))]
    plot = bars(axes, counts, [0] * len(counts), [(min(at, top), name) for at, name in marks], "Time of a question.")
    said = ", ".join(f"{name} {at:,.0f} ms" for at, name in marks)
    return _figure("Time of a question", plot, f"{said}, the slowest {times.max():,.0f} ms (in the last bar).")


def _stages(run: Outcomes) -> str:
    """Draw how long each stage took."""
    if not run.stages:
        return ""
    rows = [(name, milliseconds(each, 0.5), milliseconds(each, 0.95)) for name, each in run.stages.items()]
    rows.sort(key=lambda row: -row[1])
    keys = '<span class="key good"></span>p50<span class="key pale"></span>p95'
    return _figure("Time of each stage", ranges(rows, "ms", "p50 and p95 of each stage."), keys)


def _figure(title: str, plot: str, says: str) -> str:
    return f"<figure><b>{title}</b>{plot}<figcaption>{says}</figcaption></figure>"
