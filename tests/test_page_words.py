"""What the page says in each language: nothing is left out, and each text has the places of the English one."""

import re
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Any

import pytest
from babel import Locale

from index.article import DATE_ORIGINS, Article
from rag import Quote
from tests.rendered import answer, article
from ui import cards, reader, render
from ui.front import KEYS, masthead_html
from ui.wording import DEFAULT, LANGUAGES, chosen, wording

OTHERS = [language for language in LANGUAGES if language != DEFAULT]


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its key; forms of a plural are one."""
    for key, value in wording(language).texts.items():
        if key == "said":
            continue
        yield from (
            ((f"{key}.{name}", text) for name, text in value.items()) if isinstance(value, dict) else [(key, value)]
        )


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_there_is_more_than_one_language() -> None:
    assert OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there_with_its_places(language: str) -> None:
    ours, theirs = dict(texts(DEFAULT)), dict(texts(language))
    assert set(theirs) == set(ours)
    for key, text in theirs.items():
        assert text.strip(), key
        assert places(text) == places(ours[key]), key


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_program_says_in_fixed_sentences_is_translated(language: str) -> None:
    from rag.compose import BESIDE, EARLIEST
    from rag.compose.decide import OPEN

    fixed = {*BESIDE, EARLIEST, OPEN, "Yes.", "No."}
    assert fixed <= set(wording(language).texts["said"])
    assert wording(language).said("No such thing.") == '<span lang="en" dir="auto">No such thing.</span>'


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_and_every_origin_has_its_text(language: str) -> None:
    say = wording(language)
    for key in ("articles", "quotations"):
        assert set(say.texts[key]) >= {Locale.parse(language).plural_form(number) for number in range(1_000)}
    assert set(say.texts["date_from"]) == set(DATE_ORIGINS) - {"unknown"}
    assert all(does in say.texts for does in KEYS.values())


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_of_a_page_is_left_in_english(language: str) -> None:
    quote = Quote(article(), 0, 4)
    made = answer(quote, Quote(article(), 5, 9), as_of=date(2026, 3, 1), searched="Tuba?")
    say = wording(language)
    markup = "".join(
        [
            masthead_html(say, None),
            render.turn_html(say, 0, "?", render.answer_html(say, made, can_correct=True, suggestions=["?"])),
            render.answer_html(say, answer()),
            cards.sources_html(say, made),
            reader.opened_html(say, made, 1) or "",
        ]
    )
    english = [text for key, text in texts(DEFAULT) if len(text) > 8 and not places(text)]
    theirs = dict(texts(language)).values()
    assert not [text for text in english if text not in theirs and re.search(rf"\b{re.escape(text)}\b", markup)]


@pytest.mark.parametrize(
    ("asked", "setting", "accepted", "language"),
    [
        ("", "", "", "en"),
        ("de", "en", "en", "de"),
        ("", "de", "en", "de"),
        ("", "", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "", "en;q=0.4, de;q=0.7", "de"),
        ("", "", "fi, de;q=0, en;q=0.1", "en"),
        ("xx", "", "de", "de"),
        ("../de", "<b>", ";;q=x,de;q=2,*", "en"),
    ],
)
def test_a_language_is_chosen(asked: str, setting: str, accepted: str, language: str) -> None:
    assert chosen(asked, setting, accepted) == language


def test_dates_and_numbers_are_those_of_the_language() -> None:
    english, german = wording("en"), wording("de")
    assert english.dated(date(2026, 3, 27)) == "27 Mar 2026"
    assert german.dated(date(2026, 3, 27)) == "27. März 2026"
    assert (english.count("articles", 1), english.count("articles", 1_086)) == ("1 article", "1,086 articles")
    assert german.count("articles", 1_086) == "1.086 Artikel"
    assert (german.language("fr"), german.language("xx-no-such")) == ("Französisch", "xx-no-such")


@pytest.mark.parametrize(
    ("fields", "card", "opened"),
    [
        ({}, "12 Feb 2025", "12 Feb 2025"),
        ({"published_from": "byline"}, "12 Feb 2025", "12 Feb 2025 (date from the byline)"),
        ({"published_from": "file name"}, *["12 Feb 2025 (date from the file name)"] * 2),
        ({"modified": date(2025, 2, 13)}, "12 Feb 2025", "12 Feb 2025 (updated 13 Feb 2025)"),
        ({"published": None, "read": date(2026, 1, 1)}, "date unknown", "date unknown (read 1 Jan 2026)"),
    ],
)
def test_it_is_said_where_a_date_is_from(fields: dict[str, Any], card: str, opened: str) -> None:
    def plain(markup: str) -> str:
        return re.sub("<[^>]+>", "", markup)

    of: Article = article(**fields)
    assert plain(cards.dated_html(wording("en"), of)) == card
    assert plain(cards.dated_html(wording("en"), of, fully=True)) == opened
