from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.reader import Passage
from rag.answer import Hit, Why
from rag.hits import alike, below, beside, shingles, spread
from rag.hits import collapse as grouped

WHY = Why(1, None, (), cosine=0.5, bm25=0.0, coverage=0.0, proximity=0.0, position=0, date_factor=1.0)
WIRE = "The ferry Kestrel struck the north pier on Saturday and six people were hurt, the harbour master said."
LONGER = " It was the third time this year. The crews want a new pier, since the winter storms began in January."


def hit(key: str, text: str, score: float, publisher: str | None = None, day: int | None = None) -> Hit:
    published = date(2026, 1, day) if day else None
    article = Article(key, key, text, publisher=publisher, published=published)
    return Hit(Passage(key, 0, len(text)), article, score, WHY)


def collapse(hits: list[Hit]) -> list[Hit]:
    """Return the first hit of each group, best first, with the articles of the others as its copies."""
    texts = [shingles(each.text) for each in hits]
    keys = [each.article.id for each in hits]
    anything = [range(len(hits))] * len(hits)
    groups = grouped([keys.index(key) for key in keys], anything, lambda one, other: alike(texts[one], texts[other]))
    return [replace(hits[first], copies=tuple(hits[each].article for each in rest)) for first, *rest in groups]


def ids(hits: list[Hit]) -> list[str]:
    return [each.article.id for each in hits]


def test_the_same_words_in_two_articles_are_one_hit_with_its_copies_named() -> None:
    found = collapse([
        hit("courier", WIRE, 0.9),
        hit("lantern", f"VARROWMOUTH — {WIRE.replace('six', 'seven')} It was raining.", 0.8),
        hit("other", "The ferry Kestrel is to be replaced, the council decided in its meeting on Monday night.", 0.7),
        hit("third", WIRE.upper(), 0.6),
    ])  # fmt: skip
    assert ids(found) == ["courier", "other"]
    assert [article.id for article in found[0].copies] == ["lantern", "third"]
    assert found[1].copies == ()


def test_only_suspects_are_compared() -> None:
    assert grouped([0, 1, 2], [{0, 1}, {0, 1}, {2}], lambda *_: True) == [[0, 1], [2]]


def test_two_passages_of_one_article_are_never_copies() -> None:
    one = hit("a", WIRE, 0.9)
    assert collapse([one, replace(one, score=0.8)]) == [one, replace(one, score=0.8)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(WIRE, WIRE, True), ("a b", "a b", True), ("a b", "a c", False), ("", "", True),
     (WIRE, " ".join(reversed(WIRE.split())), False), (WIRE, WIRE + LONGER, False)],
)  # fmt: skip
def test_texts_are_alike_when_one_is_mostly_in_the_other(one: str, other: str, *, same: bool) -> None:
    assert alike(shingles(one), shingles(other)) is same


def test_sources_take_turns_and_nothing_is_lost() -> None:
    hits = [
        hit("c1", "one", 0.9, "Courier"), replace(hit("c1", "one", 0.85, "Courier"), passage=Passage("c1", 1, 3)),
        hit("c2", "two", 0.8, "Courier"), hit("l1", "three", 0.7, "Lantern"), hit("x", "four", 0.6),
    ]  # fmt: skip
    assert ids(spread(hits)) == ["c1", "l1", "x", "c2", "c1"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["p", "q", None]), st.floats(-1, 1)), max_size=8))
def test_no_hit_is_lost_whatever_is_done(given_hits: list[tuple[str, str | None, float]]) -> None:
    hits = sorted((hit(key, f"text of {key}", s, p) for key, p, s in given_hits), key=lambda each: -each.score)
    assert sorted(ids(spread(hits))) == sorted(ids(hits))
    kept = collapse(hits)
    assert {each.article.id for each in hits} == {a.id for each in kept for a in (each.article, *each.copies)}
    low = below(hits[:3], hits[3:])
    assert ids(low) == ids(hits)
    assert [each.score for each in low] == sorted((each.score for each in low), reverse=True)


def test_hits_of_two_wordings_are_one_list_and_the_second_counts_less() -> None:
    own = [hit("a", "A", 3.0), hit("b", "B", 2.9), hit("c", "C", 1.0)]
    other = [hit("b", "B", 9.0), hit("d", "D", 8.9), hit("c", "C", 5.0)]
    found = beside(own, other, 0.5)
    assert ids(found) == ["b", "a", "d", "c"]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert ids(beside(own, other, 0.0)) == ["a", "b", "c", "d"]
    assert beside(own, [], 0.5) == own
    assert beside([], other, 0.5) == other
