"""What the server lets in and what the browser may do. Knows nothing of questions.

Gradio serves more than this page needs: files, a proxy, an API with its documentation, monitoring. Only what the page
asks for itself gets through, and nothing that another site has a browser send. The browser is told to fetch nothing
from any other host, and to run no code that stands in an attribute: what would be left of an injection if the escaping
ever failed.
"""

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

_LOG = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_PATHS = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json"})
_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/queue/", "/gradio_api/heartbeat/")
_CALLS = frozenset({"/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/", "/gradio_api/upload_progress"})
_SIGNING_OUT = "/logout"
MOST_SENT = 10_000_000
"""Bytes of anything else that is sent: the longest is a conversation's click."""
MOST_UPLOADED = 250_000_000
"""Bytes of one upload, of all its files."""

# What Gradio forces: 'unsafe-eval', for it compiles the templates and scripts of gr.HTML in the browser; and inline
# styles, which its components write. Its inline scripts are let through by a nonce, new for each page. No attribute
# runs anything, and nothing comes from or goes to another host.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = [
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]
_UPLOAD = "/gradio_api/upload"
_LONGEST_PATH = 200  # no file of Gradio's has a longer one, and none of a file system's a very long one
_JOIN = "/gradio_api/queue/join"
_SCRIPT = re.compile(rb"<script\b")
# Where the page names no icon, browsers look for one at the root, which behind a proxy may be somebody else's.
_ICON = b'<link rel="icon" href="favicon.ico">'


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: App, root_path: str = "") -> None:
        """Guard `app`, which a proxy may show under `root_path`, whether or not it takes that off the paths."""
        self._app = app
        self._root = root_path.rstrip("/")
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Hang up on the pages that are listening for events: they would keep the server from stopping."""
        self._stopping.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 404 to what the page does not need; put the headers on the rest."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http" or not _needed(scope, path := self._path(scope["path"])):
            await _refuse(scope, send)
        elif not _fits(scope, path):
            await _refuse(scope, send, 413, b"That is too long.\n")
        else:
            # The page is changed on its way, so it must not be compressed.
            plain = [(name, value) for name, value in scope["headers"] if path != "/" or name != b"accept-encoding"]
            kinds = {"/": _Page, _JOIN: _Join}
            answer = kinds.get(path, _Answer)(send)
            inner = {**scope, "path": path, "raw_path": quote(path).encode(), "headers": plain}
            try:
                await self._app(inner, self._until_stopped(receive), answer)
            # The outermost loop: it has been answered that something failed, and the connection serves the next.
            except Exception as error:
                _LOG.error("unexpected, while answering %s", path, exc_info=error)
            await answer.end()

    def _path(self, path: str) -> str:
        return path[len(self._root) :] or "/" if self._root and f"{path}/".startswith(f"{self._root}/") else path

    def _until_stopped(self, receive: Receive) -> Receive:
        async def receiving() -> Message:
            message = asyncio.ensure_future(receive())
            stopping = asyncio.ensure_future(self._stopping.wait())
            try:
                await asyncio.wait([message, stopping], return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                stopping.cancel()

        return receiving


class _Answer:
    """What is sent to the browser: with our headers, and with an end also where the application was cut off."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open = False
        self._nonce = secrets.token_urlsafe(16)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), *_HEADERS]
            if not any(name == b"content-security-policy" for name, _ in headers):  # the door has a stricter one
                headers.append((b"content-security-policy", _POLICY.format(nonce=self._nonce).encode()))
            message["headers"] = headers
            self._open = True
        elif message["type"] == "http.response.body":
            self._open = bool(message.get("more_body"))
        await self._send(message)

    async def end(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b""})


class _Join(_Answer):
    """The answer to whoever lines up with a question: says how many wait where the line is full, and what no page asks.

    Gradio fails over a number of an event that there is not, and answers with 500.
    """

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._failed: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 500:
            self._failed = message
        elif self._failed is None:
            await super().__call__(message)
        else:
            await self._instead(self._failed, message.get("body", b""))
            self._failed = None

    async def _instead(self, start: Message, said: bytes) -> None:
        waiting = re.search(rb"size is (\d+)", said)
        if waiting:  # with 503 Gradio's page says something of its own, with 429 what it is told
            status, says = 429, f"Busy: {int(waiting[1])} are waiting. Try again in a minute."
        else:
            status, says = 400, "This is nothing that the page asks."
        body = json.dumps({"detail": says}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await super().__call__({**start, "status": status, "headers": headers})
        await super().__call__({"type": "http.response.body", "body": body})


class _Page(_Answer):
    """The page itself: its scripts carry the nonce that lets them run, and its icon has an address."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._whole()

    async def _whole(self) -> None:
        body = _SCRIPT.sub(b'<script nonce="%s"' % self._nonce.encode(), self._body)
        body = body.replace(b"</head>", _ICON + b"</head>", 1)
        headers = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        self._start["headers"] = [*headers, (b"content-length", str(len(body)).encode())]
        await super().__call__(self._start)
        await super().__call__({"type": "http.response.body", "body": body})


def _needed(scope: Message, path: str) -> bool:
    # Browsers say from where a request comes; a password is then no proof that the person meant it.
    elsewhere = dict(scope["headers"]).get(b"sec-fetch-site") in (b"cross-site", b"same-site")
    if scope["method"] not in ("GET", "HEAD"):
        if elsewhere:
            return False
        if path == _UPLOAD:
            return bool(scope["method"] == "POST")
    if path == _SIGNING_OUT:
        return not elsewhere
    return path in _PATHS or path in _CALLS or (path.startswith(_FOLDERS) and len(path) <= _LONGEST_PATH)


def _fits(scope: Message, path: str) -> bool:
    """Tell whether what is sent says that it is no longer than what the page sends there."""
    sent = dict(scope["headers"])
    if b"transfer-encoding" in sent:
        return False
    size = sent.get(b"content-length", b"0")
    most = MOST_UPLOADED if path == _UPLOAD else MOST_SENT
    return size.isdigit() and len(size) < 10 and int(size) <= most


async def _refuse(scope: Message, send: Send, status: int = 404, says: bytes = b"There is no such page.\n") -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": says})
