"""What a page says of its article: statements, their order, and what is dropped."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load

PARAGRAPHS = [
    f"The ferry crews voted on {day} to end a strike that had kept the harbour shut for {weeks} weeks, the union said."
    for day, weeks in (("Friday", "eleven"), ("Saturday", "twelve"), ("Sunday", "thirteen"), ("Monday", "nine"))
]
BODY = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)


def page(head: str = "", *, body: str = BODY, heading: str = "Ferry strike over", lang: str = "en") -> str:
    return (
        f"<!DOCTYPE html><html lang={lang}><head><meta charset=utf-8>{head}</head><body>"
        f"<main><article><h1>{heading}</h1>{body}</article></main></body></html>"
    )


def linked(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"<script type='application/ld+json'>{text}</script>"


def loaded(content: str, name: str = "a.html") -> Article | LoadError:
    Path(name).write_text(content, "utf-8")
    [found] = load(SourceFile(Path(name), name))
    return found


def article(content: str, name: str = "a.html") -> Article:
    found = loaded(content, name)
    assert isinstance(found, Article), found
    return found


def test_paragraphs_stay_paragraphs() -> None:
    assert article(page()).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "extra",
    [
        "<figure><img src=x><figcaption>The ferry in March, a caption of some length.</figcaption></figure>",
        "<p>Read more: Ten geese that you have to see</p>", "<p>Related: The geese of the quay</p>",
        "<p>Advertisement</p>",
        "<div class='share-buttons'><ul><li>Share on Twitter</li><li>E-mail</li></ul></div>",
        "<p>Sign up for our daily newsletter and never miss a goose.</p>", "<p>Photo: Ann Tey/Getty Images</p>",
        "<p>The ferry on Monday, seen from the quay. (Ann Tey/AFP/Getty Images)</p>", "<p>By Ann Tey and Bo Rusk</p>",
        "<p>Published 12 February 2026</p>", "<p>Lire aussi : Les oies du port</p>",
        "<div class=comments-list><p>First! says a reader, at some length, about geese and the quay.</p></div>",
        "<div class=newsletter-signup><p>Get the Lantern by mail every morning, with all the geese.</p></div>",
        "<div id=cookie-consent><p>We and our partners use cookies to remember how many geese you saw.</p></div>",
    ],
)  # fmt: skip
def test_what_is_no_sentence_of_the_article_does_not_get_in(extra: str) -> None:
    assert article(page(body=f"<p>{PARAGRAPHS[0]}</p>{extra}{BODY[len(PARAGRAPHS[0]) + 7 :]}")).text == "\n\n".join(
        PARAGRAPHS
    )


@pytest.mark.parametrize(
    "sentence",
    ["“Sign up here and be counted,” the harbour master told the crews, and forty of them did so.",
     "Photographs of the ferry were shown to the court, which saw no reason to believe them.",
     "Advertisement is what the mayor called it, and nobody on the quay disagreed with her.",
     "By Friday it was over and the boats went out again (as they had in 2019)."],
)  # fmt: skip
def test_sentences_that_look_like_it_stay(sentence: str) -> None:
    assert sentence in article(page(body=f"{BODY}<p>{sentence}</p>{BODY.replace('ferry', 'boat')}")).text


def test_an_element_that_holds_the_article_stays_whatever_its_class() -> None:
    assert article(page(body=f"<div class='share related newsletter'>{BODY}</div>")).text == "\n\n".join(PARAGRAPHS)


def test_of_several_readings_the_one_nearest_to_the_stated_text_is_taken() -> None:
    stated = linked({"@type": "NewsArticle", "headline": "Ferry strike over", "articleBody": "\n".join(PARAGRAPHS * 3)})
    short = article(page(stated, body=f"<p>{PARAGRAPHS[0]}</p>")).text
    assert short.count("\n\n") == 11  # the page shows the beginning alone, and states the rest
    other = linked({"@type": "NewsArticle", "headline": "Ferry strike over", "articleBody": "Geese again. " * 200})
    assert article(page(other)).text == "\n\n".join(PARAGRAPHS)


OURS = {"@type": "NewsArticle", "headline": "Ferry strike over", "datePublished": "2026-03-28T08:00:00Z"}
OTHER = {"@type": "NewsArticle", "headline": "Geese", "datePublished": "2020-01-02"}


@pytest.mark.parametrize(
    "value",
    [
        OURS, [OURS], {"@graph": [{"@type": "WebPage"}, OURS]}, [OTHER, OURS], {"@graph": [OTHER, OURS]},
        {**OURS, "@type": ["Article", "ReportageNewsArticle"]}, {**OURS, "@type": "http://schema.org/BlogPosting"},
        {"@type": "WebPage", "mainEntity": OURS}, json.dumps(OURS)[:-1] + ",}", f"<!-- {json.dumps(OURS)} -->",
        json.dumps(OURS).replace("08:00", "08:\n00"), json.dumps(OURS) + json.dumps({"@type": "WebSite"}),
        json.dumps(OURS)[:-1] + ', "description": "a "broken" one"}',
    ],
)  # fmt: skip
def test_linked_data_is_read_in_every_shape(value: object) -> None:
    found = article(page(linked(value)))
    assert (found.title, found.published, found.published_from) == ("Ferry strike over", date(2026, 3, 28), "json-ld")


def test_references_in_linked_data_are_followed() -> None:
    graph = {"@graph": [{**OURS, "author": {"@id": "#ann"}, "publisher": {"@id": "#p"}},
                        {"@id": "#ann", "@type": "Person", "name": "Ann Tey"},
                        {"@id": "#p", "@type": "Organization", "name": "Courier"}]}  # fmt: skip
    found = article(page(linked(graph)))
    assert (found.authors, found.publisher) == (("Ann Tey",), "Courier")


def test_of_articles_none_of_which_is_this_one_none_is_taken() -> None:
    assert article(page(linked([OTHER, {**OTHER, "headline": "Tuba"}]))).published is None


@pytest.mark.parametrize(
    ("head", "day", "origin"),
    [
        ("<meta property=article:published_time content=2026-03-28>", date(2026, 3, 28), "meta"),
        ("<meta name=parsely-pub-date content=2026-03-28T10:00:00Z>", date(2026, 3, 28), "meta"),
        ("<meta name=citation_date content='2026/03/28'>", date(2026, 3, 28), "meta"),
        ("<meta itemprop=datePublished content=2026-03-28>", date(2026, 3, 28), "meta"),
        ("<meta name=DC.date.issued content='28 March 2026'>", date(2026, 3, 28), "meta"),
        ("<link rel=canonical href=https://lantern.example/2026/03/28/ferry>", date(2026, 3, 28), "address"),
        ("<link rel=canonical href=https://lantern.example/2026/ferry>", None, "unknown"),
        ("<meta name=date content=1970-01-01>", None, "unknown"),
        ("<meta name=date content=0001-01-01>", None, "unknown"),
        ("<meta name=date content=03/04/2026>", None, "unknown"),
        (f"<meta name=date content={date.today() + timedelta(days=30)}>", None, "unknown"),
        ("<meta name=date content=1970-01-01><meta name=pubdate content=2026-03-28>", date(2026, 3, 28), "meta"),
    ],
)  # fmt: skip
def test_days_are_those_that_the_page_states(head: str, day: date | None, origin: str) -> None:
    found = article(page(head))
    assert (found.published, found.published_from) == (day, origin)


@pytest.mark.parametrize(
    ("body", "day", "origin"),
    [
        ("<p class=byline>By Ann Tey | March 28, 2026</p>", date(2026, 3, 28), "byline"),
        ("<time datetime=2026-03-28T09:00>Saturday</time>", date(2026, 3, 28), "byline"),
        ("<span itemprop=datePublished>2026-03-28</span>", date(2026, 3, 28), "meta"),
        (
            "<div itemtype=http://schema.org/Comment><span itemprop=datePublished>2026-03-28</span></div>",
            None,
            "unknown",
        ),
    ],
)
def test_days_are_read_from_bylines_and_microdata(body: str, day: date | None, origin: str) -> None:
    found = article(page(body=body + BODY))
    assert (found.published, found.published_from) == (day, origin)


DATELINE = f"<p>BRUSSELS, Feb. 12 (Reuters) — {PARAGRAPHS[0]}</p>{BODY}"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("", None),
        ("<link rel=canonical href=https://x.example/2025/a>", date(2025, 2, 12)),
        ("<link rel=canonical href=https://x.example/2025/02/13/a>", date(2025, 2, 12)),
        ("<meta property=article:modified_time content=2025-02-14>", date(2025, 2, 12)),
        ("<meta property=article:modified_time content=2025-09-14>", None),
    ],
)
def test_a_dateline_gives_the_day_where_something_else_gives_the_year(head: str, day: date | None) -> None:
    found = article(page(head, body=DATELINE))
    assert (found.published, found.published_from) == (day, "dateline" if day else "unknown")
    assert found.authors == ("Reuters",)
    assert found.text.startswith("BRUSSELS, Feb. 12 (Reuters) —")


def test_an_update_before_the_article_is_dropped_and_so_is_a_day_that_is_trusted_less() -> None:
    both = article(page(linked({**OURS, "dateModified": "2026-03-01"})))
    assert (both.published, both.modified) == (date(2026, 3, 28), None)
    less = article(page(linked({"@type": "NewsArticle", "headline": "Ferry strike over", "dateModified": "2026-03-01"})
                        + "<meta property=article:published_time content=2026-03-28>"))  # fmt: skip
    assert (less.published, less.published_from, less.modified) == (None, "unknown", date(2026, 3, 1))


@pytest.mark.parametrize(
    "head",
    ["<title>Ferry strike over | Lantern</title>",
     "<title>Ferry strike over - The Lantern</title><meta property=og:site_name content=Lantern>",
     "<title>x</title><meta property=og:title content='Ferry strike over – Lantern'>",
     "<meta property=og:title content=Lantern><meta property=og:site_name content=Lantern>"],
)  # fmt: skip
def test_a_title_has_no_name_of_the_site_behind_it(head: str) -> None:
    assert article(page(head)).title == "Ferry strike over"


def test_a_dash_in_a_headline_stays() -> None:
    head = "<meta property=og:title content='Ferry – the strike is over'><meta property=og:site_name content=Lantern>"
    assert article(page(head, heading="Ferry – the strike is over")).title == "Ferry – the strike is over"


@pytest.mark.parametrize(
    ("value", "authors"),
    [("By Ann Tey", ("Ann Tey",)), ("Ann Tey, Bo Rusk", ("Ann Tey", "Bo Rusk")),
     ("Ann Tey, Staff Writer", ("Ann Tey",)),
     ("Ann Tey ann@x.example", ("Ann Tey",)), ("Ann Tey and Ann Tey", ("Ann Tey",)), ("Reuters", ("Reuters",)),
     ("https://facebook.example/ann", ()), ("admin", ()), ("Ann Tey (with Bo Rusk)", ("Ann Tey", "Bo Rusk"))],
)  # fmt: skip
def test_names_are_cleaned(value: str, authors: tuple[str, ...]) -> None:
    assert article(page(f"<meta name=author content='{value}'>")).authors == authors


FRENCH = "".join(
    f"<p>Les équipages du bac ont voté {day} la fin de la grève qui avait fermé le port pendant plusieurs semaines.</p>"
    for day in ("lundi", "mardi", "mercredi", "jeudi")
)


@pytest.mark.parametrize(
    ("body", "lang", "found"),
    [(FRENCH, "''", "fr"), (FRENCH, "en", "fr"), (BODY, "''", "en"), (BODY, "en-GB", "en"), (FRENCH, "fr-CA", "fr")],
)
def test_english_is_not_claimed_for_a_french_page(body: str, lang: str, found: str) -> None:
    assert article(page(body=body, lang=lang)).language == found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (page(body="<div>" * 10_000 + BODY), "nested more than 200 elements deep"),
        (page(body="<p>x" * 40_000), "more than 30,000 elements"),
        (
            page(body="<p " + " ".join(f"a{each}=1" for each in range(20_000)) + ">" + BODY),
            "more than 1,000 attributes",
        ),
    ],
    ids=["deep", "many elements", "many attributes"],
)
def test_pages_made_to_break_a_parser_are_refused(content: str, reason: str) -> None:
    found = loaded(content)
    assert isinstance(found, LoadError)
    assert reason in str(found)


@pytest.mark.parametrize(
    "head",
    [
        linked("[" * 100_000), linked('{"headline":"' * 20_000), linked("{" + ",   " * 30_000),
        linked('"headline":"' + "\\\\" * 50_000), f"<meta property=og:title content='{'a | ' * 30_000}'>",
        f"<meta name=author content='{'A, B and ' * 12_000}'>", f"<meta name=date content='{'1 ' * 50_000}'>",
        f"<link rel=canonical href='https://x.example{'/2025' * 20_000}'>", "<script>" + "x" * 11_000_000 + "</script>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>",
    ],
    ids=range(10),
)  # fmt: skip
def test_what_a_page_states_at_enormous_length_does_not_hurt_its_article(head: str) -> None:
    found = article(page(head))
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert len(found.title) < 1_000
