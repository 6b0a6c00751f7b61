from pathlib import Path

import numpy as np
import pytest

from index.lexical import LexicalIndex

PASSAGES = [
    ("Ferry strike ends", "The ferry crews voted to end their strike on Friday.", "en"),
    ("Bridge delayed", "The bridge will not open until June, the council said.", "en"),
    ("Café wins prize", "A café in Brévignac won; naïve visitors queued for hours.", "en"),
    ("Ferry", "Nothing here but geese, geese and more geese.", "en"),
    ("市長", "市長 橋 閉鎖", "ja"),
    ("Ferry ferry ferry", "A ferry is a ferry is a ferry, said the ferry man.", "en"),
    ("", "", "en"),
    ("Rain", "Straße und Москва were wet; O'Neill's co-operative was not.", "en"),
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
    [term] = lexical.terms("ferries", "en")
    assert lexical.frequency(term) == 2
    assert lexical.frequency("zebra") == 0


def test_rows_keep_their_numbers_in_a_large_index(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path, (("", f"common unique{row}", "en") for row in range(3_000)))
    lexical = LexicalIndex.open(tmp_path)
    assert lexical.size == 3_000
    for row in (0, 1, 255, 1_024, 2_999):
        assert rows(lexical, f"unique{row}") == [row]
    assert sorted(rows(lexical, "common", k=3_000)) == list(range(3_000))


def test_no_lock_file_is_left_in_a_version(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path, PASSAGES)
    assert list(tmp_path.rglob("*.lock")) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """Return an index in which the rows that may be found stand far below those that may not."""
    folder = tmp_path_factory.mktemp("large")
    LexicalIndex.write(
        folder, (("", "ferry " * (row % 40) + f"rope {'geese' * (row % 7 == 0)}", "en") for row in range(12_000))
    )
    return LexicalIndex.open(folder)


@pytest.mark.parametrize("allowed", [
    range(0, 12_000, 40), range(0, 12_000, 2), range(5_000, 10_000), [3], range(12_000), range(1, 12_000, 2),
])  # fmt: skip
@pytest.mark.parametrize("text", ["ferry", "ferry rope", "geese", "zebra"])
@pytest.mark.parametrize("k", [1, 60, 5_000])
def test_a_filter_gives_what_sorting_all_rows_would(large: LexicalIndex, allowed: list[int], text: str, k: int) -> None:
    among = np.asarray(allowed, dtype=np.int64)
    everywhere = large.search(large.terms(text), large.size)
    expected = everywhere.scores[np.isin(everywhere.rows, among)][:k]
    found = large.search(large.terms(text), k, allowed=among)
    np.testing.assert_allclose(found.scores, expected, rtol=1e-6)
    assert len(set(found.rows.tolist()) & set(allowed)) == len(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("crews voted", [0]), ("voted crews", []), ("ferry strike", [0]), ("geese and more geese", [3]),
     ("ferry", [0, 3, 5]), ("not open until June", [1]), ("open June", []),
     ("bridges delay", [1]), ("", []), ("zebra", [])],
)  # fmt: skip
def test_words_in_order_are_found_in_text_or_title(lexical: LexicalIndex, words: str, expected: list[int]) -> None:
    assert lexical.holding(words).tolist() == expected


def test_each_language_has_its_own_analyser(tmp_path: Path) -> None:
    LexicalIndex.write(tmp_path, [
        ("Brücken gesperrt", "Die Brücken am Hafen bleiben geschlossen.", "de-AT"),
        ("Bridges shut", "The bridges stay closed.", "en"),
        ("Ponts fermés", "Les ponts restent fermés, dit la mairesse.", "fr"),
        ("Мосты", "Мосты закрыты", "ru"),
        ("Brug", "x", "tlh"),
    ])  # fmt: skip
    lexical = LexicalIndex.open(tmp_path)
    assert lexical.languages == ("", "de", "en", "fr", "ru")
    for asked, row in (("Brücke", 0), ("bridge", 1), ("pont", 2), ("fermée", 2), ("мост", 3), ("Brug", 4)):
        assert rows(lexical, asked) == [row]
    assert lexical.holding("Brücken am Häfen").tolist() == [0]
    assert lexical.holding("bridge stays").tolist() == [1]
