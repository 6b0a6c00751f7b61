"""A server that misbehaves costs limited time and memory, and is reported; a good one is treated politely."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from index.errors import FetchError, FetchLater
from index.fetch.client import Answer, Client
from tests.site import Handler, Page, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


class Clock:
    """A time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def get(site: Site, clock: Clock, path: str, **policy: object) -> Answer:
    with Client(site.policy(**policy), sleep=clock.sleep, clock=clock) as client:
        return client.get(site.url(path))


def chunked(handler: Handler, chunks: Iterator[bytes], **headers: str) -> None:
    handler.start(200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"} | headers)
    for chunk in chunks:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    handler.wfile.write(b"0\r\n\r\n")


def endless(handler: Handler) -> None:
    def pieces() -> Iterator[bytes]:
        while True:
            yield b"<p>more of the same</p>" * 1000

    chunked(handler, pieces())


def drip(handler: Handler) -> None:
    handler.start(200, {"Content-Length": "100000"})
    while not handler.site.stop.wait(0.02):
        handler.wfile.write(b".")


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.site.stop.wait(0.02):
        handler.wfile.write(b".")


def silent(handler: Handler) -> None:
    handler.site.stop.wait(10)


def cut_off(handler: Handler) -> None:
    handler.start(200, {"Content-Length": "1000"})
    handler.wfile.write(b"<p>It breaks off")
    handler.close_connection = True


def cut_off_gzip(handler: Handler) -> None:
    handler.answer(Page(gzip.compress(b"x" * 5000)[:-9], headers={"Content-Encoding": "gzip"}, tag=False))


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"+OK POP3 server ready\r\n")
    handler.close_connection = True


def many_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50_000 + b"\r\n")


@pytest.mark.parametrize("answer", [drip, drip_headers, silent, cut_off, cut_off_gzip, no_http, many_headers])
def test_what_breaks_off_or_never_ends_is_given_up(site: Site, clock: Clock, answer: object) -> None:
    site.pages["/"] = answer  # type: ignore[assignment]
    with pytest.raises(FetchLater, match="broke off"):
        get(site, clock, "/", total_s=0.3, read_s=0.2)
    assert site.count("/") == 1


def bomb(handler: Handler) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(50)) + packer.flush()
    handler.answer(Page(packed, headers={"Content-Encoding": "gzip"}, tag=False))


def long(handler: Handler) -> None:
    handler.start(200, {"Content-Length": "9000000000"})


@pytest.mark.parametrize("answer", [endless, bomb, long])
def test_what_is_too_much_is_not_read(site: Site, clock: Clock, answer: object) -> None:
    site.pages["/"] = answer  # type: ignore[assignment]
    with pytest.raises(FetchError, match=r"/: .*(too many|too much)"):
        get(site, clock, "/", max_bytes=100_000, retries=3)
    assert site.count("/") == 1  # asking again would not help


def test_a_packed_answer_is_unpacked(site: Site, clock: Clock) -> None:
    said = b"The same words. " * 1000
    raw = zlib.compressobj(wbits=-15)
    for encoding, packed in (
        ("gzip", gzip.compress(said)),
        ("gzip", gzip.compress(said[:100]) + gzip.compress(said[100:])),
        ("deflate", zlib.compress(said)),
        ("deflate", raw.compress(said) + raw.flush()),
    ):
        site.pages["/"] = Page(packed, headers={"Content-Encoding": encoding}, tag=False)
        assert get(site, clock, "/").body == said
    site.pages["/"] = Page(b"\x00", headers={"Content-Encoding": "br"}, tag=False)
    with pytest.raises(FetchError, match=r"packed as 'br', which was not asked for"):
        get(site, clock, "/")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("/loop", "sent on more than 5 times"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://127.0.0.1/x", "only http and https"),
        ("//me:secret@127.0.0.1/", "user name or password"),
        ("http://127.0.0.1:1/admin", "not an address of the open internet"),
        ("http://169.254.169.254/latest/meta-data/", "not an address of the open internet"),
        ("http://[::1]/", "not an address of the open internet"),
        ("http://[::ffff:169.254.169.254]/", "not an address of the open internet"),
        ("http://localhost/", "not an address of the open internet"),
        ("http://2130706433/", "not an address of the open internet"),
        ("http://0177.0.0.1/", "not an address of the open internet"),
        ("http://0x7f.1/", "not an address of the open internet"),
    ],
)
def test_a_page_can_send_on_only_to_the_open_web(site: Site, clock: Clock, target: str, says: str) -> None:
    site.pages["/loop"] = Page(b"", status=302, headers={"Location": target}, tag=False)
    with pytest.raises(FetchError, match=says) as error:
        get(site, clock, "/loop")
    assert "secret" not in str(error.value)


