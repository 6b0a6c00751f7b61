"""The process that parses documents: reads them from stdin and writes articles to stdout (see process.py).

It ends by itself when its parent is gone, when it takes too long, or when it asks for too much memory. It
opens no file and no connection. Run as `python -m index.load.worker SECONDS BYTES`.
"""

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from index.load.parsed import MAX_TEXT_CHARS, Parsed, Unreadable

PARSERS = {
    ".pdf": ("index.load.pdf", "parse"),
    ".docx": ("index.load.office", "parse_docx"),
    ".odt": ("index.load.office", "parse_odt"),
    ".rtf": ("index.load.office", "parse_rtf"),
    ".epub": ("index.load.epub", "parse"),
}
_GRACE_S = 5.0  # the parent ends it in time; by itself it ends where there is no parent any more
_LAST_AT_BYTES = 400_000_000  # having had so much, it makes room for a fresh one


def main(seconds: float, memory_bytes: int) -> None:
    """Serve the parent until it closes the pipe."""
    receive, send = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # whatever a library prints is no reply
        os.dup2(nowhere, stream)
    for module, _ in PARSERS.values():
        import_module(module)
    limited = _limit_memory(memory_bytes)
    watch = _Watch(seconds + _GRACE_S)
    while line := receive.readline():
        request = json.loads(line)
        raw = receive.read(request["bytes"])
        watch.start()
        reply = _reply(request["kind"], request["name"], raw, memory_bytes)
        watch.stop()
        del raw
        reply["peak_bytes"] = _peak_bytes()
        reply["last"] = limited and (reply["peak_bytes"] > _LAST_AT_BYTES or "memory" in reply.get("error", ""))
        _send(send, reply)
        if reply["last"]:
            return


def _reply(kind: str, name: str, raw: bytes, memory_bytes: int) -> dict[str, Any]:
    module, function = PARSERS[kind]
    try:
        articles: list[Parsed] = getattr(import_module(module), function)(raw, name)
        if sum(len(each.text) for each in articles) > MAX_TEXT_CHARS:
            return {"error": f"more than {MAX_TEXT_CHARS:,} characters are too many for one document. Split it."}
        return {"articles": [asdict(each) for each in articles]}
    except Unreadable as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"reading it takes more than {memory_bytes // 1_000_000} MB of memory. Split it."}
    except RecursionError:
        return {"error": f"not a {kind} that can be read (nested too deeply)."}
    except Exception as error:  # the outermost loop: parsers raise anything over a damaged file
        return {"error": f"not a {kind} that can be read ({type(error).__name__}: {str(error)[:200]})."}


def _send(stream: BinaryIO, reply: dict[str, Any]) -> None:
    raw = json.dumps(reply).encode()
    stream.write(len(raw).to_bytes(8, "big") + raw)
    stream.flush()


def _limit_memory(memory_bytes: int) -> bool:
    """Hold the process to what it has and `memory_bytes` more, and keep it from writing files; True where that works.

    Only Linux holds to a limit of the address space and tells how much is in use.
    """
    if sys.platform != "linux":
        return False
    import resource

    with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - no file, and pathlib is not needed here
        used = int(stream.read().split()[0]) * resource.getpagesize()
    for limit, value in (
        (resource.RLIMIT_AS, used + memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    return True


def _peak_bytes() -> int:
    """Return the most memory the process ever had, or 0 where the system does not tell."""
    if sys.platform == "linux":  # ru_maxrss begins with what the parent had
        with open("/proc/self/status", "rb") as stream:  # noqa: PTH123 - no file, and pathlib is not needed here
            return next((int(line.split()[1]) * 1024 for line in stream if line.startswith(b"VmHWM")), 0)
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class _Watch:
    """Ends the process when a document takes too long or the parent is gone, even inside a library's own loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0
        self._parent = os.getppid()
        threading.Thread(target=self._look, daemon=True).start()

    def start(self) -> None:
        """Begin to count: a document came."""
        self._until = time.monotonic() + self._seconds
        if sys.platform != "win32":  # by the kernel: it needs no turn of the interpreter
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def stop(self) -> None:
        """Count no more."""
        self._until = 0.0
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def _look(self) -> None:
        while True:
            time.sleep(0.25)
            if os.getppid() != self._parent or 0 < self._until < time.monotonic():
                os._exit(1)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
