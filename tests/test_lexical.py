from pathlib import Path

import numpy as np
import pytest

from index.lexical import LexicalIndex

PASSAGES = [
    ("Ferry strike ends", "The ferry crews voted to end their strike on Friday.", 738_000),
    ("Bridge delayed", "The bridge will not open until June, the council said.", 738_100),
    ("Café wins prize", "A café in Brévignac won; naïve visitors queued for hours.", 738_200),
    ("Ferry", "Nothing here but geese, geese and more geese.", 0),
    ("市長", "市長 橋 閉鎖", 738_000),
    ("Ferry ferry ferry", "A ferry is a ferry is a ferry, said the ferry man.", 738_300),
    ("", "", 0),
    ("Rain", "Straße und Москва were wet; O'Neill's co-operative was not.", 738_000),
]


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    LexicalIndex.write(folder, PASSAGES)
    return LexicalIndex.open(folder)


def rows(lexical: LexicalIndex, text: str, k: int = 10, allowed: list[int] | None = None) -> list[int]:
    among = None if allowed is None else np.asarray(allowed, dtype=np.int64)
    return lexical.search(lexical.terms(text), k, allowed=among).rows.tolist()


def test_every_passage_is_there(lexical: LexicalIndex) -> None:
    assert lexical.size == len(PASSAGES)


def test_the_passage_with_more_of_the_words_comes_first(lexical: LexicalIndex) -> None:
    assert rows(lexical, "ferry strike vote")[0] == 0
    assert rows(lexical, "ferry")[0] == 5


def test_a_word_in_the_text_counts_more_than_the_same_word_in_a_title(lexical: LexicalIndex) -> None:
    found = rows(lexical, "ferry")
    assert found.index(0) < found.index(3)
    assert set(found) == {0, 3, 5}


def test_scores_are_positive_and_fall(lexical: LexicalIndex) -> None:
    found = lexical.search(lexical.terms("the ferry bridge geese"), 10)
    assert all(found.scores > 0)
    assert all(np.diff(found.scores) <= 0)


@pytest.mark.parametrize(
    ("asked", "row"),
    [("vote crew striking", 0), ("opens delays", 1), ("cafes prizes", 2), ("bridges", 1), ("GEESE", 3),
     ("brevignac", 2),
     ("Brévignac", 2), ("naive", 2), ("市長", 4), ("strasse", 7), ("москва", 7), ("O'Neill", 7), ("co-operative", 7)],
)  # fmt: skip
def test_words_match_across_inflection_case_and_accents(lexical: LexicalIndex, asked: str, row: int) -> None:
    assert rows(lexical, asked)[0] == row


@pytest.mark.parametrize("allowed", [[0], [3, 5], [1, 2], [], [0, 1, 2, 3, 4, 5, 6, 7], [7, 0]])
def test_every_allowed_row_that_matches_is_returned_and_no_other(lexical: LexicalIndex, allowed: list[int]) -> None:
    everywhere = lexical.search(lexical.terms("ferry geese bridge"), 10)
    scores = dict(zip(everywhere.rows.tolist(), everywhere.scores.tolist(), strict=True))
    found = lexical.search(lexical.terms("ferry geese bridge"), 10, allowed=np.asarray(allowed, dtype=np.int64))
    assert set(found.rows.tolist()) == set(allowed) & set(scores)
    for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[row])


@pytest.mark.parametrize("text", ["", "   ", "?!…", "zebra", "x" * 200, "\x00", "(((", "row:9", "text:*"])
def test_what_matches_nothing_gives_nothing(lexical: LexicalIndex, text: str) -> None:
    assert rows(lexical, text) == []
    assert lexical.search([], 10).rows.tolist() == []


def test_k_bounds_the_answer_and_may_exceed_the_passages(lexical: LexicalIndex) -> None:
    assert len(rows(lexical, "ferry", k=2)) == 2
    assert rows(lexical, "ferry", k=2) == rows(lexical, "ferry", k=10_000)[:2]


def test_a_repeated_term_counts_once(lexical: LexicalIndex) -> None:
    once, twice = (lexical.search(terms, 10) for terms in (["ferri"], ["ferri", "ferri"]))
    assert once.rows.tolist() == twice.rows.tolist()
    np.testing.assert_array_equal(once.scores, twice.scores)


def test_frequency_counts_passages_not_titles(lexical: LexicalIndex) -> None:
    [term] = lexical.terms("ferries")
    assert lexical.frequency(term) == 2
    assert lexical.frequency("zebra") == 0


def test_rows_keep_their_numbers_in_a_large_index(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path, (("", f"common unique{row}", 0) for row in range(3_000)))
    lexical = LexicalIndex.open(tmp_path)
    assert lexical.size == 3_000
    for row in (0, 1, 255, 1_024, 2_999):
        assert rows(lexical, f"unique{row}") == [row]
    assert sorted(rows(lexical, "common", k=3_000)) == list(range(3_000))


def test_no_lock_file_is_left_in_a_version(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path, PASSAGES)
    assert list(tmp_path.rglob("*.lock")) == []


def test_what_came_after_a_day_is_left_out_and_what_has_no_day_is_not(lexical: LexicalIndex) -> None:
    terms = lexical.terms("ferry geese bridge")
    assert set(lexical.search(terms, 10).rows.tolist()) == {0, 1, 3, 5}
    assert set(lexical.search(terms, 10, until=738_100).rows.tolist()) == {0, 1, 3}
    assert set(lexical.search(terms, 10, until=1).rows.tolist()) == {3}


@pytest.mark.parametrize("question", ["ferry geese bridge strike", "nothing of this zebra", "café", ""])
def test_coverage_is_the_weight_of_the_terms_that_text_or_title_hold(lexical: LexicalIndex, question: str) -> None:
    terms = list(dict.fromkeys(lexical.terms(question)))
    weights = np.asarray([1.5 + place for place in range(len(terms))], dtype=np.float32)
    among = np.asarray([7, 0, 3, 5, 1], dtype=np.int64)
    held = [{*lexical.terms(PASSAGES[row][0]), *lexical.terms(PASSAGES[row][1])} for row in among]
    expected = [sum(weight for term, weight in zip(terms, weights, strict=True) if term in each) for each in held]
    np.testing.assert_allclose(lexical.coverage(terms, weights, among), expected, rtol=1e-5)
