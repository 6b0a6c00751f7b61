from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Facts
from index.errors import QuestionError
from rag.filters import Filters, day_range, holds, parse, without_phrases

MARCH = date(2023, 3, 1)


@pytest.mark.parametrize(
    ("typed", "text", "filters"),
    [
        ("Who won?", "Who won?", Filters()),
        (
            'publisher:cnn.com after:2023-03-01 "exact phrase" -word',
            '"exact phrase"',
            Filters(publishers=("cnn.com",), since=MARCH, phrases=("exact phrase",), without=("word",)),
        ),
        ("Publisher:CNN who won", "who won", Filters(publishers=("CNN",))),
        ('who won publisher:"Harbour Lantern", really', "who won really", Filters(publishers=("Harbour Lantern",))),
        ("who won publisher:“Harbour Lantern”", "who won", Filters(publishers=("Harbour Lantern",))),
        ("author:blom by:pettifer goose", "goose", Filters(authors=("blom", "pettifer"))),
        ("section:sport lang:de x", "x", Filters(sections=("sport",), languages=("de",))),
        ("id:a/b.txt article:c x", "x", Filters(articles=("a/b.txt", "c"))),
        ("-publisher:cnn.com bridge", "bridge", Filters(publishers=("-cnn.com",))),
        ("bridge after:2023-03 before:2023-05", "bridge", Filters(since=MARCH, until=date(2023, 4, 30))),
        ("bridge on:2024-02", "bridge", Filters(since=date(2024, 2, 1), until=date(2024, 2, 29))),
        ("bridge until:2023", "bridge", Filters(until=date(2023, 12, 31))),
        ("bridge after:2023 since:2023-03-01", "bridge", Filters(since=MARCH)),
        ("bridge before:9999-12", "bridge", Filters(until=date(9999, 11, 30))),
        ('bridge -"red line" -“old pier”?', "bridge ?", Filters(without=("red line", "old pier"))),
        ("Who is “The Rock” Johnson?", "Who is “The Rock” Johnson?", Filters(phrases=("The Rock",))),
        ('What is "mixed reality," they ask', 'What is "mixed reality," they ask', Filters(phrases=("mixed reality",))),
        # None of these is a filter.
        ("a well-known man - and 12 -5 --x -", "a well-known man - and 12 -5 --x -", Filters()),
        ("at 10:30 http://a.b/c?after:1 note: x", "at 10:30 http://a.b/c?after:1 note: x", Filters()),
        ('5" pipe', '5" pipe', Filters()),
        ('"?!"', '"?!"', Filters()),
    ],
)  # fmt: skip
def test_filters_are_read_out_of_a_question(typed: str, text: str, filters: Filters) -> None:
    assert parse(typed) == (text, filters)


@pytest.mark.parametrize(
    "typed", ["after:2023-13-01 x", "before:soon x", "on:12.2.2023 x", "-after:2023 x", "since:0 x", "before:0001 x"]
)
def test_a_date_that_is_none_is_named(typed: str) -> None:
    with pytest.raises(QuestionError, match=typed.split()[0].split(":")[0]):
        parse(typed)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_named(text: str) -> None:
    try:
        left, filters = parse(text)
    except QuestionError:
        return
    assert parse(left)[1].without == () or "-" in left
    assert isinstance(str(filters), str)


@pytest.mark.parametrize("typed", [
    'publisher:cnn.com author:"Carys Blom" -section:sport language:en since:2023-03-01 until:2023-04-30 article:a x',
    "“exact words” -word -\"other words\" -\"12\"",
])  # fmt: skip
def test_what_is_shown_can_be_typed(typed: str) -> None:
    _, filters = parse(typed)
    assert parse(f"{filters} x")[1] == filters


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(), True),
        (Filters(publishers=("harbour lantern",)), True),
        (Filters(publishers=("LANTERN",)), True),
        (Filters(publishers=("lan",)), False),
        (Filters(publishers=("lantern harbour",)), False),
        (Filters(publishers=("lantern.example",)), True),
        (Filters(publishers=("www.lantern.example",)), True),
        (Filters(publishers=("antern.example",)), False),
        (Filters(publishers=("example",)), False),
        (Filters(publishers=("courier", "lantern")), True),
        (Filters(publishers=("-lantern",)), False),
        (Filters(publishers=("-courier",)), True),
        (Filters(publishers=("-courier", "fulmar")), False),
        (Filters(authors=("blom",)), True),
        (Filters(authors=("carys o’hara",)), False),
        (Filters(authors=("O'Hara",)), True),
        (Filters(sections=("town hall",)), True),
        (Filters(sections=("sport",)), False),
        (Filters(languages=("en",)), True),
        (Filters(languages=("EN-gb",)), True),
        (Filters(languages=("e",)), False),
        (Filters(publishers=("lantern",), authors=("nobody",)), False),
    ],
)
def test_an_article_passes_by_what_is_known_of_it(filters: Filters, *, passes: bool) -> None:
    facts = Facts("The Harbour Lantern", ("Carys Blom", "Pat O’Hara"), "Town hall", "en-GB", "news.lantern.example")
    assert filters.pass_article(facts) is passes
    assert not Filters(publishers=("x",)).pass_article(Facts(None, (), None, "en", None))
    assert not Filters(publishers=("x.com",)).pass_article(Facts(None, (), None, "en", ""))


@pytest.mark.parametrize(
    ("phrase", "there"),
    [("five per cent", True), ("FIVE  per\ncent", True), ("ive per cent", False), ("it's “over”", True),
     ("it's over", False), ("5.6 million", True), ("6 million", False), ("5", False), ("per cent, he", True)],
)  # fmt: skip
def test_exact_words_are_exact_but_for_typography(phrase: str, there: bool) -> None:
    assert holds('Up five per\ncent, he said: “It’s "over"”, or 5.6 million.', phrase) is there


def test_filters_of_two_places_must_both_hold() -> None:
    one, two = Filters(publishers=("a",), phrases=("p",)), Filters(publishers=("b",), since=date(2023, 3, 1))
    both = one.also(two)
    assert both.parts == (one, two)
    assert str(both) == "publisher:a “p” publisher:b since:2023-03-01"
    assert both.also(one) == both
    assert one.also(Filters()) == Filters().also(one) == one
    assert without_phrases(both).parts == (Filters(publishers=("a",)), two)
    assert not Filters()
    assert one


def test_a_single_value_and_a_list_are_taken_too() -> None:
    assert Filters(publishers="courier", authors=["a", "b"]) == Filters(publishers=("courier",), authors=("a", "b"))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "23", "2023-", "2023-00", "2023-02-30", "2023-1-1-1", "٢٠٢٣-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_range(text)