def test_an_overloaded_server_is_given_the_time_it_asks_for(site: Site, clock: Clock) -> None:
    answers = iter([Page(b"", status=429, headers={"Retry-After": "7"}, tag=False), Page(b"", status=503, tag=False)])
    site.pages["/"] = lambda handler: handler.answer(next(answers, Page(b"<p>Here</p>")))
    assert get(site, clock, "/", retries=2, delay_s=1.0).body == b"<p>Here</p>"
    assert clock.slept == [1.0, 7.0, 2.0]  # after robots.txt, as asked, and then by itself
    assert site.count("/") == 3


def test_a_server_that_asks_for_too_much_time_is_left_alone(site: Site, clock: Clock) -> None:
    site.pages["/"] = Page(b"", status=503, headers={"Retry-After": "7200"}, tag=False)
    with Client(site.policy(retries=5), sleep=clock.sleep, clock=clock) as client:
        with pytest.raises(FetchLater, match="asks to wait 7,200 seconds"):
            client.get(site.url("/"))
        with pytest.raises(FetchLater, match="not asked again now"):
            client.get(site.url("/another"))
    assert (site.asked, sum(clock.slept)) == (["/robots.txt", "/"], 0)


def test_a_server_that_fails_twice_is_asked_a_third_time(site: Site, clock: Clock) -> None:
    answers = iter([Page(b"", status=500, tag=False), Page(b"", status=500, tag=False)])
    site.pages["/"] = lambda handler: handler.answer(next(answers, Page(b"ok")))
    assert get(site, clock, "/", retries=2).status == 200
    assert clock.slept == [1.0, 2.0]
    site.pages["/"] = Page(b"", status=500, tag=False)
    with pytest.raises(FetchLater, match="answers with 500"):
        get(site, clock, "/", retries=2)
    assert site.count("/") == 6


def test_robots_txt_is_heeded(site: Site, clock: Clock) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: pullquote\nDisallow: /private*.html$\nCrawl-delay: 5\n"
    site.pages["/robots.txt"] = Page(rules, "text/plain")
    site.pages["/"] = site.pages["/private/x.html"] = Page(b"ok")
    site.pages["/sent"] = Page(b"", status=302, headers={"Location": "/private/x.html"}, tag=False)
    with Client(site.policy(agent="pullquote/9 (+a test)"), sleep=clock.sleep, clock=clock) as client:
        for path in ("/private/x.html", "/sent"):
            with pytest.raises(FetchError, match=r"/private/x\.html: its robots\.txt asks not to fetch it"):
                client.get(site.url(path))
        assert client.get(site.url("/")).status == 200
    assert clock.slept == [5.0]
    assert "/private/x.html" not in site.asked
    assert {each["user-agent"] for each in site.headers} == {"pullquote/9 (+a test)"}


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False)])
def test_without_robots_txt_all_is_allowed_but_not_while_it_cannot_be_had(
    site: Site, clock: Clock, status: int, allowed: bool
) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /", status=status, tag=False)
    site.pages["/"] = Page(b"ok")
    if allowed:
        assert get(site, clock, "/").status == 200
    else:
        with pytest.raises(FetchLater, match=r"robots\.txt: its server answers with 500"):
            get(site, clock, "/")
    assert site.count("/") == int(allowed)


def test_one_host_is_asked_once_in_a_while(site: Site, clock: Clock) -> None:
    site.pages["/a"] = site.pages["/b"] = Page(b"ok")
    with Client(site.policy(delay_s=1.5), sleep=clock.sleep, clock=clock) as client:
        client.get(site.url("/a"))
        clock.now += 0.5
        client.get(site.url("/b"))
        clock.now += 9
        client.get(site.url("/a"))
    assert clock.slept == [1.5, 1.0]


def test_nothing_is_told_to_servers_that_they_told_before(site: Site, clock: Clock) -> None:
    site.pages["/a"] = Page(b"ok", headers={"Set-Cookie": "id=1; Path=/"})
    site.pages["/b"] = Page(b"ok")
    with Client(site.policy(), sleep=clock.sleep, clock=clock) as client:
        client.get(site.url("/a"))
        client.get(site.url("/b#part"))
    told = set().union(*site.headers)
    assert told == {"host", "user-agent", "accept", "accept-encoding"}
    assert site.asked == ["/robots.txt", "/a", "/b"]
