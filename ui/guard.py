"""What the server lets in and what the browser may do. Knows nothing of questions.

Gradio serves more than this page needs: uploads, files, a proxy, an API with its documentation, monitoring. Only what
the page asks for itself gets through. The browser is told to fetch nothing from any other host, and to run no code
that stands in an attribute: what would be left of an injection if the escaping ever failed.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_PATHS = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json"})
_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/queue/", "/gradio_api/heartbeat/")
_CALLS = frozenset({"/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/"})

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
        elif scope["type"] != "http" or not _needed(path := self._path(scope["path"])):
            await _refuse(scope, send)
        else:
            # The page is changed on its way, so it must not be compressed.
            plain = [(name, value) for name, value in scope["headers"] if path != "/" or name != b"accept-encoding"]
            kinds = {"/": _Page, _JOIN: _Join}
            answer = kinds.get(path, _Answer)(send)
            inner = {**scope, "path": path, "raw_path": quote(path).encode(), "headers": plain}
            await self._app(inner, self._until_stopped(receive), answer)
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
            policy = _POLICY.format(nonce=self._nonce).encode()
            message["headers"] = [*message.get("headers", []), (b"content-security-policy", policy), *_HEADERS]
            self._open = True
        elif message["type"] == "http.response.body":
            self._open = bool(message.get("more_body"))
        await self._send(message)

    async def end(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b""})


class _Join(_Answer):
    """The answer to whoever lines up with a question: where the line is full, it says how many wait."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._full: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 503:
            self._full = message
        elif self._full is None:
            await super().__call__(message)
        else:  # Gradio's page has a text of its own for 503, and shows ours for 429
            waiting = re.search(rb"size is (\d+)", message.get("body", b""))
            says = f"Busy: {int(waiting[1])} are waiting. Try again in a minute." if waiting else "Busy. Try again."
            body = json.dumps({"detail": says}).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            start = {**self._full, "status": 429, "headers": [*headers, (b"retry-after", b"60")]}
            self._full = None
            await super().__call__(start)
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


def _needed(path: str) -> bool:
    return path in _PATHS or path in _CALLS or path.startswith(_FOLDERS)


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"There is no such page.\n"})
