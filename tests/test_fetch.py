"""Links, feeds and sitemaps become articles, and nothing that was there is lost."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.builder import BuildReport, build_index
from index.errors import FetchError, NothingToIndex, SettingsError
from index.reader import open_version
from rag import __version__
from rag.settings import Settings
from tests.site import Page, Site, item, serving
from tests.tiny import TinyEmbedder, write

BODY = (
    "The harbour council voted on Tuesday to close the old fish market for repairs that will last until spring.",
    "Traders said that they had not been asked, and that their stalls would stand in the rain for half a year.",
    "The mayor answered that the roof had been leaking for a decade and that nobody could call the closure sudden.",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


class Builder:
    def __init__(self, data: Path, site: Site) -> None:
        self.data, self.site, self.last = data, site, TinyEmbedder()

    def __call__(self, *sources: str | Path, **policy: object) -> BuildReport:
        self.last = TinyEmbedder()
        return build_index(sources, self.data, self.last, policy=self.site.policy(**policy))

    def articles(self) -> dict[str, Article]:
        index = open_version(self.data)
        found = {member.id: index.article_at(place) for place, member in enumerate(index.members)}
        index.close()
        return found


@pytest.fixture
def build(tmp_path: Path, site: Site) -> Builder:
    return Builder(tmp_path / "data", site)


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.removed, report.unchanged


def many(site: Site, count: int) -> None:
    for number in range(count):
        site.article(f"/story/{number}", f"Story number {number}", *BODY, f"This is what sets story {number} apart.")
    site.feed("/feed.xml", *(item(site.url(f"/story/{number}"), f"Story {number}") for number in range(count)))


def test_a_folder_a_link_and_a_feed_are_one_index(build: Builder, site: Site, tmp_path: Path) -> None:
    write(tmp_path / "news", "geese.txt", "Geese were asked to leave the pond.", title="Geese")
    site.article("/one.html", "The market closes", *BODY)
    many(site, 2)
    report = build(tmp_path / "news", site.url("/one.html"), site.url("/feed.xml"))
    assert (report.articles, report.refused, report.notes) == (4, [], [])
    found = build.articles()
    assert set(found) == {"geese.txt", *(site.url(path) for path in ("/one.html", "/story/0", "/story/1"))}
    one = found[site.url("/one.html")]
    assert (one.title, one.url, one.source) == ("The market closes", site.url("/one.html"), site.url("/one.html"))
    assert BODY[1] in one.text
    again = build()  # the sources are remembered
    assert (counts(again), again.published) == ((0, 0, 0, 4), False)


def test_a_feed_read_three_times(build: Builder, site: Site) -> None:
    many(site, 50)
    first = build(site.url("/feed.xml"))
    assert (counts(first), first.fetch.fetched, first.refused) == ((50, 0, 0, 0), 51, [])
    second = build()
    assert (counts(second), second.embedded, second.published) == ((0, 0, 0, 50), 0, False)
    assert (second.fetch.fetched, second.fetch.unchanged) == (0, 51)
    for number in (3, 14, 41):
        site.article(
            f"/story/{number}", f"Story number {number}", *BODY, f"It was corrected: vote {number} was on Monday."
        )
    third = build()
    assert (counts(third), third.fetch.fetched, third.embedded) == ((0, 3, 0, 47), 3, 3)
    assert site.count("/story/7") == 3
    assert site.count("/robots.txt") == 3


def test_a_server_that_goes_down_half_way_is_asked_only_for_the_rest(build: Builder, site: Site) -> None:
    many(site, 20)
    site.dies_after = 12  # robots.txt, the feed, and 10 stories
    report = build(site.url("/feed.xml"))
    assert report.articles == 10
    assert len(report.refused) == 10
    assert "broke off" in report.refused[0]
    assert "cannot be reached" in report.refused[1]
    site.dies_after = None
    site.asked.clear()
    site.open()
    report = build()
    assert (report.articles, report.new, report.refused) == (20, 10, [])
    assert len([path for path in site.asked if path.startswith("/story")]) == 10
    site.asked.clear()
    build()  # that round is done: the next asks for everything, conditionally
    assert len([path for path in site.asked if path.startswith("/story")]) == 20


def test_what_a_feed_drops_and_a_page_that_is_gone_stay(build: Builder, site: Site) -> None:
    many(site, 3)
    build(site.url("/feed.xml"))
    before = build.articles()
    del site.pages["/story/0"]
    site.feed("/feed.xml", *(item(site.url(f"/story/{number}"), f"Story {number}") for number in (0, 1)))
    report = build()
    assert (counts(report), report.fetch.gone) == ((0, 0, 0, 3), 1)
    assert report.notes == [
        f"{site.url('/feed.xml')}: no longer names 1 articles; they stay in the index.",
        f"{site.url('/story/0')}: gone (404). Its earlier text stays in the index.",
    ]
    site.close()
    report = build()
    assert counts(report) == (0, 0, 0, 3)
    assert build.articles() == before
    assert "cannot be reached" in report.notes[0]


def test_a_feed_fills_in_only_what_the_page_does_not_say(build: Builder, site: Site) -> None:
    stated = '<meta property="article:published_time" content="2026-02-01"><meta name=author content="Ann Page">'
    site.article("/stated", "The page's own title", *BODY, head=stated)
    site.article("/bare", "The market closes", *BODY)
    date_, author = "Tue, 03 Mar 2026 23:30:00 -0500", "Jo Feed"
    site.feed("/feed.xml", item(site.url("/stated"), "T", date_, author), item(site.url("/bare"), "T", date_, author))
    build(site.url("/feed.xml"))
    found = build.articles()
    stated_one, bare = found[site.url("/stated")], found[site.url("/bare")]
    assert (stated_one.published, stated_one.authors) == (date(2026, 2, 1), ("Ann Page",))
    assert stated_one.published_from != "feed"
    assert (bare.published, bare.published_from, bare.authors) == (date(2026, 3, 3), "feed", ("Jo Feed",))
    assert (bare.title, bare.publisher) == ("The market closes", "The Courier")


def test_a_feeds_own_words_stand_for_a_page_that_cannot_be_had(build: Builder, site: Site) -> None:
    whole = "".join(f"<p>{each}</p>" for each in (*BODY, *BODY)) + "<script>alert(1)</script>"
    site.feed(
        "/feed.xml",
        item(site.url("/lost"), "In the feed", "Tue, 03 Mar 2026 10:00:00 GMT", "Jo Feed", whole),
        item(site.url("/short"), "Too short", content="<p>Only a line.</p>"),
        item(site.url("/empty"), "A page without an article", content=f"{whole}<p>This one has an end of its own.</p>"),
    )
    site.pages["/empty"] = Page(b"<!doctype html><html><body><div id=app></div></body></html>")
    report = build(site.url("/feed.xml"))
    found = build.articles()
    assert set(found) == {site.url("/lost"), site.url("/empty")}
    lost = found[site.url("/lost")]
    assert lost.text == "\n\n".join((*BODY, *BODY))
    assert (lost.title, lost.published, lost.published_from) == ("In the feed", date(2026, 3, 3), "feed")
    assert report.refused == [
        f"{site.url('/short')}: gone (404). What the feed itself says of it is too short for an article."
    ]
    site.article("/lost", "The page itself", *BODY)
    assert build().changed == 1
    assert build.articles()[site.url("/lost")].title == "The page itself"


@pytest.mark.parametrize("packed", [False, True])
def test_the_newest_of_a_sitemap_are_taken(build: Builder, site: Site, packed: bool) -> None:
    import gzip

    for number in range(1, 7):
        site.article(f"/s{number}", f"Story number {number}", *BODY, f"Number {number}.")
    ns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'  # noqa: E501
    old = "".join(f"<url><loc>{site.url(f'/s{n}')}</loc><lastmod>2026-01-0{n}</lastmod></url>" for n in (1, 2, 3))
    new = "".join(
        f"<url><image:image><image:loc>http://x/i.png</image:loc></image:image><loc>{site.url(f'/s{n}')}</loc><news:news>"
        f"<news:publication_date>2026-03-0{n}</news:publication_date><news:title>N</news:title></news:news></url>"
        for n in (4, 5, 6)
    )
    for name, urls in (("old", old), ("new", new)):
        raw = f"<?xml version='1.0'?><urlset {ns}>{urls}</urlset>".encode()
        site.pages[f"/{name}.xml"] = Page(gzip.compress(raw) if packed else raw, "application/octet-stream")
    listed = "".join(f"<sitemap><loc>{site.url(f'/{name}.xml')}</loc></sitemap>" for name in ("old", "new"))
    site.pages["/sitemap.xml"] = Page(f"<sitemapindex {ns}>{listed}</sitemapindex>".encode(), "text/plain")
    report = build(site.url("/sitemap.xml"), max_articles=4)
    assert report.refused == report.notes == []
    found = build.articles()
    assert set(found) == {site.url(f"/s{n}") for n in (3, 4, 5, 6)}
    assert (found[site.url("/s6")].published, found[site.url("/s6")].published_from) == (date(2026, 3, 6), "feed")
    site.asked.clear()
    build(max_articles=4)
    assert not [path for path in site.asked if path.startswith("/s3")]  # its sitemap says that nothing changed


def test_a_page_says_its_own_address_but_not_that_of_another_site(build: Builder, site: Site) -> None:
    site.article("/a", "One", *BODY, "Number One.", head=f'<link rel=canonical href="{site.url("/canonical")}">')
    site.article("/b", "Two", *BODY, "Number Two.", head='<link rel=canonical href="https://other.example/theirs">')
    site.pages["/old"] = Page(b"", status=301, headers={"Location": "/moved"}, tag=False)
    site.article("/moved", "Three", *BODY, "Number Three.")
    site.pages["/for-now"] = Page(b"", status=302, headers={"Location": "/there"}, tag=False)
    site.article("/there", "Four", *BODY, "Number Four.")
    build(*(site.url(path) for path in ("/a?utm_source=rss#top", "/b", "/old", "/for-now")))
    assert set(build.articles()) == {site.url(path) for path in ("/canonical", "/b", "/moved", "/for-now")}
    assert site.count("/a") == 1


def test_a_link_that_gives_nothing_is_refused_and_the_rest_goes_on(build: Builder, site: Site) -> None:
    site.article("/good", "Good", *BODY)
    report = build(site.url("/good"), site.url("/none"))
    assert (report.articles, report.refused) == (1, [f"{site.url('/none')}: gone (404)."])
    with pytest.raises(NothingToIndex, match=r"/none: gone \(404\)"):
        build(site.url("/none"))


@pytest.mark.parametrize(
    "source", ["ftp://example.org/a", "file:///etc/passwd", "http://me:secret@example.org/", "http://"]
)
def test_a_source_that_is_no_address_of_the_web_is_an_error(build: Builder, source: str) -> None:
    with pytest.raises(FetchError) as error:
        build(source)
    assert "secret" not in str(error.value)


def test_a_page_that_rests_is_not_asked_for(build: Builder, site: Site) -> None:
    site.article("/one", "The market closes", *BODY)
    build(site.url("/one"))
    build()
    many(site, 1)
    build(site.url("/one"), site.url("/feed.xml"), rest_share=1e9)  # a single link and a feed are asked in any case
    build(rest_share=1e9)
    assert (site.count("/one"), site.count("/feed.xml"), site.count("/story/0")) == (4, 2, 2)
    build(rest_share=1e9)
    assert (site.count("/feed.xml"), site.count("/story/0")) == (3, 2)


def test_marks_of_a_version_that_no_request_can_hold_are_left_out(build: Builder, site: Site) -> None:
    site.article("/one", "The market closes", *BODY)
    page = site.pages["/one"]
    assert isinstance(page, Page)
    page.tag, page.headers = False, {"ETag": '"\u00e9"', "Last-Modified": "yesterday"}
    build(site.url("/one"))
    assert counts(build()) == (0, 0, 0, 1)
    assert site.headers[-1]["if-modified-since"] == "yesterday"
    assert "if-none-match" not in site.headers[-1]


def test_of_a_long_feed_the_newest_are_taken(build: Builder, site: Site) -> None:
    many(site, 4)
    dated = [item(site.url(f"/story/{n}"), "T", f"Tue, 0{n + 1} Mar 2026 10:00:00 GMT") for n in range(4)]
    site.feed("/feed.xml", *dated)
    build(site.url("/feed.xml"), max_articles=2)
    assert set(build.articles()) == {site.url("/story/2"), site.url("/story/3")}


def test_settings_say_how_to_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_FETCH_ALLOW_HOSTS", "127.0.0.1:8000, intranet.example")
    policy = Settings.load(fetch_delay=2.5, fetch_megabytes=1).fetch_policy()
    assert policy.allow_hosts == ("127.0.0.1:8000", "intranet.example")
    assert (policy.delay_s, policy.max_bytes) == (2.5, 1_000_000)
    assert policy.agent.startswith(f"pullquote/{__version__} (+")
    for wrong in ("http://127.0.0.1/", "a b", "host:port"):
        with pytest.raises(SettingsError, match="must be a host like"):
            Settings.load(fetch_allow_hosts=[wrong])
    with pytest.raises(SettingsError, match="must be one line"):
        Settings.load(fetch_agent="me\r\nHost: elsewhere")
