"""Saved feeds: their entries are articles, and their XML can neither unfold nor open anything."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from index.load.feed import parse_feed, plain
from index.load.prolog import root_of

RSS = """<?xml version="1.0"?><!-- saved --><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Courier</title><language>en-gb</language>
<item><title>Geese &amp;amp; ponds</title><link>https://courier.example/geese</link><dc:creator>Jo Roe</dc:creator>
<pubDate>Tue, 03 Mar 2026 23:30:00 -0500</pubDate><description>In short.</description>
<content:encoded><![CDATA[<p>Geese &amp; ducks.<br>They <b>stay</b>.</p><p>It is so.</p>]]></content:encoded></item>
<item><title>Only a link</title><link>https://courier.example/link</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><entry><id>urn:1</id><title>Ferry</title>
<link href="https://post.example/ferry"/><published>2026-02-01T08:00:00Z</published><updated>2026-02-03T08:00:00Z</updated>
<author><name>Ann Page</name></author><summary>The ferry is back.</summary></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1", "title": "The Wire", "language": "de",
    "items": [
        {"id": "1", "url": "https://wire.example/1", "title": "One", "content_text": "1 < 2 & so on.",
         "date_published": "2026-01-05T10:00:00+02:00", "authors": [{"name": "A. Writer"}]},
        {"id": "2", "content_html": "<h2>Two</h2><div>It holds.<script>not(this)</script></div>"},
        "no item",
    ],
}  # fmt: skip


def loaded(tmp_path: Path, name: str, content: str | bytes) -> list[Article | LoadError]:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(load(SourceFile(file, name)))


def test_rss(tmp_path: Path) -> None:
    article, error = loaded(tmp_path, "a.rss", RSS)
    assert isinstance(article, Article)
    assert (article.id, article.title, article.text) == (
        "https://courier.example/geese", "Geese & ponds", "Geese & ducks.\nThey stay.\n\nIt is so.",
    )  # fmt: skip
    assert (article.published, article.published_from) == (date(2026, 3, 3), "feed")  # by its own clock
    assert (article.authors, article.publisher, article.language) == (("Jo Roe",), "The Courier", "en")
    assert isinstance(error, LoadError)
    assert "the entry 'Only a link' holds no text. Name its link as a source." in str(error)


def test_atom(tmp_path: Path) -> None:
    [article] = loaded(tmp_path, "a.xml", ATOM)
    assert isinstance(article, Article)
    assert (article.id, article.text, article.authors) == (
        "https://post.example/ferry", "The ferry is back.", ("Ann Page",),
    )  # fmt: skip
    assert (article.published, article.modified, article.modified_from) == (date(2026, 2, 1), date(2026, 2, 3), "feed")


def test_a_json_feed_is_told_from_other_json(tmp_path: Path) -> None:
    one, two = loaded(tmp_path, "a.json", json.dumps(JSON))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.id, one.publisher, two.id, two.text) == ("https://wire.example/1", "The Wire", "2", "Two\n\nIt holds.")


def test_json_feed() -> None:
    feed = parse_feed(json.dumps(JSON).encode())
    one, two = feed.entries
    assert (feed.title, feed.language, plain(one.html)) == ("The Wire", "de", "1 < 2 & so on.")
    assert (one.published, one.authors) == (date(2026, 1, 5), ("A. Writer",))
    assert plain(two.html) == "Two\n\nIt holds."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    text = ATOM.replace("Ferry", "Fähre")
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    raw = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
    assert parse_feed(raw).entries[0].title == "Fähre"


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>'  # noqa: E501
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&a;</title></channel></rss>'  # noqa: E501


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE, "<?xml version='1.0'?><!-- > --> " + LAUGHS])
def test_entities_are_not_unfolded(tmp_path: Path, xml: str, encoding: str) -> None:
    [error] = loaded(tmp_path, "a.xml", xml.encode(encoding))
    assert isinstance(error, LoadError)
    assert "declares entities of its own" in str(error)


def test_a_document_type_alone_is_no_harm() -> None:
    old = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert parse_feed((old + RSS[21:]).encode()).title == "The Courier"


@pytest.mark.parametrize(
    "content", ["/etc/passwd", "https://example.org/feed", "", "<html><p>x</p></html>", "<nitf/>", "{}", "<"]
)
def test_what_is_no_feed_is_refused_and_nothing_else_is_opened(tmp_path: Path, content: str) -> None:
    [error] = loaded(tmp_path, "a.xml", content)
    assert isinstance(error, LoadError)
    assert "not a feed" in str(error)


@pytest.mark.parametrize(
    "broken", [RSS[:700], RSS.replace("</item>", ""), RSS.replace("&amp;", "&nosuch;"), RSS + "<x>"]
)
def test_a_broken_feed_gives_what_it_has(tmp_path: Path, broken: str) -> None:
    first = loaded(tmp_path, "a.rss", broken)[0]
    assert isinstance(first, Article | LoadError)
    if isinstance(first, Article):
        assert first.id == "https://courier.example/geese"


def test_a_long_beginning_takes_no_long_time() -> None:
    assert root_of(b"<?a?>" * 13_000 + b"<!" * 10) == ""
    assert root_of(b"<!--" * 16_000) == ""
    assert root_of(b"<?xml?>\n<!-- c --><!DOCTYPE rss><x:RSS>") == "rss"


def test_plain_text_of_deep_and_odd_html() -> None:
    assert plain("<div>" * 200 + "deep") == "deep"
    plain("<div>" * 100_000 + "deep")  # too deep for the parser: it may give up, not fall over
    assert plain("") == plain("<!-- -->") == plain("<img src=x>") == ""
    assert plain("a &lt;b&gt; c") == "a <b> c"
    assert plain("one\ntwo<ul><li>x</li><li>y</li></ul>three") == "one two\n\nx\n\ny\n\nthree"
