"""No request reaches what is not of the open internet, whatever a name or a server says.

That these fail without the guard is shown by the second test: there the request goes through.
"""

import ipaddress
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest

from index.errors import FetchError, FetchLater
from index.fetch.client import Client
from index.fetch.guard import is_public
from index.fetch.policy import Policy, askable, canonical, shown
from tests.site import Page, Site, serving

PUBLIC, LOOPBACK = "93.184.216.34", "127.0.0.1"
Resolver = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.pages["/"] = Page(b"secret of this machine")
        yield site


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that were connected to; only those of this machine answer."""
    tried: list[str] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: tuple[Any, ...]) -> None:
        tried.append(str(address[0]))
        if str(address[0]) != LOOPBACK:
            raise ConnectionRefusedError("nobody there")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets what each look-up of a name gives, one after another; the last one stays."""

    def set_answers(*each: list[str]) -> None:
        left = list(each)

        def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
            del host
            found = left.pop(0) if len(left) > 1 else left[0]
            families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in found]
            return [
                (family, socket.SOCK_STREAM, 6, "", (address, port, 0, 0) if ":" in address else (address, port))
                for family, address in zip(families, found, strict=True)
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return set_answers


def ask(url: str, **policy: Any) -> bytes:  # noqa: ANN401 - each is a field of it
    quick: dict[str, Any] = {"delay_s": 0.0, "retries": 0}
    with Client(Policy(**(quick | policy))) as client:
        return client.get(url).body


def test_a_name_that_leads_here_only_the_second_time_does_not_lead_here(
    site: Site, tried: list[str], answers: Callable[..., None]
) -> None:
    answers([PUBLIC], [LOOPBACK])
    with pytest.raises(FetchLater, match="cannot be reached"):
        ask(f"http://rebinding.example:{site.port}/")
    assert (tried, site.asked) == ([PUBLIC], [])
    with pytest.raises(FetchError, match="not an address of the open internet"):
        ask(f"http://rebinding.example:{site.port}/")
    assert (tried, site.asked) == ([PUBLIC], [])


def test_without_the_guard_it_would(site: Site, tried: list[str], answers: Callable[..., None]) -> None:
    answers([PUBLIC], [LOOPBACK])
    [(*_, (checked, _port))] = socket.getaddrinfo("rebinding.example", site.port)
    assert is_public(ipaddress.ip_address(checked))  # as a check before the request would find
    with httpcore.ConnectionPool() as pool:
        assert pool.request("GET", f"http://rebinding.example:{site.port}/").content == b"secret of this machine"
    assert tried == [LOOPBACK]


def test_a_name_with_one_address_of_this_machine_among_others_is_not_asked(
    site: Site, tried: list[str], answers: Callable[..., None]
) -> None:
    answers([PUBLIC, LOOPBACK])
    with pytest.raises(FetchError, match=r"mixed\.example is at 127\.0\.0\.1, which is not"):
        ask(f"http://mixed.example:{site.port}/")
    assert (tried, site.asked) == ([], [])


def test_a_server_cannot_send_on_to_a_name_that_leads_here(
    site: Site, tried: list[str], answers: Callable[..., None]
) -> None:
    site.pages["/"] = Page(b"", status=302, headers={"Location": f"http://inside.example:{site.port}/admin"}, tag=False)
    answers([LOOPBACK])
    with pytest.raises(FetchError, match=r"inside\.example is at 127\.0\.0\.1"):
        ask(f"http://allowed.example:{site.port}/", allow_hosts=("allowed.example",))
    assert site.asked == ["/robots.txt", "/"]
    assert set(tried) == {LOOPBACK}


def test_robots_txt_is_asked_for_with_the_same_care(site: Site, tried: list[str], answers: Callable[..., None]) -> None:
    answers([LOOPBACK])
    site.pages["/robots.txt"] = Page(
        b"", status=301, headers={"Location": f"http://inside.example:{site.port}/x"}, tag=False
    )
    ask(f"http://allowed.example:{site.port}/", allow_hosts=("allowed.example",))
    assert site.asked == ["/robots.txt", "/"]
    assert set(tried) == {LOOPBACK}


@pytest.mark.parametrize("allowed", ["news.example", "NEWS.example.", "news.example:{port}"])
def test_a_host_can_be_allowed(site: Site, tried: list[str], answers: Callable[..., None], allowed: str) -> None:
    answers([LOOPBACK])
    allow = (allowed.format(port=site.port),)
    assert ask(f"http://news.example:{site.port}/", allow_hosts=allow) == b"secret of this machine"
    assert site.headers[-1]["host"] == f"news.example:{site.port}"
    for other in (f"http://other.example:{site.port}/", f"http://sub.news.example:{site.port}/"):
        with pytest.raises(FetchError, match="not an address of the open internet"):
            ask(other, allow_hosts=allow)
    if "port" in allowed:
        with pytest.raises(FetchError, match="not an address of the open internet"):
            ask("http://news.example:81/", allow_hosts=allow)


def test_a_proxy_of_the_environment_is_not_used(
    site: Site, tried: list[str], answers: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, site.url())
    answers([PUBLIC])
    with pytest.raises(FetchLater):
        ask("http://news.example/")
    assert (tried, site.asked) == ([PUBLIC], [])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_tls_asks_for_and_checks_the_name_though_it_connects_to_a_number(
    site: Site, answers: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    )
    named = (
        "-subj",
        "/CN=news.example",
        "-addext",
        "subjectAltName=DNS:news.example",
        "-keyout",
        "key",
        "-out",
        "cert",
    )
    subprocess.run([*made, *named], check=True, capture_output=True, cwd=tmp_path)
    asked_for: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    site.secure(context)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    answers([LOOPBACK])
    allow = ("news.example", "other.example")
    assert ask(f"https://news.example:{site.port}/", allow_hosts=allow) == b"secret of this machine"
    assert set(asked_for) == {"news.example"}
    with pytest.raises(FetchLater, match=r"its certificate does not hold: .*not valid for 'other.example'"):
        ask(f"https://other.example:{site.port}/", allow_hosts=allow)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.9.9.9", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
        "2002:7f00:1::", "2002:c0a8:101::1", "2606:4700::5efe:7f00:1", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", PUBLIC, "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a b?q=ü#part", "https://example.org/a%20b?q=%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y", "https://example.org/a?id=7"),
        ("https://example.org/a?b=1&&c=%2F", "https://example.org/a?b=1&&c=%2F"),
        ("https://[2606:4700::1]:8443/x", "https://[2606:4700::1]:8443/x"),
    ],
)
def test_an_address_is_written_in_one_way(written: str, names: str) -> None:
    assert canonical(written) == names
    assert canonical(names) == names


@pytest.mark.parametrize(
    "written",
    [
        "ftp://a/",
        "http://",
        "http://a:b@c/",
        "http://a@c/",
        "http://[::1/",
        "http://a:99999/",
        "javascript:alert(1)",
        "/a",
    ],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(FetchError):
        askable(written)
    assert "a:b" not in shown(written)
