from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rag import Article, Quote, SpanError, locate
from rag.quotes import plain

TEXT = (
    "“We won’t pay,” said Dr. Holt – “not £5,000, not 15 per cent…”\n\n"
    "The co‑operative’s 1,250 members  met on\u00a0Friday. "
    "Soft\u00adware cost €3.50 in naïve terms; the zero\u200bwidth bridge re-opened on 12 March 2026, and 6 were hurt."
)
ARTICLE = Article("a", "A title", TEXT, publisher="Courier", published=date(2026, 3, 12))


@given(st.integers(-3, len(TEXT) + 3), st.integers(-3, len(TEXT) + 3))
def test_a_quote_is_a_slice_of_its_article_or_is_refused(start: int, end: int) -> None:
    if 0 <= start < end <= len(TEXT):
        assert Quote(ARTICLE, start, end).text == TEXT[start:end]
    else:
        with pytest.raises(SpanError, match=rf"\[{start}, {end}\) is no place in article 'a', which has {len(TEXT)}"):
            Quote(ARTICLE, start, end)


def test_a_quote_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Quote(ARTICLE, 0, 5).end = 6  # type: ignore[misc]


def test_the_source_line_says_what_is_not_known() -> None:
    assert Quote(ARTICLE, 0, 5).source_line == "Courier, 12 Mar 2026"
    assert Quote(Article("b.txt", "T", "Text"), 0, 4).source_line == "b.txt, date unknown"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("“We won’t pay,”", "“We won’t pay,”"),
        ("\"We won't pay,\" said", "“We won’t pay,” said"),
        ("Holt - \"not", "Holt – “not"),
        ("15 per cent...", "15 per cent…"),
        ("co-operative's 1,250 members met on Friday", "co‑operative’s 1,250 members  met on\u00a0Friday"),
        ("Software cost", "Soft\u00adware cost"),
        ("zerowidth bridge", "zero\u200bwidth bridge"),
        ("pay,” said\n Dr.\tHolt", "pay,” said Dr. Holt"),
        ("  per cent…”\nThe ", "per cent…”\n\nThe"),
        ("Soft\u00adware", "Soft\u00adware"),
    ],
)  # fmt: skip
def test_typography_is_forgiven_and_the_articles_own_characters_come_back(words: str, found: str) -> None:
    quote = locate(ARTICLE, words)
    assert quote is not None
    assert quote.text == found


@pytest.mark.parametrize(
    "words",
    ["", "  \n", "we won’t pay", "We will pay", "naive terms", "£5.000", "5000", "per cent....",
     "members, met", "re–  opened", "6 were killed", "13 March 2026", "cost 3.50"],
)  # fmt: skip
def test_other_words_are_not_found(words: str) -> None:
    assert locate(ARTICLE, words) is None


@pytest.mark.parametrize("words", ["5 per cent", "250 members", "£5,00", "€3.5", "ridge re-opened"])
def test_a_part_of_a_number_or_word_is_not_that_number_or_word(words: str) -> None:
    """15 per cent does not say "5 per cent"."""
    assert locate(ARTICLE, words) is None


WORDS = st.text(alphabet="abcXYZ019é市", min_size=1, max_size=5)


@given(st.lists(WORDS, min_size=3, max_size=15), st.data())
def test_a_changed_word_is_never_accepted(words: list[str], data: st.DataObject) -> None:
    article = Article("a", "T", " ".join(words))
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    changed = data.draw(st.integers(start, end - 1))
    asked = [*words[start:changed], data.draw(WORDS), *words[changed + 1 : end]]
    assume(not any(words[place : place + len(asked)] == asked for place in range(len(words))))
    assume(" ".join(asked) not in article.text)  # see the test above for parts of words
    assert locate(article, " ".join(asked)) is None


def _typed(text: str) -> str:
    """Return `text` as a keyboard has it."""
    for fancy, typed in zip("“”‘’–‑…", ['"', '"', "'", "'", "-", "-", "..."], strict=True):
        text = text.replace(fancy, typed)
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


PLACES = [0, *(place + 1 for place, character in enumerate(TEXT) if character.isspace()), len(TEXT)]
PLACES = [here for here, there in pairwise(PLACES) if TEXT[here:there].strip()] + [len(TEXT)]


@given(st.sampled_from(PLACES[:-1]), st.sampled_from(PLACES[1:]))
@example(0, len(TEXT))
def test_what_was_typed_is_found_where_it_stands(start: int, end: int) -> None:
    assume(start < end)
    expected = TEXT[start:end].strip()
    quote = locate(ARTICLE, _typed(expected))
    assert quote is not None
    assert _typed(quote.text) == _typed(expected)
    assert quote.text in TEXT


@given(st.text(max_size=30), st.text(max_size=10))
def test_locate_gives_a_place_whatever_the_characters(text: str, words: str) -> None:
    quote = locate(Article("a", "T", text), words)
    assert quote is None or quote.text in text


@given(st.text())
def test_plain_typography_is_what_words_are_located_by(text: str) -> None:
    shown = plain(text)
    assert plain(shown) == shown
    assert "  " not in shown
    if shown.strip() and (found := locate(Article("a", "T", text), shown)):
        assert plain(found.text).strip() == shown.strip()


def test_the_source_line_can_say_where_the_date_is_from() -> None:
    dated = replace(ARTICLE, published_from="json-ld", modified=date(2026, 3, 14), read=date(2026, 5, 1))
    assert Quote(dated, 0, 4).dated_line == "Courier, 12 Mar 2026 (json-ld; updated 14 Mar 2026)"
    undated = replace(dated, published=None, published_from="unknown", modified=None)
    assert Quote(undated, 0, 4).dated_line == "Courier, date unknown (read 1 May 2026)"
