"""The threshold of refusal that was fitted to an archive, as it is kept with its index. Loads nothing heavy.

It is kept in a file of the data folder, not in a version: builds leave it alone. It is used wherever `refuse_below` is
set neither in the settings file nor in the environment nor by an argument.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from rag.files import write_whole

if TYPE_CHECKING:
    from rag.settings import Settings

FILE = "calibration.json"
FORMAT = 1
_SKETCH = 512
_FEW = 0.8  # share answered of drafted questions, below which people will find that too little is


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, and what it was fitted on."""

    refuse_below: float
    """The threshold in force."""
    fitted: float
    """What the drafted questions alone would have; the one in force is not below the default unless that was wanted."""
    risk: float
    """The largest share of wrong answers that was wanted."""
    low: float
    high: float
    """The 95 % interval of the fitted threshold."""
    expected_risk: float | None
    """The share of wrong answers at a threshold so chosen, on questions that it was not chosen by; None if unknown."""
    answered: float
    """Share of the drafted questions that is answered above the threshold in force, of those that can be."""
    questions: int
    """How many were drafted; each was asked with and without the articles that answer it."""
    curve: tuple[tuple[float, float, float, float], ...]
    """Threshold, share answered of the questions that can be, of those that cannot be, share of wrong answers."""
    made: str
    """When, in UTC."""
    program: str
    model: str
    """The embedding model of the index."""
    version: str
    """The version of the index."""
    articles: int
    sketch: tuple[str, ...]
    """The smallest sha256 sums of its articles: how many of them another set of articles has tells how alike the two
    are (Broder, On the resemblance and containment of documents, 1997)."""

    @property
    def summary(self) -> str:
        """Say how the threshold was chosen, in a few sentences."""
        said = [
            f"Of the thresholds with at most {100 * self.risk:g} % of the answers wrong, the lowest is {self.fitted:g} "
            f"(95 % interval {self.low:.2f} to {self.high:.2f})."
        ]
        if self.expected_risk is not None:
            said.append(f"On questions that it is not chosen by, expect {100 * self.expected_risk:.0f} % to be wrong.")
        if self.fitted < self.refuse_below:
            said.append(
                f"Drafted questions are easy: the default, {self.refuse_below:g}, stays, but for --allow-lower."
            )
        if self.answered < _FEW:
            said.append(
                f"Only {100 * self.answered:.0f} % of what can be answered then is, and less of what people ask: "
                "a larger --risk may serve better."
            )
        return " ".join(said)


def kept(data: Path) -> Calibration | None:
    """Return the calibration kept in a data folder, or None where there is none.

    Raises:
        IndexDamaged: there is one that cannot be read.
    """
    file = data / FILE
    try:
        given = json.loads(file.read_text("utf-8"))
        if given.pop("format") != FORMAT:
            raise ValueError("of another format")
        given["curve"] = tuple(tuple(float(value) for value in point) for point in given["curve"])
        made = Calibration(**given | {"sketch": tuple(map(str, given["sketch"]))})
        if not 0 <= float(made.refuse_below) <= 1:
            raise ValueError(f"refuse_below is {made.refuse_below}")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged(
            f"{file}: no calibration that can be read ({error}). Run `pullquote calibrate` again, or "
            "`pullquote calibrate --reset` to go back to the default."
        ) from error
    return made


def keep(data: Path, calibration: Calibration) -> None:
    """Keep a calibration in a data folder, whole or not at all.

    Raises:
        SettingsError: it cannot be written there.
    """
    said = {"format": FORMAT, **asdict(calibration)}
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    write_whole(data / FILE, f"{{\n{lines}\n}}\n", "the calibration")


def calibrated(settings: "Settings", model: str) -> "Settings":
    """Return the settings with the threshold kept for an index of `model`, unless they name one themselves.

    Raises:
        IndexDamaged: what is kept cannot be read.
    """
    if "refuse_below" in settings.model_fields_set:
        return settings
    found = kept(settings.data)
    if found is None or found.model != model:  # another model is sure in another way
        return settings
    return settings.model_copy(update={"refuse_below": found.refuse_below})


def sketch(members: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a sketch of a set of articles, given as (id, digest)."""
    sums = {
        hashlib.sha256(f"{key}\0{digest}".encode("utf-8", "surrogatepass")).hexdigest()[:16] for key, digest in members
    }
    return tuple(sorted(sums)[:_SKETCH])


def changed(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return about which share of the articles of two sketches, 0 to 1, only one of them has."""
    least = sorted({*one, *other})[:_SKETCH]
    common = {*one} & {*other}
    return 1 - sum(each in common for each in least) / len(least) if least else 0.0
