import random
import re
import string
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.article import Article
from index.builder import PASSAGE_PIECES
from index.embed import SentenceTransformerEmbedder
from index.embedded import embedded_text
from index.passage import Span, paragraphs, sentences, split, trimmed
from tests.tiny import TinyEmbedder

TINY = TinyEmbedder()

NEWS = (
    "PIKEHITHE, March 26 — A 108-year-old tuba stolen in December has been found. “It was a planter,” "
    "said Dr. Agnes Holt. It cost £1.5m… or so the U.S. firm says!\n\n"
    "市長は金曜日、橋を秋まで閉鎖すると発表した。住民は困っている。\n"
    "أعلن رئيس البلدية يوم الجمعة إغلاق الجسر. 👩‍👩‍👧 "
    "Was it so? Yes.\r\n\tTabbed\u2028new line\u2029another\x0b\x0cfeed\u00a0."
)
WORDS = st.sampled_from(NEWS.split(" "))
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=60).map(" ".join),
    st.lists(st.lists(WORDS, max_size=25).map(" ".join), max_size=8).map("\n\n".join),
)
RUNS = {
    "no space": "a" * 20_000,
    "a word of many pieces": "xqzjvkw" * 3_000,
    "hyphens": "-".join(["over", "the", "unquestionable", "bridge"] * 900),
    "chinese": "市長は橋を閉鎖すると発表した" * 1_400,
    "hangul": "시장은다리를닫는다고말했다" * 1_500,
    "arabic": "مرحبا بالعالم " * 1_400,
    "hebrew, no space": "שלום" * 5_000,
    "emoji": "👩‍👩‍👧🏳️‍🌈" * 1_500,
    "combining": "e\u0301\u0327" * 6_000,
    "ligatures": "ﷺ" * 3_000,
    "digits": "1,234.5;" * 2_500,
    "spaces": "word" + " " * 19_000 + "word",
    "zero width": "\u200b" * 20_000,
}


def assert_places(text: str, spans: list[Span]) -> None:
    """Assert that spans are trimmed, in order, and hold every character but white space exactly once."""
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
    for one, next_one in pairwise(spans):
        assert one.end <= next_one.start
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@given(TEXTS, st.sampled_from(["en", "fr", "ja", "ar", "xx", ""]))
def test_sentences_hold_every_character_once_and_cross_no_paragraph(text: str, language: str) -> None:
    found = sentences(text, language)
    assert_places(text, found)
    assert not any(re.search(r"[\n\r\u2028\u2029]", text[s.start : s.end]) for s in found)


@given(TEXTS, st.integers(1, 40))
def test_passages_hold_every_character_once_within_the_budget(text: str, budget: int) -> None:
    found = split(text, TINY, budget)
    assert_places(text, found)
    assert max(TINY.counts([text[s.start : s.end] for s in found]), default=0) <= budget


@given(TEXTS, st.integers(3, 40))
def test_no_sentence_is_cut_unless_it_alone_is_over_the_budget(text: str, budget: int) -> None:
    starts = {span.start for span in split(text, TINY, budget)}
    ends = {span.end for span in split(text, TINY, budget)}
    for sentence in sentences(text):
        inside = text[sentence.start : sentence.end]
        if TINY.counts([inside])[0] <= budget and len(inside) <= budget * 8:
            assert not any(sentence.start < start < sentence.end for start in starts)
            assert not any(sentence.start < end < sentence.end for end in ends)


@given(TEXTS)
def test_passages_of_the_model_are_within_its_budget_by_its_own_tokenizer(
    embedder: SentenceTransformerEmbedder, text: str
) -> None:
    for budget in (12, PASSAGE_PIECES):
        found = split(text, embedder, budget)
        assert_places(text, found)
        assert max(embedder.counts([text[s.start : s.end] for s in found]), default=0) <= budget


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS.keys())
def test_long_runs_are_cut_into_passages_within_the_budget(embedder: SentenceTransformerEmbedder, text: str) -> None:
    found = split(text, embedder, PASSAGE_PIECES)
    assert_places(text, found)
    assert max(embedder.counts([text[s.start : s.end] for s in found])) <= PASSAGE_PIECES
    assert max(span.end - span.start for span in found) <= PASSAGE_PIECES * 8 + len(text) * ("  " in text)


@pytest.mark.parametrize("budget", [5, 20, PASSAGE_PIECES])
def test_a_word_that_is_cut_has_parts_within_the_budget(embedder: SentenceTransformerEmbedder, budget: int) -> None:
    letters = random.Random(1)  # noqa: S311 - the same letters each time
    words = ["".join(letters.choices(string.ascii_lowercase, k=letters.randint(1, 12))) for _ in range(1_500)]
    text = "-".join(words)
    found = split(text, embedder, budget)
    assert_places(text, found)
    assert max(embedder.counts([text[s.start : s.end] for s in found])) <= budget


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS.keys())
def test_the_model_reads_all_of_a_passage_and_its_title(embedder: SentenceTransformerEmbedder, text: str) -> None:
    article = Article("a", text[:5_000], text)
    spans = split(text, embedder, PASSAGE_PIECES)
    read = embedder.counts([embedded_text(article, span, embedder) for span in spans])
    assert max(read) <= embedder.max_pieces


def test_sentences_end_where_a_reader_would_end_them() -> None:
    text = "Dr. Holt came at 3 p.m. on Friday. She cost £1.5m. “Stay,” she said. Why? No. Go!"
    assert [text[s.start : s.end] for s in sentences(text)][:2] == [
        "Dr. Holt came at 3 p.m. on Friday.",
        "She cost £1.5m.",
    ]


def test_a_paragraph_that_fits_is_not_torn_to_fill_a_passage() -> None:
    first, second = "One two three four five six.", "Seven eight nine ten. Eleven twelve."
    text = f"{first}\n\n{second}"
    assert [text[s.start : s.end] for s in split(text, TINY, 10)] == [first, second]


def test_short_paragraphs_share_a_passage() -> None:
    text = "One two.\n\nThree four.\n\nFive six."
    assert split(text, TINY, 10) == [Span(0, len(text))]


def test_a_long_sentence_is_cut_at_white_space() -> None:
    text = " ".join(f"word{number}" for number in range(25))
    parts = [text[s.start : s.end].split() for s in split(text, TINY, 10)]
    assert [word for part in parts for word in part] == text.split()
    assert len(parts) == 3


@given(st.text(max_size=40), st.data())
def test_trimmed_takes_away_white_space_and_nothing_else(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = trimmed(text, Span(start, end))
    assert text[span.start : span.end] == text[start:end].strip()
    assert start <= span.start <= span.end <= max(end, start)


def test_text_without_words_has_no_passage() -> None:
    assert split(" \n\t\u00a0\u2003\r\n", TINY, 10) == []
    assert list(paragraphs("")) == []


@given(TEXTS)
def test_splitting_is_the_same_each_time(text: str) -> None:
    assume(text.strip())
    assert split(text, TINY, 7) == split(text, TINY, 7)


def test_a_mark_that_opens_a_quotation_belongs_to_what_it_opens() -> None:
    text = "They met in Moscow. “ But we must start. “Chasing this will only prolong it,” he said. She left. “We go.”"
    found = [text[start:end] for start, end in sentences(text)]
    assert not [each for each in found if each.endswith("“")]
    assert "".join("".join(found).split()) == "".join(text.split())
