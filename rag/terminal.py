"""What the commands say: results on stdout, the rest on stderr, one progress bar where that is a terminal."""

import json
import sys
from typing import Any


def say(text: str, *, error: bool = False) -> None:
    """Print a line of the result, or of what else there is to say."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


class Bar:
    """One progress bar on stderr where that is a terminal; nothing elsewhere."""

    def __enter__(self) -> "Bar":
        from tqdm import tqdm

        self._bar = tqdm(disable=None, file=sys.stderr, leave=False, dynamic_ncols=True)
        self._stage = ""
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, stage: str, done: int, total: int) -> None:
        """Draw how much of a stage is done; what a build calls as it goes on."""
        if self._stage != stage:
            self._stage = stage
            self._bar.set_description(stage, refresh=False)
            self._bar.reset(total=total)
        self._bar.update(done - self._bar.n)
