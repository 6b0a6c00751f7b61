"""Whatever a stranger sends to the server: never a traceback, never a file, and the page still works afterwards."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import SEEDS
from tests.process import environment
from ui.guard import Guard, Message, Receive, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
PATHS = (
    "/", "/config", "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/queue/status",
    "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/heartbeat/x", "/assets/../../app.py",
    "/static/..%2f..%2fapp.py",
    "/static/%2e%2e/%2e%2e/app.py", "/svelte/....//....//etc/passwd", "/assets//etc/passwd", "/static/..\\..\\x",
    "/gradio_api/file=/etc/passwd", "/gradio_api/file=../pyproject.toml", "/file=/etc/passwd", "/file/etc/passwd",
    "/gradio_api/upload", "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/stream/x", "/gradio_api/info",
    "/gradio_api/run/predict", "/gradio_api/call/ask", "/gradio_api/component_server", "/gradio_api/app_id",
    "/gradio_api/queue/../file=/etc/passwd", "/gradio_api/queue/%2e%2e/file=/etc/passwd", "/monitoring", "/docs",
    "/openapi.json", "/login", "/theme.css%00", "/assets/%00", "/assets/" + "a" * 5000, "/%ff%fe", "/?lang=<script>",
)  # fmt: skip
BODIES = (
    b"", b"{", b"null", b"[]", b'"x"', b"[" * 100_000, b'{"data": 1}',
    b'{"fn_index": 3, "data": [], "session_hash": "x"}', b'{"fn_index": 99999, "data": [], "session_hash": "x"}',
    b'{"fn_index": -1, "data": [], "session_hash": "x"}',
    b'{"fn_index": 3, "data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}], "session_hash": "x"}',
    b'{"fn_index": 3, "data": [null, null, null, null, 1, [], {}, 7, "x", {"a": 1}], "session_hash": "\\u0000"}',
    b'{"event_id": "x", "session_hash": "x", "fn_index": 3}', b"\xff" * 1000, b'{"data": ' + b"9" * 10_000 + b"}",
)  # fmt: skip
HEADERS = (
    {"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data; boundary=x"},
    {"Accept-Language": "x" * 8000}, {"Accept-Language": "../../etc;q=nan"}, {"X-Forwarded-Host": "evil.example"},
    {"Cookie": "access-token=x; a=b"}, {"Range": "bytes=0-"}, {"X-Gradio-User": "api"},
)  # fmt: skip
RAW = (
    b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00",
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}",
    b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n{",
    b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"GET /?lang=%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"GET /config HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"A" * 70_000 + b"\r\n\r\n",
)  # fmt: skip
SECRETS = ("root:x:", "Traceback", "import gradio", "requires-python", "site-packages")


CODE = """
import sys
from pathlib import Path
from index.builder import build_index
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder
from ui import app

tiny = TinyEmbedder(max_pieces=254)
build_index([sys.argv[1]], "data", tiny)
app.open_index = lambda data, model=None: Retriever(Settings.load(data=data, refuse_below=0), tiny)
app.serve("data", port=0, announce=lambda said: print(said, flush=True))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("server")
    command = [sys.executable, "-c", CODE, str(SEEDS)]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, timeout=60) as client:
            yield client
        assert process.poll() is None
        process.terminate()


def told(
    client: httpx.Client, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> None:
    """Send, and look at what comes; an answer without an end is looked at as far as its head."""
    request = client.build_request(method, "/", content=body, headers=headers)
    request.url = request.url.copy_with(raw_path=path.encode("latin-1", "replace"))
    answer = client.send(request, stream=True)
    try:
        if answer.status_code == 200 and "event-stream" in answer.headers.get("content-type", ""):
            return
        text = answer.read().decode("utf-8", "replace")
    finally:
        answer.close()
    sent = f"{method} {path[:80]} {body[:80]!r} {headers}"
    assert answer.status_code < 500, f"{sent}: {answer.status_code} {text[:400]}"
    assert not [each for each in SECRETS if each in text], f"{sent}: {text[:400]}"
    assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]


def test_no_method_and_no_path_gives_a_file_or_a_traceback(server: httpx.Client) -> None:
    for path in PATHS:
        told(server, "GET", path)
        told(server, "POST", path, b"{}", {"Content-Type": "application/json"})
    for method in METHODS:
        for path in ("/", "/config", "/gradio_api/queue/join", "/gradio_api/reset", "/assets/x"):
            told(server, method, path)


def test_no_body_and_no_header_gives_a_traceback(server: httpx.Client) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"):
        for body in BODIES:
            told(server, "POST", path, body, {"Content-Type": "application/json"})
    for headers in HEADERS:
        told(server, "GET", "/", b"", headers)
        told(server, "POST", "/gradio_api/queue/join", b'{"data": []}', headers)


def test_what_is_no_http_ends_and_the_page_is_still_there(server: httpx.Client) -> None:
    place = urlsplit(str(server.base_url))
    for raw in RAW:
        with socket.create_connection((place.hostname, place.port), timeout=30) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            came = b""
            while part := line.recv(65_536):
                came += part
        assert b"Traceback" not in came
        if b": 30000000" in raw or b"chunked\r\n\r\n2" in raw:
            assert came.startswith(b"HTTP/1.1 413"), came[:300]
        assert b"\r\nset-cookie: a=b" not in came.lower()
        assert came[:12].split(b" ")[-1] not in (b"500", b"502"), came[:300]
    page = server.get("/")
    assert page.status_code == 200
    assert "Pullquote" in page.text


def test_whoever_finds_the_line_full_is_told_how_many_wait() -> None:
    sent: list[Message] = []

    async def full(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": []})
        says = b'{"detail":"Queue is full. Max size is 100 and size is 100."}'
        await send({"type": "http.response.body", "body": says})

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": []}
    with ThreadPoolExecutor(1) as thread:  # the main one may have a browser's event loop
        thread.submit(lambda: asyncio.run(Guard(full)(scope, receive, send))).result()
    assert sent[0]["status"] == 429
    assert json.loads(sent[1]["body"]) == {"detail": "Busy: 100 are waiting. Try again in a minute."}
