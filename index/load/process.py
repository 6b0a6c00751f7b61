"""Has documents parsed by a process of its own, which can be ended: the parent's side of it.

PDF, Office and EPUB files come from anywhere, and their parsers hang, crash or fill the memory on some. One
worker serves many files; it is started when the first comes. Whatever becomes of it, its file alone is lost.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.load.parsed import MAX_TEXT_CHARS, Parsed

LIMIT_S = 30.0
"""Longest time for one document."""
MEMORY_BYTES = 512_000_000
"""What parsing may take above what the worker takes by itself, where the system can hold it to that."""
_MAX_REPLY_BYTES = 6 * MAX_TEXT_CHARS
_ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """One process that parses documents, started again whenever it ended."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        """`limit_s` is the longest time for one document."""
        self.limit_s = limit_s
        self.peak_bytes = 0
        """Most memory that the worker of the last document ever had, where the system tells."""
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Return the process's id, or None while there is none."""
        return self._process.pid if self._process else None

    def parse(self, kind: str, name: str, raw: bytes) -> list[Parsed]:
        """Return the articles of a document.

        Raises:
            LoadError: why there are none; without the path, which the caller knows.
        """
        with self._lock:
            process = self._running()
            late = threading.Event()

            def give_up() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(self.limit_s, give_up)
            timer.daemon = True
            timer.start()
            try:
                reply = self._exchange(process, kind, name, raw)
            except (OSError, ValueError) as error:  # its pipe is closed, or what came through is no reply
                code = self._end()
                raise LoadError(self._why(code, late=late.is_set())) from error
            finally:
                timer.cancel()
            self.peak_bytes = int(reply.get("peak_bytes") or 0)
            if reply.get("last"):
                self._end()
        if "error" in reply:
            raise LoadError(str(reply["error"]))
        return [Parsed(**each) for each in reply["articles"]]

    def close(self) -> None:
        """End the process; the next document starts another."""
        with self._lock:
            self._end()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            # -P: a module in the folder where the user happens to be is not what is meant by its name.
            command = [sys.executable, "-P", "-m", "index.load.worker", str(self.limit_s), str(MEMORY_BYTES)]
            path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        return self._process

    @staticmethod
    def _exchange(process: "subprocess.Popen[bytes]", kind: str, name: str, raw: bytes) -> dict[str, Any]:
        to, back = process.stdin, process.stdout
        if to is None or back is None:
            raise ValueError("no pipes")
        to.write(json.dumps({"kind": kind, "name": name, "bytes": len(raw)}).encode() + b"\n")
        to.write(raw)
        to.flush()
        size = int.from_bytes(back.read(8), "big")
        if not 0 < size <= _MAX_REPLY_BYTES:
            raise ValueError(f"a reply of {size} bytes")
        reply: dict[str, Any] = json.loads(back.read(size))
        return reply

    def _end(self) -> int | None:
        """End the process, and return what it ended with."""
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            process.wait(1.0 if process.poll() is None and _closed(process) else 0.5)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait()

    def _why(self, code: int | None, *, late: bool) -> str:
        if late:
            return f"not read in {self.limit_s:g} seconds, and given up. Save it in another form."
        return f"the program that reads it broke down over it (exit code {code}). Save it in another form."


def _closed(process: "subprocess.Popen[bytes]") -> bool:
    """Close the pipes: a worker that waits for a document ends by itself."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except OSError:  # what was still to be written to it
                return False
    return True
