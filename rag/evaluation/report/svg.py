"""Plots as inline SVG: lines with bands, bars up and down, ranges. Colours come from the page's classes.

Everything drawn is given as numbers; every plot says in words what it shows, for those who do not see it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 14, 40
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A named line; `band` holds its lower and upper ends, one pair a point, or is empty. `kind` is its class."""

    name: str
    kind: str
    points: Sequence[Point]
    band: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """A frame: what its axes are called and the values at their ends."""

    across: str
    up: str
    x: Point
    y: Point
    height: int = HEIGHT

    def px(self, value: float) -> float:
        """Return where a value lies across, in units of the drawing."""
        low, high = self.x
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / ((high - low) or 1), 1)

    def py(self, value: float) -> float:
        """Return where a value lies from above, in units of the drawing."""
        low, high = self.y
        return round(self.height - _BOTTOM - (self.height - _TOP - _BOTTOM) * (value - low) / ((high - low) or 1), 1)

    def drawn(self, says: str, parts: Iterable[str], ticks: tuple[Sequence[float], Sequence[float]]) -> str:
        """Return the frame with its ticks, across and up, and the parts upon it; `says` describes it in words."""
        across = "".join(
            f'<text class="tick" x="{self.px(at)}" y="{self.height - _BOTTOM + 16}" text-anchor="middle">{number(at)}'
            "</text>"
            for at in ticks[0]
        )
        up = "".join(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{self.py(at)}" y2="{self.py(at)}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{self.py(at) + 4}" text-anchor="end">{number(abs(at))}</text>'
            for at in ticks[1]
        )
        middle = (_TOP + self.height - _BOTTOM) / 2
        names = (
            f'<text class="axis" x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{self.height - 4}" text-anchor="middle">'
            f"{escape(self.across)}</text>"
            f'<text class="axis" x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
            f"{escape(self.up)}</text>"
        )
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{escape(says)}">'
            f"{up}{across}{names}{''.join(parts)}</svg>"
        )


def lines(axes: Axes, drawn: Sequence[Line], ticks: tuple[Sequence[float], Sequence[float]], says: str) -> str:
    """Return lines over their bands, the name of each at its last point."""
    parts = []
    for line in drawn:
        if line.band:
            lower = [(x, low) for (x, _), (low, _) in zip(line.points, line.band, strict=True)]
            upper = [(x, high) for (x, _), (_, high) in zip(line.points, line.band, strict=True)]
            parts.append(f'<polygon class="band {line.kind}" points="{_path(axes, [*lower, *reversed(upper)])}"/>')
    for line in drawn:
        parts.append(f'<polyline class="line {line.kind}" points="{_path(axes, line.points)}"/>')
        if line.band:
            parts += [
                f'<circle class="dot {line.kind}" cx="{axes.px(x)}" cy="{axes.py(y)}" r="3">'
                f"<title>{escape(line.name)} {number(x)}: {y:.3f} ({low:.3f} to {high:.3f})</title></circle>"
                for (x, y), (low, high) in zip(line.points, line.band, strict=True)
            ]
    return axes.drawn(says, parts, ticks)


def bars(axes: Axes, up: Sequence[int], down: Sequence[int], marked: Sequence[tuple[float, str]], says: str) -> str:
    """Return counts in bins of equal width over the x axis: one kind upwards, another downwards, values marked."""
    wide = (axes.x[1] - axes.x[0]) / max(1, len(up))
    parts = []
    for place, counts in enumerate(zip(up, down, strict=True)):
        left, right = axes.px(axes.x[0] + place * wide), axes.px(axes.x[0] + (place + 1) * wide)
        for count, kind, sign in zip(counts, ("good", "bad"), (1, -1), strict=True):
            if count:
                top, bottom = sorted((axes.py(sign * count), axes.py(0)))
                parts.append(
                    f'<rect class="{kind}" x="{left + 1}" y="{top}" width="{round(right - left - 2, 1)}" '
                    f'height="{round(bottom - top, 1)}"><title>{count}</title></rect>'
                )
    parts.append(f'<line class="zero" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{axes.py(0)}" y2="{axes.py(0)}"/>')
    parts += [mark(axes, at, name) for at, name in marked]
    return axes.drawn(says, parts, (steps(*axes.x), steps(*axes.y)))


def mark(axes: Axes, at: float, name: str) -> str:
    """Return a dashed line from above to below at a value, with its name."""
    x = axes.px(at)
    side = f'x="{x - 5}" text-anchor="end"' if x > WIDTH * 0.6 else f'x="{x + 5}"'
    return (
        f'<line class="mark" x1="{x}" x2="{x}" y1="{_TOP}" y2="{axes.height - _BOTTOM}"/>'
        f'<text class="tick" {side} y="{_TOP + 10}">{escape(name)}</text>'
    )


def dot(axes: Axes, at: Point, kind: str, says: str) -> str:
    """Return one point that stands out, with its name beside it."""
    x, y = axes.px(at[0]), axes.py(at[1])
    side = f'x="{x - 9}" text-anchor="end"' if x > WIDTH * 0.6 else f'x="{x + 9}"'
    return (
        f'<circle class="dot {kind}" cx="{x}" cy="{y}" r="5"><title>{escape(says)}</title></circle>'
        f'<text class="tick" {side} y="{y - 8}">{escape(says)}</text>'
    )


def ranges(rows: Sequence[tuple[str, float, float]], unit: str, says: str) -> str:
    """Return a bar a row from 0 to its first value, and a thinner one on to its second; names to the left."""
    most = max((high for _, _, high in rows), default=0.0) or 1.0
    wide, left, tall = WIDTH - 150 - 110, 150, 26
    parts = []
    for place, (name, low, high) in enumerate(rows):
        y = place * tall
        parts.append(
            f'<text class="tick" x="{left - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="soft" x="{left}" y="{y + 9}" width="{round(wide * high / most, 1)}" height="8"/>'
            f'<rect class="good" x="{left}" y="{y + 5}" width="{round(wide * low / most, 1)}" height="16"/>'
            f'<text class="tick" x="{round(left + wide * high / most + 8, 1)}" y="{y + 17}">'
            f"{number(low)} / {number(high)} {escape(unit)}</text>"
        )
    height = tall * len(rows) + 4
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(says)}">{"".join(parts)}</svg>'


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """Return round values between two, at most about `most`, for ticks."""
    if high <= low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    return [
        round(step * place, 10) for place in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def number(value: float) -> str:
    """Return a number as axes have it: no more digits than it has."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _path(axes: Axes, points: Iterable[Point]) -> str:
    return " ".join(f"{axes.px(x)},{axes.py(y)}" for x, y in points)
