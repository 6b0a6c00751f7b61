"""The door of a page that has users: nobody gets anything but a form before a name and a password were right.

A session is a cookie that says nothing; who it belongs to is known here, until the server ends. It ends at once where
the user is taken out or gets another password. Knows nothing of Gradio, which is told who asks.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from html import escape
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

from rag import PullquoteError, Users
from ui.front import error_html
from ui.guard import App, Message, Receive, Send
from ui.wording import Wording, chosen, wording

_LOG = logging.getLogger(__name__)
USER = "pullquote.user"
"""The key under which a request's scope names who asks."""
_OPEN = ("/assets/", "/static/", "/svelte/", "/theme.css", "/favicon.ico", "/manifest.json")
_LONGEST_FORM = 20_000  # bytes; a password has 1,000 characters at most
_SEES_OUT = b"Sign in again.\n"
# A form in plain HTML: it needs no script.
_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'"


class Door:
    """An ASGI application before another one, which lets in whoever has signed in."""

    def __init__(self, app: App, users: Users, root_path: str = "", language: str = "") -> None:
        """Guard `app`, which a proxy may show under `root_path`; `language` is that of whoever asks for no other."""
        self._app, self._users, self._language = app, users, language
        self._path = f"{root_path.rstrip('/')}/"
        # Of one host all ports share their cookies: another server's are not to be taken for ours.
        self._cookie = f"pullquote-{secrets.token_hex(4)}"
        self._sessions: dict[str, tuple[str, str]] = {}
        self._style = (Path(__file__).parent / "style.css").read_text("utf-8")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let the request in, answer it with the form, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(_OPEN):
            await self._app(scope, receive, send)
        elif path == "/logout":
            self._sessions.pop(self._token(scope), None)
            await self._back(scope, send, token="")
        elif path == "/" and scope["method"] == "POST":
            await self._sign_in(scope, receive, send)
        elif (user := self._user(scope)) is not None:
            await self._app({**scope, USER: user}, receive, send)
        elif path == "/":
            await self._ask(scope, send)
        else:
            await _say(send, 401, b"text/plain; charset=utf-8", _SEES_OUT)

    async def _sign_in(self, scope: Message, receive: Receive, send: Send) -> None:
        given = parse_qs((await _body(receive)).decode("utf-8", "replace"))
        name, password = (given.get(each, [""])[0] for each in ("username", "password"))
        try:
            # Hashing a password takes long, and others are not to wait for it.
            right = await asyncio.to_thread(self._users.verify, name, password)
            entry = self._users.entry(name) if right else None
        except PullquoteError as error:
            _LOG.error("nobody is let in: %s", error)
            await self._ask(scope, send, lambda say: say("unexpected"))
            return
        if entry is None:
            await self._ask(scope, send, lambda say: say("sign_in_wrong"))
            return
        token = secrets.token_urlsafe(32)
        self._sessions[token] = entry
        await self._back(scope, send, token)

    def _user(self, scope: Message) -> str | None:
        """Return who asks; None where nobody has signed in, or was taken out or given another password since."""
        token = self._token(scope)
        entry = self._sessions.get(token)
        if entry is None:
            return None
        try:
            still = self._users.entry(entry[0]) == entry
        except PullquoteError as error:  # rather nobody than everybody
            _LOG.error("nobody is let in: %s", error)
            return None
        if not still:
            self._sessions.pop(token, None)
        return entry[0] if still else None

    def _token(self, scope: Message) -> str:
        sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
        try:
            found = SimpleCookie(sent).get(self._cookie)
        except CookieError:
            return ""
        return found.value if found else ""

    async def _back(self, scope: Message, send: Send, token: str) -> None:
        """Send the browser to the page, with a cookie or without the one that it has."""
        cookie = f"{self._cookie}={token}; Path={self._path}; HttpOnly; SameSite=Lax"
        cookie += "; Secure" if scope.get("scheme") == "https" else ""
        cookie += "" if token else "; Max-Age=0"
        to = f"./{_query(scope)}"
        headers = [(b"set-cookie", cookie.encode()), (b"location", to.encode("latin-1"))]
        await _say(send, 303, b"text/plain", b"", headers)

    async def _ask(self, scope: Message, send: Send, problem: Callable[[Wording], str] | None = None) -> None:
        """Answer with the form, and with what was wrong."""
        asked = parse_qs(scope["query_string"].decode("latin-1")) if _query(scope) else {}
        accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        language = chosen(asked.get("lang", [""])[0], self._language, accepted.decode("latin-1"))
        page = entry_html(wording(language), self._style, _query(scope), problem)
        more = [(b"content-security-policy", _POLICY), (b"cache-control", b"no-store")]
        await _say(send, 200, b"text/html; charset=utf-8", page.encode(), more)


def entry_html(say: Wording, style: str, query: str = "", problem: Callable[[Wording], str] | None = None) -> str:
    """Return the page on which one signs in; `query` is what stands in the address behind it."""
    said = error_html(problem(say)) if problem else ""
    return (
        f'<!doctype html><html lang="{say.code}"><head><meta charset="utf-8"><title>Pullquote</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body class="entry"><main><h1>Pullquote</h1><p>{say("motto")}</p>'
        f'<form method="post" action="./{escape(query)}"><h2>{say("sign_in")}</h2>{said}'
        f'<label>{say("sign_in_name")} <input name="username" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" maxlength="64" required autofocus></label>'
        f'<label>{say("sign_in_password")} <input name="password" type="password" autocomplete="current-password" '
        f'maxlength="1000" required></label><button>{say("sign_in")}</button></form></main></body></html>'
    )


def _query(scope: Message) -> str:
    sent = scope.get("query_string", b"").decode("latin-1")
    return f"?{sent}" if sent and sent.isascii() and sent.isprintable() else ""


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while len(body) <= _LONGEST_FORM:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)
    return b""


async def _say(
    send: Send, status: int, kind: bytes, body: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
