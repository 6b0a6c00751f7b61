"""How politely, how long and how much is fetched, and how an address is written."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from index.errors import FetchError

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_KEPT = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a fetch may take. Times are seconds, sizes bytes."""

    agent: str = "pullquote"
    """Named to every server, and looked up in its robots.txt by what stands before the first slash."""
    allow_hosts: tuple[str, ...] = ()
    """`host` or `host:port` that may be reached although its address is not a public one."""
    delay_s: float = 1.0
    """Between two requests to one host; a longer Crawl-delay of its robots.txt goes before it."""
    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0
    """For one answer, from the first byte sent to the last one read."""
    max_bytes: int = 10_000_000
    """Of one answer, as it came and as it is unpacked."""
    max_articles: int = 200
    """Taken from one feed or sitemap at a time, the newest."""
    max_redirects: int = 5
    retries: int = 2
    recheck: bool = True
    """Whether to ask again for what was asked for before; what never was, is asked for in any case."""
    rest_share: float = 0.0
    """A page that has not changed for some time is left alone for this share of that time (RFC 9111, 4.2.2: 0.1)."""
    max_wait_s: float = 60.0
    """Longest that a server's Retry-After, or the Crawl-delay of its robots.txt, is waited for."""


def is_address(source: object) -> bool:
    """Tell whether a source is an address of the web (or means to be one), not a path."""
    return isinstance(source, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source) is not None


def canonical(address: str) -> str:
    """Return the address as it names a page: as `askable`, and without the marks of a newsletter or a campaign.

    Raises:
        FetchError: it is no address that may be fetched.
    """
    parts = urlsplit(askable(address))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_TRACKING.fullmatch(name) for name, _ in pairs):
        return parts.geturl()
    return parts._replace(query=urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])).geturl()


def askable(address: str) -> str:
    """Return the address as a server is asked for it: in ASCII, no fragment, no port that goes without saying.

    Raises:
        FetchError: it is no address that may be fetched.
    """
    try:
        parts = urlsplit(re.sub(r"[\t\r\n]", "", address.strip()))
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise FetchError(f"{shown(address)}: not an address of the web ({error}).") from None
    if parts.scheme not in _PORTS:
        raise FetchError(f"{shown(address)}: only http and https are fetched, not {parts.scheme or 'this'!r}.")
    if not host:
        raise FetchError(f"{shown(address)}: names no host.")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"{shown(address)}: addresses with a user name or password are not fetched.")
    host = _ascii(host)
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit(
        (parts.scheme, netloc, _quoted(parts.path, _KEPT) or "/", _quoted(parts.query, _KEPT + "?[]"), "")
    )


def host_of(address: str) -> str:
    """Return host and port of an address: one is polite to each of these."""
    return urlsplit(address).netloc


def shown(address: str) -> str:
    """Return an address as it may be shown: no user name, no password, not endless, on one line."""
    bare = re.sub(r"(?<=//)[^/?#]*@", "", address)
    return re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", bare)[:300]


def _quoted(part: str, kept: str) -> str:
    return quote(part, kept, errors="replace")  # a lone surrogate, as JSON can hold one, is in no address


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise FetchError(f"{host!a}: not a name that a host can have.") from None
