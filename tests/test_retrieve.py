import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from index.builder import build_index
from index.embed import SentenceTransformerEmbedder
from index.errors import IndexMissing, ModelMismatch, QuestionError
from index.passage import sentences
from index.versions import Data
from rag.answer import MAX_QUOTE_WORDS, Hit
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.test_hostile import OWN
from tests.tiny import TinyEmbedder, write

RERANKED = 8
TUBA = "Where was the stolen tuba found?"
QUESTIONS = [
    TUBA,
    "Who was elected mayor?",
    "How many people were injured in the ferry collision?",
    "When will the bridge open?",
]


def keys(hits: Sequence[Hit]) -> list[tuple[str, int, int]]:
    return [(hit.passage.article_id, hit.passage.start, hit.passage.end) for hit in hits]


def assert_sound(hits: Sequence[Hit]) -> None:
    assert len(set(keys(hits))) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.article.id == hit.passage.article_id
        assert hit.text == hit.article.text[hit.passage.start : hit.passage.end].strip() != ""
        for sentence in hit.sentences:
            assert hit.passage.start <= sentence.start < sentence.end <= hit.passage.end
            assert -1.01 <= sentence.closeness <= 1.01
            assert 0 <= sentence.coverage <= 1.0001


def test_hits_are_sound_and_come_the_same_each_time(retriever: Retriever) -> None:
    hits = retriever.search(TUBA)
    assert len(hits) == 10
    assert_sound(hits)
    assert retriever.search(TUBA) == hits


def test_each_hit_tells_why_it_came(retriever: Retriever) -> None:
    hits = retriever.search(TUBA, as_of=date(2026, 4, 1))
    assert "tuba" in hits[0].why.words
    for place, hit in enumerate(hits):
        assert hit.why.dense_rank or hit.why.lexical_rank
        assert 0 < hit.why.date_factor <= 1
        assert (hit.why.late_interaction is not None) == (hit.why.sentence is not None) == (place < RERANKED)
        assert bool(hit.sentences) == (place < RERANKED)
    for rank in ("dense_rank", "lexical_rank"):
        ranks = [getattr(hit.why, rank) for hit in hits if getattr(hit.why, rank)]
        assert len(set(ranks)) == len(ranks)
        assert min(ranks) >= 1


def test_the_sentences_of_a_hit_are_those_of_its_passage(retriever: Retriever) -> None:
    [hit, *_] = retriever.search("Who was elected mayor?")
    expected = [(span.start + hit.passage.start, span.end + hit.passage.start) for span in sentences(hit.text)]
    assert [(each.start, each.end) for each in hit.sentences if not each.pair] == expected
    pairs = {(one[0], other[1]) for one, other in pairwise(expected)}
    held = {(each.start, each.end): each for each in hit.sentences}
    assert {span for span, each in held.items() if each.pair} <= pairs
    assert all(len(hit.article.text[slice(*span)].split()) <= MAX_QUOTE_WORDS for span in pairs & held.keys())
    for one, other in pairwise(expected):
        if both := held.get((one[0], other[1])):
            assert both.closeness >= max(held[one].closeness, held[other].closeness)
            assert both.coverage >= max(held[one].coverage, held[other].coverage)


@pytest.mark.parametrize("k", [1, 3, 25, 1_000])
def test_k_bounds_the_hits(quick: Retriever, k: int) -> None:
    hits = quick.search(TUBA, k=k)
    assert 0 < len(hits) <= min(k, quick.summary.passages)
    assert len(hits) == k or k == 1_000
    assert_sound(hits)
    assert keys(hits)[:RERANKED] == keys(quick.search(TUBA, k=10))[: min(k, RERANKED)]


def test_a_day_brings_forward_what_was_said_until_then(retriever: Retriever) -> None:
    question = "What is the latest date given for the bridge to open?"
    early, late = (retriever.search(question, as_of=day) for day in (date(2025, 10, 16), date(2026, 6, 13)))
    newest = [max(hit.article.published for hit in hits[:3] if hit.article.published) for hits in (early, late)]
    assert newest[0] < newest[1]
    assert all(
        hit.why.date_factor < 1 for hit in late if hit.article.published and hit.article.published < date(2026, 6, 1)
    )


def test_only_a_question_of_time_is_asked_as_of_today(quick: Retriever) -> None:
    found = quick.find("Who was elected mayor?")
    assert found.as_of is None
    assert all(hit.why.date_factor == 1 for hit in found.hits)
    assert quick.find("What is the latest poll?").as_of is not None
    assert quick.find("Who won?", as_of=date(2026, 5, 12)).as_of == date(2026, 5, 12)


@pytest.mark.parametrize(
    ("question", "reason"),
    [("", "is empty"), ("?!", "holds no word"), ("What did he say?", "holds only words that are in every article"),
     ("geese " * 20_000, "has 119,999 characters; at most 2,000")],
)  # fmt: skip
def test_questions_that_cannot_be_searched_for_are_refused(quick: Retriever, question: str, reason: str) -> None:
    with pytest.raises(QuestionError, match=re.escape(reason)):
        quick.search(question)


