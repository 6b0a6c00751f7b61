"""Decides which network addresses may be reached, and connects to exactly the address that it has checked.

A name is resolved once; every address that comes is checked; the connection goes to one of them, not to the name:
a second look-up, which could answer otherwise, never happens. TLS still checks the certificate for the name.
Proxies that the environment names are not used: they would resolve the name again, by themselves.
"""

import ipaddress
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from index.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Not in Python's own tables everywhere, or public by number only.
_REFUSED = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared; 100.100.100.200 is a cloud's metadata
        "168.63.129.16/32",  # Azure's own, reachable from each of its machines
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "2001::/23",  # Teredo, ORCHID and other special uses: RFC 2928
        "2001:db8::/32",
        "3fff::/20",  # documentation: RFC 9637
        "64:ff9b:1::/48",  # local NAT64: RFC 8215
    )
]
_UNICAST = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out: RFC 4291
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_ISATAP = {0x00005EFE, 0x02005EFE}  # RFC 5214


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open internet, also where it carries an IPv4 address inside."""
    if any(address.version == network.version and address in network for network in _REFUSED):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    inside = _carried(address)
    if inside is not None and not is_public(inside):
        return False
    if address in _NAT64:
        return inside is not None
    return address in _UNICAST and address.is_global and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to."""
    number = int(address)
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address in _NAT64 or number >> 32 == 0 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


class Deadline:
    """A moment by which an answer must be there; none where nothing is being asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Set none yet."""
        self._clock = clock
        self._at: float | None = None

    def start(self, seconds: float) -> None:
        """Give the answer this long from now."""
        self._at = self._clock() + seconds

    def left(self, most: float | None = None) -> float | None:
        """Return how long may still be waited, at most `most`.

        Raises:
            httpcore.ReadTimeout: nothing is left.
        """
        if self._at is None:
            return most
        left = self._at - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer takes too long")
        return left if most is None else min(left, most)


class GuardedNetwork(httpcore.NetworkBackend):
    """Makes the connections of a client. There is no other way out."""

    def __init__(self, allow_hosts: Iterable[str], deadline: Deadline) -> None:
        """Take the hosts (`host` or `host:port`) that may be reached wherever they are."""
        self._allowed = {each.strip().lower().removesuffix(".") for each in allow_hosts}
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a checked address of `host`.

        Raises:
            FetchError: an address of it may not be reached.
            httpcore.ConnectError: it has none, or none answers.
        """
        del local_address, socket_options
        failed: OSError | None = None
        for family, kind, protocol, place in self._checked(host, port):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self._deadline.left(timeout))
                connection.connect(place)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                connection.close()
                failed = error
            except BaseException:
                connection.close()
                raise
            else:
                return _Stream(connection, self._deadline)
        if isinstance(failed, TimeoutError):
            raise httpcore.ConnectTimeout("no connection in time") from failed
        raise httpcore.ConnectError(_reason(failed)) from failed

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: nothing of the web is there."""
        del timeout, socket_options
        raise FetchError(f"{path}: only http and https are fetched.")

    def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between its own retries, of which it is given none."""
        time.sleep(seconds)

    def _checked(self, host: str, port: int) -> list[tuple[int, int, int, Any]]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host!a} leads nowhere ({_reason(error)})") from error
        name = host.strip("[]").lower().removesuffix(".")
        written = f"[{name}]" if ":" in name else name
        if self._allowed.isdisjoint({name, written, f"{written}:{port}"}):
            for *_, place in found:
                bare = str(place[0]).partition("%")[0]
                if not is_public(ipaddress.ip_address(bare)):
                    raise FetchError(
                        f"{host} is at {bare}, which is not an address of the open internet: it is not fetched. "
                        f"If it is yours, set fetch_allow_hosts to {written}:{port}."
                    )
        return [(family, kind, protocol, place) for family, kind, protocol, _, place in found]


class _Stream(httpcore.NetworkStream):
    """A connection that keeps to the deadline, however slowly the other side drips."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._socket = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout("no answer in time") from error
        except OSError as error:
            raise httpcore.ReadError(_reason(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout("the request is not taken in time") from error
        except OSError as error:
            raise httpcore.WriteError(_reason(error)) from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._deadline)
        except (OSError, ValueError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout("no TLS connection in time") from error
            raise httpcore.ConnectError(_reason(error)) from error

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        if info == "is_readable":
            return _is_readable(self._socket)
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return self._socket if info == "socket" else None


def _is_readable(connection: socket.socket) -> bool:
    """Tell whether something waits to be read: on an idle connection that means that the other side closed it."""
    try:
        return bool(select.select([connection], [], [], 0)[0])
    except ValueError:  # closed, or its number is too high for select: a new connection does no harm
        return True


def _reason(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    return (isinstance(error, OSError) and (error.strerror or (error.errno and os.strerror(error.errno)))) or str(error)
