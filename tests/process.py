"""A child process that stops at each step it names until it is told to go on, so that it can be killed at any."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[1]


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without settings, and with the checkout on Python's path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "COLUMNS": "100"} | more


def python(*arguments: str, cwd: Path | None = None, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run this Python with `arguments`, and return what it did."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True, check=False, cwd=cwd, encoding="utf-8", env=environment(), input=text or "", timeout=300,
    )  # fmt: skip


def step(name: str) -> None:
    """In the child: say where it is, and wait to be told to go on."""
    print(name, flush=True)  # noqa: T201
    if sys.stdin.readline() == "":
        os._exit(1)  # the parent is gone


class Child:
    """Runs `code`, which calls `step`; killed without notice at the end of the block if it still runs."""

    def __init__(self, code: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment(), cwd=ROOT,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def next(self) -> str:
        """Return the step that the child stands at next; "" where it has ended."""
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def go_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def run_to(self, name: str) -> list[str]:
        """Let the child go on until a step that starts with `name`; return all that it passed, that one last."""
        passed: list[str] = []
        while True:
            passed.append(self.next())
            assert passed[-1], f"the child ended before it came to {name!r}; it passed {passed}"
            if passed[-1].startswith(name):
                return passed
            self.go_on()

    def wait(self) -> int:
        """Return the exit code of a child that ends by itself."""
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """Kill it as the system would for want of memory: no handler, no clean-up."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
