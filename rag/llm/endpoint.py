"""One OpenAI-compatible endpoint, asked by the official client: what it writes comes in pieces, or it is said why not.

The client runs in a thread of its own, on an event loop: so a request can be ended at any moment, also while it waits
for a connection, for a retry or for the next words. Nothing here puts the key, or what the endpoint says of an error,
into words: servers are known to repeat the key in them.
"""

import asyncio
import importlib.util
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from index.errors import SettingsError
from rag.settings import Settings

BEAT_S = 0.25
"""How often whoever waits for words gets to see that none have come."""
_CONNECT_S = 5.0
_CHARS_A_TOKEN = 12  # of a server that keeps to no limit, this much is read for each token that it was allowed
_STATUS = {
    400: "did not take the request (400); perhaps the passages are too long for the model: lower writer_tokens",
    401: "refused the key (401)",
    403: "refused the key (403)",
    404: "knows no such model or address (404)",
    413: "found the request too long (413): lower writer_tokens",
    429: "is limiting its requests (429)",
}


class Unanswered(Exception):
    """The endpoint gave no whole answer; the message says why, in words for a reader."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked, and for how long."""

    url: str
    model: str
    key: SecretStr = field(default=SecretStr(""), repr=False)
    first_s: float = 20.0
    """Longest wait for the first words, retries included."""
    total_s: float = 90.0
    """Longest wait for the whole answer."""
    max_tokens: int = 600
    retries: int = 2

    @property
    def place(self) -> str:
        """Return host and port, to name the endpoint by."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @contextmanager
    def pieces(self, messages: Sequence[dict[str, str]]) -> Iterator[Iterator[str | None]]:
        """Ask; the iterator gives what the model writes as it comes, and None while nothing comes.

        Leaving the block ends the request.

        Raises:
            Unanswered: there was no whole answer.
        """
        call = _Call(self, messages)
        try:
            yield call.pieces()
        finally:
            call.end()

    def models(self, timeout_s: float = _CONNECT_S) -> tuple[str, ...]:
        """Return the names of the models that the endpoint lists.

        Raises:
            Unanswered: it did not list any.
        """
        import openai

        with openai.OpenAI(**self.client(), timeout=timeout_s, max_retries=0) as client:
            try:
                return tuple(each.id for each in client.models.list())
            # Whatever an unknown server answers with: it is no list of models, and that is what is said.
            except Exception as error:
                raise Unanswered(_in_words(error)) from None

    def client(self) -> dict[str, Any]:
        """Return what the client library is told; it wants a key also where the endpoint does not."""
        return {"base_url": self.url, "api_key": self.key.get_secret_value() or "none"}


def endpoint_of(settings: Settings) -> Endpoint:
    """Return the endpoint that is set.

    Raises:
        SettingsError: no model is set for it, or the client library is not installed.
    """
    if not settings.llm_model:
        raise SettingsError("llm_url is set, but llm_model is not: name the model that the endpoint is to run.")
    if importlib.util.find_spec("openai") is None:
        raise SettingsError("llm_url is set, but openai is not installed. Run: pip install 'pullquote[llm]'")
    return Endpoint(
        settings.llm_url,
        settings.llm_model,
        settings.llm_key,
        settings.llm_first_seconds,
        settings.llm_seconds,
        settings.llm_tokens,
        settings.llm_retries,
    )


class _Call:
    """One request. Its thread puts pieces of text into a queue; the last thing in it is None, or why there is none."""

    def __init__(self, endpoint: Endpoint, messages: Sequence[dict[str, str]]) -> None:
        self._endpoint = endpoint
        self._messages = list(messages)
        self._queue: queue.SimpleQueue[str | Unanswered | None] = queue.SimpleQueue()
        self._begun = threading.Event()
        self._status = 0  # of the last response
        self._chars = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="pullquote-llm", daemon=True)
        self._thread.start()

    def pieces(self) -> Iterator[str | None]:
        while True:
            try:
                piece = self._queue.get(timeout=BEAT_S)
            except queue.Empty:
                yield None
                continue
            if isinstance(piece, Unanswered):
                raise piece
            if piece is None:
                return
            yield piece

    def end(self) -> None:
        self._begun.wait()
        with suppress(RuntimeError):  # the loop is closed: it has ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(_CONNECT_S)

    async def _run(self) -> None:
        task = asyncio.current_task()
        assert task  # noqa: S101 - asyncio.run makes one
        self._loop, self._task = asyncio.get_running_loop(), task
        self._begun.set()
        try:
            await self._in_time()
            self._queue.put(None)
        except asyncio.CancelledError:
            pass  # whoever asked has left
        except Unanswered as error:
            self._queue.put(error)
        # A thread's outermost loop: whatever went wrong, there is no answer, and who waits for it is to know.
        except Exception as error:
            self._queue.put(Unanswered(_in_words(error, midway=self._chars > 0)))

    async def _in_time(self) -> None:
        end = self._endpoint
        first = asyncio.timeout(end.first_s)
        try:
            async with asyncio.timeout(end.total_s), first:
                await self._read(first)
        except TimeoutError:
            if not first.expired():
                raise Unanswered(f"took more than {end.total_s:g} s (llm_seconds)") from None
            why = _says(self._status) if self._status >= 400 else ""
            raise Unanswered(why or f"wrote nothing for {end.first_s:g} s (llm_first_seconds)") from None

    async def _read(self, first: asyncio.Timeout) -> None:
        import openai

        async def seen(response: Any) -> None:  # noqa: ANN401 - the response of whichever httpx the client uses
            self._status = int(response.status_code)

        end = self._endpoint
        http = openai.DefaultAsyncHttpxClient(event_hooks={"response": [seen]})
        times = openai.Timeout(end.total_s, connect=_CONNECT_S)
        async with openai.AsyncOpenAI(
            **end.client(), http_client=http, timeout=times, max_retries=end.retries
        ) as client:
            stream = await client.chat.completions.create(
                model=end.model,
                messages=cast("Any", self._messages),  # its types name each role's own class
                max_tokens=end.max_tokens,
                temperature=0,
                stream=True,
            )
            async with stream:
                async for chunk in stream:
                    choice = chunk.choices[0] if chunk.choices else None
                    if choice is None:
                        continue
                    piece = choice.delta.content if choice.delta else None
                    if isinstance(piece, str) and piece:
                        first.reschedule(None)
                        self._take(piece)
                    if choice.finish_reason == "length":
                        raise Unanswered(self._endless())
                    if choice.finish_reason == "content_filter":
                        raise Unanswered("was stopped by a filter of the endpoint")
                    if choice.finish_reason:
                        return
        raise Unanswered("was cut off" if self._chars else "answered with what is no chat completion")

    def _take(self, piece: str) -> None:
        self._chars += len(piece)
        if self._chars > _CHARS_A_TOKEN * self._endpoint.max_tokens:
            raise Unanswered(self._endless())
        self._queue.put(piece)

    def _endless(self) -> str:
        return f"had not ended after {self._endpoint.max_tokens:,} tokens (llm_tokens)"


def _says(status: int) -> str:
    return _STATUS.get(status) or (f"is failing ({status})" if status >= 500 else f"answered with status {status}")


def _in_words(error: Exception, *, midway: bool = False) -> str:
    """Return why there is no answer; never the words of the error, which may repeat the key."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _says(error.status_code)
    if midway:
        return "was cut off"
    if isinstance(error, openai.APITimeoutError):
        return "could not be reached in time"
    if isinstance(error, openai.APIConnectionError):
        return "could not be reached"
    if isinstance(error, openai.APIError):
        return "reported an error"
    return "answered with what is no chat completion"