@pytest.mark.parametrize(("archive_by", "times"), [("retriever", 2), ("quick", 12)])
def test_threads_get_what_they_get_alone(request: pytest.FixtureRequest, archive_by: str, times: int) -> None:
    retriever: Retriever = request.getfixturevalue(archive_by)
    alone = [keys(retriever.search(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda question: keys(retriever.search(question)), QUESTIONS * times))
    assert together == alone * times


def test_the_summary_says_what_the_archive_holds(retriever: Retriever) -> None:
    summary = retriever.summary
    assert (summary.articles, summary.passages) == (
        retriever.index.manifest.articles,
        retriever.index.manifest.passages,
    )
    assert summary.first is not None
    assert summary.last is not None
    assert summary.first < summary.last <= date(2027, 1, 1)
    assert summary.version == retriever.index.manifest.name


def test_an_index_of_another_model_is_not_searched(archive: Path) -> None:
    with pytest.raises(
        ModelMismatch, match=r"built with the model all-MiniLM-L6-v2@53aa51172d14, but tiny@1 is configured"
    ):
        Retriever(Settings.load(data=archive), TinyEmbedder())


def test_there_is_nothing_to_search_before_a_build(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    with pytest.raises(IndexMissing, match=r"Build one: `pullquote build FOLDER --data "):
        Retriever(Settings.load(data=tmp_path / "none"), embedder)


# By the tiny embedder: what is followed, not what is found.


@pytest.fixture
def small(tmp_path: Path) -> Retriever:
    write(tmp_path / "news", "2026-01-02-ferry.txt", "The ferry crews voted to end their strike.", title="Ferry strike")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    return Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder())


def test_a_newly_published_version_is_followed_without_reopening(small: Retriever, tmp_path: Path) -> None:
    [before] = small.search("geese on the pond")
    write(tmp_path / "news", "geese.txt", "Geese were asked to leave the pond.", title="Geese")
    build_index([], tmp_path / "data", TinyEmbedder())
    assert small.search("geese on the pond")[0].article.id == "geese.txt"
    assert before.article.text == "The ferry crews voted to end their strike."
    first, second = Data(tmp_path / "data").names()
    Data(tmp_path / "data").use(first)
    assert small.summary.version == first
    assert small.article("geese.txt") is None
    Data(tmp_path / "data").use(second)
    assert small.article("geese.txt") is not None


def test_many_builds_under_many_searches_never_fail_one(small: Retriever, tmp_path: Path) -> None:
    def search(_: int) -> bool:
        hits = small.search("ferry strike and geese")
        assert_sound(hits)
        return hits[0].article.id.endswith("ferry.txt")

    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(search, number) for number in range(60)]
        for number in range(5):
            write(tmp_path / "news", f"{number}.txt", f"Article {number} is of nothing much.")
            build_index([], tmp_path / "data", TinyEmbedder())
        assert all(each.result() for each in found)
    assert small.summary.articles == 6


def test_a_version_of_another_model_is_not_followed_in_silence(small: Retriever, tmp_path: Path) -> None:
    build_index([], tmp_path / "data", TinyEmbedder("tiny@2"))
    with pytest.raises(ModelMismatch, match="tiny@2, but tiny@1 is configured"):
        small.search("ferry")


def test_an_archive_of_one_passage_without_a_date_can_be_searched(tmp_path: Path) -> None:
    write(tmp_path / "news", "a.txt", "One.", title="Alone")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    retriever = Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder())
    assert (retriever.summary.first, retriever.summary.last) == (None, None)
    assert len(retriever.search("zebra crossing", as_of=date(2026, 1, 1))) == 1
    assert retriever.search("one", k=50)[0].text == "One."


@pytest.mark.parametrize("question", [text for text in OWN if len(text) < 2_000])
def test_an_awkward_question_is_answered_or_refused_by_our_own_error(quick: Retriever, question: str) -> None:
    try:
        assert_sound(quick.search(question))
    except QuestionError:
        assert not re.search(r"[^\W_]{3,}", question)


def test_the_model_takes_a_question_that_no_file_could_hold(retriever: Retriever) -> None:
    assert_sound(retriever.search("Where was the \ud800 tuba \x00 found?"))


def test_examples_are_questions_that_can_be_asked(quick: Retriever) -> None:
    found = quick.examples(4)
    assert len(found) == len(set(found)) == 4
    for question in found:
        assert quick.search(question)


def test_examples_come_from_the_speakers_where_no_question_is_kept(tmp_path: Path) -> None:
    text = "“It is over,” said Ann Tey. Bo Rusk said no. “Twice,” said Ann Tey."
    write(tmp_path / "news", "a.txt", text, title="Talks")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    retriever = Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder())
    assert retriever.examples(2) == ["What did Ann Tey say?", "What did Bo Rusk say?"]


def test_nothing_from_long_after_the_day_asked_about_is_found(retriever: Retriever) -> None:
    hits = retriever.search("When is the Tallow Bridge now expected to reopen?", as_of=date(2025, 12, 10))
    assert hits
    assert all(hit.article.published and hit.article.published <= date(2025, 12, 17) for hit in hits)


def test_with_a_context_the_question_stays_and_what_the_context_finds_comes_in(retriever: Retriever) -> None:
    question, context = "When was it found?", "When was it found? (stolen, tuba, Big Agnes)"
    alone, found = retriever.find(question), retriever.find(question, context=context)
    wanted = {hit.article.id for hit in retriever.find(context).hits[:3]}
    assert found.question == alone.question
    assert len(found.hits) == len(alone.hits)
    assert wanted & {hit.article.id for hit in found.hits} > wanted & {hit.article.id for hit in alone.hits}
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
