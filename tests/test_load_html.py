import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from tests.conftest import SEEDS

PARAGRAPHS = [
    "The ferry crews voted on Friday to end a strike that had kept the harbour shut for eleven weeks.",
    "“It is over,” said Ann Tey of the union, who called the offer of 4.5 per cent “thin, but honest”.",
    "Boats will leave again from Monday morning, the company said, and fares will stay what they were.",
]
LINKED = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry strike over",
          "datePublished": "2026-03-28T08:00:00Z", "author": {"@type": "Person", "name": "Bo Rusk"},
          "publisher": {"@type": "Organization", "name": "Harbour Lantern"}}  # fmt: skip


def page(head: str, *, body: str = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)) -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8>{head}</head><body>"
        "<header><nav><a href=/>Home</a> <a href=/sport>Sport of all kinds</a></nav></header>"
        "<div class=cookie-banner>We use cookies to improve your visit. Accept all?</div>"
        f"<main><article><h1>Ferry strike over</h1>{body}</article></main>"
        "<aside><h2>Most read</h2><ul><li><a href=/x>Ten geese you must see before you die</a></li></ul></aside>"
        "<section class=comments><p>First! says a reader in the comments, at some length, about geese.</p></section>"
        "<footer>© 2026 Lantern Media. All rights reserved. Subscribe to our newsletter.</footer>"
        "<script>var tracked = 'yes'</script></body></html>"
    )


def loaded(content: str | bytes, name: str = "a.html") -> Article | LoadError:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [found] = load(SourceFile(path, name))
    return found


def article(content: str | bytes, name: str = "a.html") -> Article:
    found = loaded(content, name)
    assert isinstance(found, Article), found
    return found


def test_the_page_around_the_article_is_left_out() -> None:
    text = article(page("<title>Ferry strike over | Lantern</title>")).text
    for paragraph in PARAGRAPHS:
        assert paragraph in text
    for around in ("Home", "Sport", "cookies", "Most read", "geese", "First!", "©", "newsletter", "tracked", "<"):
        assert around not in text


def test_linked_data_gives_title_date_author_and_publisher() -> None:
    found = article(page(f"<title>x</title><script type='application/ld+json'>{json.dumps(LINKED)}</script>"))
    assert (found.title, found.published, found.authors, found.publisher) == (
        "Ferry strike over", date(2026, 3, 28), ("Bo Rusk",), "Harbour Lantern",
    )  # fmt: skip


def test_meta_elements_give_them_too() -> None:
    found = article(page(
        "<title>x</title><meta property='og:title' content='Ferry strike over'>"
        "<meta property='article:published_time' content='2026-03-28T08:00:00Z'><meta name=author content='Bo Rusk'>"
        "<meta property='og:site_name' content='Harbour Lantern'><link rel=canonical href='https://lantern.example/ferry'>"
    ))  # fmt: skip
    assert (found.title, found.published, found.authors, found.publisher, found.url) == (
        "Ferry strike over", date(2026, 3, 28), ("Bo Rusk",), "Harbour Lantern", "https://lantern.example/ferry",
    )  # fmt: skip


def test_a_date_is_never_guessed_from_the_text() -> None:
    body = "".join(f"<p>{each} It began on January 9, 2026.</p>" for each in PARAGRAPHS)
    assert article(page("<title>x</title>", body=body)).published is None
    assert article(page("<title>x</title>", body=body), "2026-03-28-ferry.html").published == date(2026, 3, 28)


def test_the_language_of_the_page_is_that_of_the_article() -> None:
    assert article(page("").replace("lang=en", 'class="x" lang="fr-CA"')).language == "fr"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "   ",
        "<html></html>",
        "<html><body><img src=x></body></html>",
        "<",
        "\ufeff",
    ],
)
def test_a_page_without_an_article_is_refused(content: str) -> None:
    found = loaded(content)
    assert isinstance(found, LoadError)
    assert str(found).startswith("a.html: no article found in this page.")


def test_bytes_that_are_no_page_are_refused() -> None:
    assert str(loaded(b"\x89PNG\x00\x00")) == "a.html: not text (it holds zero bytes)."


def test_a_page_that_is_too_large_is_refused_before_it_is_read_as_one() -> None:
    found = loaded(b"<p>" + b"x" * 20_000_000)
    assert str(found) == "a.html: 20,000,003 bytes are too many for one page (at most 20,000,000)."


@pytest.mark.parametrize("name", ["a.htm", "a.xhtml", "a.HTML"])
def test_every_ending_is_read(name: str) -> None:
    assert PARAGRAPHS[0] in article(page(""), name).text


def test_markup_in_the_text_is_shown_as_text() -> None:
    body = "".join(f"<p>{each} It costs 5 &lt; 6 &amp; more.</p>" for each in PARAGRAPHS)
    assert "It costs 5 < 6 & more." in article(page("", body=body)).text


@pytest.mark.parametrize("file", sorted(SEEDS.rglob("*.html"))[::6], ids=lambda file: file.stem)
def test_pages_of_the_sample_archive_have_all_that_a_citation_needs(file: Path) -> None:
    found = article(file.read_bytes(), file.name)
    assert found.publisher
    assert found.published
    assert file.name.startswith(str(found.published))
    assert len(found.text) > 300
    assert found.text.isprintable() or "\n" in found.text
