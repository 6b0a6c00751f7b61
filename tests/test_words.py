"""What is stored of the words is what the texts say; what is computed from it is what tantivy and texts give."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex, stems
from index.words import Words
from rag.hits import shingles
from rag.retrieve import Retriever
from rag.terms import Terms

TEXT = st.text(alphabet="ab cd?. \n!é’", max_size=60)
PASSAGES = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["en", "de", "ja"])), max_size=7)


def written(folder: Path, passages: list[tuple[str, str, str]]) -> LexicalIndex:
    LexicalIndex.write(folder, passages)
    return LexicalIndex.open(folder)


@settings(max_examples=15)
@given(PASSAGES)
@pytest.mark.parametrize("escape", [2**15 - 1, 2])
def test_terms_stand_where_the_texts_have_them(
    tmp_path_factory: pytest.TempPathFactory, escape: int, passages: list[tuple[str, str, str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.words._ESCAPE", escape)  # with 2, all but two terms are rare ones
        words = written(tmp_path_factory.mktemp("words"), passages).words
        assert words.size == len(passages)
        rows = np.arange(len(passages))
        sought = ["a", "ab", "c", "d", "e", "abc", "nowhere"]
        standing = words.standing(sought, rows)
        found = {(*key, bool(asked)) for *key, asked in zip(*(part.tolist() for part in standing), strict=True)}
        expected = set()
        for row, (title, text, language) in enumerate(passages):
            heading = stems(title, language)
            expected |= {(row, term, place - len(heading), False) for place, term in enumerate(heading)}
            told = asked = 0
            for part in re.findall(r"[^.!?\n]*[.!?\n]|[^.!?\n]+$", text):
                for term in stems(part, language):
                    expected.add((row, term, told, part.endswith("?")))
                    told += not part.endswith("?")
                    asked += part.endswith("?")
            assert told + asked == len(stems(text, language)) == words.lengths(rows)[0][row]
            assert len(heading) == words.lengths(rows)[1][row]
        # Those of the questions that are asked have no places of their own.
        assert {(row, sought[term], place, asked) for row, term, place, asked in found} == {
            each for each in expected if each[1] in sought
        }


def test_bm25_of_chosen_rows_is_what_the_search_gives(quick: Retriever) -> None:
    index = quick.index
    for question in ("When will the Tallow Bridge reopen?", "goose", "who won the election in the harbour ward"):
        terms = Terms.of(index, question).stems
        found = index.lexical(terms, 400)
        order = np.argsort(found.rows)
        rows, expected = found.rows[order], found.scores[order]
        assert len(rows) > 2
        np.testing.assert_allclose(index.bm25(terms, rows, index.standing(terms, rows)), expected, rtol=1e-5)
    others = np.setdiff1d(np.arange(len(index.rows)), index.lexical(terms, len(index.rows)).rows)
    assert not index.bm25(terms, others, index.standing(terms, others)).any()


def test_what_is_closest_is_counted_within_one_passage_and_its_window(quick: Retriever) -> None:
    index = quick.index
    rows = np.arange(len(index.rows))
    terms = Terms.of(index, "bridge ferry harbour council storm")
    window = 6
    found = terms.closest(index.standing(terms.stems, rows), len(rows), window)
    assert len(set(np.round(found, 4).tolist())) > 5
    for row in range(0, len(rows), 7):
        article, span = index.article_of(row), index.span(row)
        text = article.text[span.start : span.end]
        if "?" in text:
            continue
        said = [*index.terms(article.title, article.language), *index.terms(text, article.language)]
        runs = [said[place : place + window] for place in range(len(said))]
        assert found[row] == pytest.approx(max(terms.share(set(run)) for run in runs), abs=1e-6)


def test_runs_of_words_are_shared_where_texts_are(tmp_path: Path) -> None:
    wire = "The ferry Kestrel struck the north pier on Saturday and six people were hurt, the harbour master said."
    texts = [wire, f"It rained. {wire}", "Geese were seen on the pond by the old mill again on Sunday.", "Geese", ""]
    hashes, owners = written(tmp_path, [("", text, "en") for text in texts]).words.runs(np.arange(5), 4)
    runs = [hashes[owners == row] for row in range(5)]
    assert [len(each) for each in runs] == [15, 17, 10, 1, 1]
    assert len(np.intersect1d(runs[0], runs[1])) == len(runs[0]) == len(shingles(wire))
    assert not np.intersect1d(runs[0], runs[2]).size


def test_a_file_of_words_that_is_too_short_is_not_opened(tmp_path: Path) -> None:
    written(tmp_path, [("a", "b c", "en")])
    np.save(tmp_path / "words.npy", np.zeros(1, dtype=np.uint16))
    with pytest.raises(ValueError, match="1 words, 3 expected"):
        Words(tmp_path)
