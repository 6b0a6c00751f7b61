"""The one place that makes requests: guarded, patient, polite, and with a limit for everything.

Keeps no cookies, sends no credentials, and uses no proxy.
"""

import email.utils
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import httpcore

from index.errors import FetchError, FetchLater
from index.fetch.guard import Deadline, GuardedNetwork
from index.fetch.inflate import Inflater
from index.fetch.policy import Policy, askable, host_of, shown
from index.fetch.robots import ROBOTS_BYTES, Rules, rules_of

_PERMANENT, _REDIRECTS = {301, 308}, {301, 302, 303, 307, 308}
_LATER = {408, 425, 429, 500, 502, 503, 504}
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, after all redirects."""

    status: int
    url: str
    """Where it came from in the end."""
    address: str
    """Where the server says that this is from now on: after permanent redirects only."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in small letters."""
    body: bytes = b""


class Client:
    """Asks for addresses, one at a time. Use it with `with`: it holds connections."""

    def __init__(
        self,
        policy: Policy,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet."""
        self.policy = policy
        self.requests = 0
        self._sleep, self._clock = sleep, clock
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            max_connections=8,
            max_keepalive_connections=4,
            keepalive_expiry=30,
            network_backend=GuardedNetwork(policy.allow_hosts, self._deadline),
        )
        self._free_at: dict[str, float] = {}
        self._given_up: dict[str, str] = {}
        self._rules: dict[str, Rules] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def free_at(self, address: str) -> float:
        """Return when, by the clock, the host of an address may be asked next."""
        return self._free_at.get(host_of(address), 0.0)

    def get(self, address: str, known: Mapping[str, str] | None = None, at: str = "") -> Answer:
        """Ask for an address, and follow where its server sends on.

        `known` are the headers that ask only for what changed; they hold for the address `at` alone.

        Raises:
            FetchError: it may not be fetched, or what comes cannot be used.
            FetchLater: it cannot be had now.
        """
        return self._follow(askable(address), self.policy.max_bytes, {at: known or {}}, self._check_rules)

    def _follow(
        self,
        url: str,
        most: int,
        headers: Mapping[str, Mapping[str, str]],
        check: Callable[[str], None] | None = None,
    ) -> Answer:
        start, place, moved = url, url, True
        for _ in range(self.policy.max_redirects + 1):
            if check:
                check(url)
            answer = self._patiently(url, headers.get(url, {}), most)
            if answer.status not in _REDIRECTS or not answer.headers.get("location"):
                return replace(answer, address=place)
            moved = moved and answer.status in _PERMANENT
            url = askable(urljoin(url, answer.headers["location"]))
            place = url if moved else place
        raise FetchError(f"{shown(start)}: sent on more than {self.policy.max_redirects} times.")

    # Politeness

    def _check_rules(self, url: str) -> None:
        rules = self._rules_for(url)
        if not rules.allows(url, self.policy.agent):
            raise FetchError(f"{shown(url)}: its robots.txt asks not to fetch it.")

    def _rules_for(self, url: str) -> Rules:
        host = host_of(url)
        if host not in self._rules:
            try:
                answer = self._follow(urljoin(url, "/robots.txt"), ROBOTS_BYTES, {})
            except FetchLater as error:  # RFC 9309: what cannot be reached is to be taken as a no
                self._given_up.setdefault(host, f"its robots.txt cannot be had now ({error})")
                raise
            except FetchError:  # too long, or sent in a circle: it says nothing. What is guarded, stays so for the page
                answer = Answer(404, url, url)
            self._rules[host] = rules_of(answer.status, answer.body)
        return self._rules[host]

    def _wait_for(self, host: str) -> None:
        if reason := self._given_up.get(host):
            raise FetchLater(f"{host}: not asked again now: {reason}")
        wait = self._free_at.get(host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)

    def _rest(self, host: str, seconds: float = 0.0) -> None:
        asked = self._rules[host].delay(self.policy.agent) if host in self._rules else 0.0
        wait = max(self.policy.delay_s, min(asked, self.policy.max_wait_s), seconds)
        self._free_at[host] = self._clock() + wait

    # One request

    def _patiently(self, url: str, headers: Mapping[str, str], most: int) -> Answer:
        """Ask until there is an answer that stays, or patience ends."""
        host = host_of(url)
        for left in range(self.policy.retries, -1, -1):
            backoff = 2.0 ** (self.policy.retries - left)
            self._wait_for(host)
            try:
                answer = self._once(url, headers, most)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                self._rest(host, backoff)
                if not left:
                    self._given_up[host] = f"it cannot be reached ({error})."
                    raise FetchLater(f"{shown(url)}: cannot be reached ({error}).") from error
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, EOFError) as error:
                self._rest(host, backoff)
                if not left:
                    raise FetchLater(f"{shown(url)}: broke off ({str(error) or type(error).__name__}).") from error
            else:
                wait = _retry_after(answer.headers)
                self._rest(host)
                if answer.status not in _LATER:
                    return answer
                if wait > self.policy.max_wait_s:
                    self._given_up[host] = f"it asks to wait {wait:,.0f} seconds."
                    raise FetchLater(f"{shown(url)}: its server asks to wait {wait:,.0f} seconds. Build again then.")
                if not left:
                    raise FetchLater(f"{shown(url)}: its server answers with {answer.status}.")
                self._rest(host, max(wait, backoff))
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, url: str, headers: Mapping[str, str], most: int) -> Answer:
        policy = self.policy
        times = {"connect": policy.connect_s, "read": policy.read_s, "write": policy.read_s, "pool": policy.connect_s}
        said = [
            ("User-Agent", policy.agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", "gzip, deflate"),
            *headers.items(),
        ]
        self.requests += 1
        self._deadline.start(policy.total_s)
        with _mapped(url), self._pool.stream("GET", url, headers=said, extensions={"timeout": times}) as response:
            got = {_decoded(name).lower(): _decoded(value) for name, value in response.headers}
            if response.status in _REDIRECTS or response.status in _LATER or response.status == 304:
                return Answer(response.status, url, url, got)  # what else it says is of no use
            length = got.get("content-length", "")
            if length.isdecimal() and int(length) > most:
                raise FetchError(f"{shown(url)}: {int(length):,} bytes are too many (at most {most:,}).")
            body = b"".join(_limited(response.iter_stream(), got.get("content-encoding", ""), url, most))
        return Answer(response.status, url, url, got, body)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


@contextmanager
def _mapped(url: str) -> Iterator[None]:
    """Give the guard's refusals, which know only the host, the address that was asked for."""
    try:
        yield
    except httpcore.UnsupportedProtocol as error:
        raise FetchError(f"{shown(url)}: only http and https are fetched.") from error
    except httpcore.LocalProtocolError as error:
        raise FetchError(f"{shown(url)}: cannot be asked for ({error}).") from error
    except FetchError as error:
        said = str(error)
        raise FetchError(said if said.startswith("http") else f"{shown(url)}: {said}") from None


def _limited(chunks: Iterator[bytes], encoding: str, url: str, most: int) -> Iterator[bytes]:
    """Unpack what comes, and stop as soon as it is too much: as it comes, or as it is unpacked."""
    inflater = Inflater(encoding, most)
    for chunk in chunks:
        yield from inflater.feed(chunk)
    inflater.finish()


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that a server asks to wait, by a number or a date (RFC 9110, 10.2.3); 0 if it does not."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:9])
    try:
        then = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
