"""What the server lets in and what the browser may do. Knows nothing of questions.

Gradio serves more than this page needs: uploads, files, a proxy, an API with its documentation, monitoring. Only what
the page asks for itself gets through. The browser is told to fetch nothing from any other host, and to run no code
that stands in an attribute: what would be left of an injection if the escaping ever failed.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_PATHS = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json"})
_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/queue/", "/gradio_api/heartbeat/")
_CALLS = frozenset({"/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/"})

# Gradio compiles templates and writes styles into the page: hence the two "unsafe" ones. Attributes run nothing.
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: App) -> None:
        """Guard `app`."""
        self._app = app
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Hang up on the pages that are listening for events: they would keep the server from stopping."""
        self._stopping.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 404 to what the page does not need; put the headers on the rest."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http" or not _needed(scope["path"]):
            await _refuse(scope, send)
        else:
            answer = _Answer(send)
            await self._app(scope, self._until_stopped(receive), answer)
            await answer.end()

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

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
            self._open = True
        elif message["type"] == "http.response.body":
            self._open = bool(message.get("more_body"))
        await self._send(message)

    async def end(self) -> None:
        if self._open:
            await self._send({"type": "http.response.body", "body": b""})


def _needed(path: str) -> bool:
    return path in _PATHS or path in _CALLS or path.startswith(_FOLDERS)


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"There is no such page.\n"})
