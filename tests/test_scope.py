import re
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.builder import build_index
from index.errors import QuestionError
from index.reader import Index, open_version
from rag.chat import Chat
from rag.filters import Filters
from rag.retrieve import Retriever
from rag.scope import scope
from rag.settings import Settings
from tests.tiny import TinyEmbedder, write

ELECTION = "Who was elected mayor?"


@pytest.fixture(scope="module")
def index(quick: Retriever) -> Index:
    return quick.index


def ids(index: Index, filters: Filters, until: int | None = None) -> set[str]:
    found = scope(index, filters, until)
    if found.rows is None:
        assert found.articles == len(index.members)
        return {member.id for member in index.members}
    places = {int(index.rows[row, 0]) for row in found.rows}
    assert len(places) == found.articles
    assert len(found.rows) == sum(int(place) in places for place in index.rows[:, 0])
    return {index.members[place].id for place in places}


def wanted(index: Index, test: str) -> set[str]:
    articles = [index.article_at(place) for place in range(len(index.members))]
    return {a.id for a in articles if eval(test, {"a": a, "has": has})}  # noqa: S307 - the tests' own words


def has(word: str, article: Article) -> bool:
    return re.search(rf"\b{word}\b", f"{article.title} {article.text}", re.IGNORECASE) is not None


@pytest.mark.parametrize(
    ("filters", "test"),
    [
        (Filters(publishers=("courier",)), "a.publisher == 'Varrowmouth Courier'"),
        (Filters(publishers=("-courier",)), "a.publisher != 'Varrowmouth Courier'"),
        (Filters(publishers=("courier", "lantern")), "a.publisher in ('Varrowmouth Courier', 'Harbour Lantern')"),
        (Filters(since=date(2026, 4, 1), until=date(2026, 4, 30)), "str(a.published)[:7] == '2026-04'"),
        (Filters(until=date(2025, 12, 31)), "a.published and a.published.year == 2025"),
        (Filters(without=("bridges",)), "'bridge' not in (a.title + a.text).lower()"),
        (Filters(without=("Tallow Bridge",)), "'tallow bridge' not in ' '.join(f'{a.title} {a.text}'.lower().split())"),
        (Filters(phrases=("Tallow Bridge",)), "'tallow bridge' in (a.title + ' ' + ' '.join(a.text.split())).lower()"),
        (Filters(phrases=("Tallow Bridge", "mayor")), "'Tallow Bridge' in a.title + a.text and has('mayor', a)"),
        (Filters(), "True"),
    ],
)  # fmt: skip
def test_exactly_the_articles_that_pass_are_searched(index: Index, filters: Filters, test: str) -> None:
    found = ids(index, filters)
    assert found == wanted(index, test)
    assert found or not filters


def test_an_article_is_chosen_by_its_id_and_an_unknown_id_is_named(index: Index) -> None:
    one = index.members[3].id
    assert ids(index, Filters(articles=(one,))) == {one}
    assert ids(index, Filters(articles=(f"-{one}", "-nowhere"))) == {member.id for member in index.members} - {one}
    found = scope(index, Filters(articles=("nowhere", one)), None)
    assert (found.articles, found.notes) == (1, ("There is no article 'nowhere'.",))


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        (Filters(publishers=("cnm.com",)), "publisher 'cnm.com'; there are: Varrowmouth Courier, Harbour Lantern"),
        (Filters(authors=("nobody",)), "author 'nobody'; there are: "),
        (Filters(languages=("de",)), "language 'de'; there are: en"),
        (Filters(since=date(2030, 1, 1)), "dates here are from 2025"),
        (Filters(phrases=("purple zebra",)), "exact words “purple zebra”"),
    ],
)
def test_what_nothing_passes_is_named_with_what_there_is(index: Index, filters: Filters, says: str) -> None:
    found = scope(index, filters, None)
    assert found.articles == 0
    assert found.rows is not None
    assert says in " ".join(found.notes)


def test_an_article_without_a_date_passes_no_filter_by_date_but_every_day(tmp_path: Path) -> None:
    write(tmp_path / "news", "undated.txt", "Geese were asked to leave the pond.", title="Geese")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    undated = open_version(tmp_path / "data")
    assert ids(undated, Filters(), date(2020, 1, 1).toordinal()) == {"undated.txt"}
    assert ids(undated, Filters(until=date(2030, 1, 1))) == set()


def test_an_id_may_begin_with_a_dash(tmp_path: Path) -> None:
    write(tmp_path / "news", "-a.txt", "Geese were asked to leave the pond.", title="Geese")
    write(tmp_path / "news", "b.txt", "A ferry hit the pier.", title="Ferry")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    dashed = open_version(tmp_path / "data")
    assert ids(dashed, Filters(articles=("-a.txt",))) == {"-a.txt"}
    assert ids(dashed, Filters(articles=("-b.txt",))) == {"-a.txt"}


def test_a_quoted_phrase_must_be_there_in_a_search_and_counts_where_it_is_in_a_question(quick: Retriever) -> None:
    assert quick.find('"purple zebra" bridge').hits == ()
    asked = quick.find('Who spoke of a "purple zebra" bridge?')
    assert asked.hits
    assert asked.filters == Filters()
    assert "purple zebra" in asked.notes[0]
    given = Filters(phrases=("purple zebra",))
    assert quick.find("Who spoke of a bridge?", filters=given).hits == ()
    assert quick.find("Who spoke of a bridge?", filters=Filters(phrases=("zebra",))).hits == ()
    assert quick.find('Who was "elected" mayor?').filters == Filters()
    held = quick.find('What happened on the "Tallow Bridge"?', k=40)
    assert {hit.article.id for hit in held.hits} <= wanted(quick.index, "'Tallow Bridge' in a.title + ' ' + a.text")


@pytest.mark.parametrize("k", [5, 500])
def test_hits_are_those_of_the_articles_chosen_and_none_is_missed(quick: Retriever, k: int) -> None:
    found = quick.find("mayor publisher:lantern", k=k)
    assert {hit.article.publisher for hit in found.hits} == {"Harbour Lantern"}
    there = scope(quick.index, found.filters, None)
    assert there.rows is not None
    assert len(found.hits) == min(k, len(there.rows))


def test_a_filter_as_an_argument_and_as_typed_give_the_same(quick: Retriever) -> None:
    typed = quick.search(f"{ELECTION} publisher:courier after:2026-03-01")
    given = quick.search(ELECTION, filters=Filters(publishers=("courier",), since=date(2026, 3, 1)))
    assert typed == given
    assert typed


def test_a_typed_filter_does_not_widen_one_that_is_given(quick: Retriever) -> None:
    given = Filters(publishers=("courier",))
    assert quick.find("bridge publisher:lantern", filters=given).hits == ()
    chat = Chat(quick)
    chat.ask(ELECTION, filters=Filters(publishers=("lantern",)))
    answer = chat.ask("And when was that?", filters=given)
    assert {hit.article.publisher for hit in answer.hits} == {"Varrowmouth Courier"}


def small(tmp_path: Path, texts: dict[str, str]) -> Retriever:
    for name, text in texts.items():
        write(tmp_path / "news", f"{name}.txt", text, title=name)
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    return Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder())


def test_exact_words_are_found_across_two_passages(tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {number} tells of the harbour and its ships." for number in range(60))
    archive = small(tmp_path, {"long": text, "short": "A ship left the harbour."})
    spans = [archive.index.span(row) for row in range(len(archive.index.rows)) if archive.index.rows[row, 0] == 0]
    assert len(spans) > 1
    cut = spans[1].start
    torn = text[text.rfind(" ", 0, text.rfind(" ", 0, cut - 2)) : text.find(" ", text.find(" ", cut) + 1)].strip()
    found = archive.find(f'"{torn}"')
    assert (found.articles, found.notes) == (1, ())
    assert archive.find(f'harbour -"{torn}"').articles == 1


def test_scripts_without_spaces_are_read_whole(tmp_path: Path) -> None:
    archive = small(tmp_path, {"pku": "昨天北京大学宣布了一项新计划。", "else": "The harbour was closed."})
    assert archive.find('"北京大学" 计划').articles == 1
    assert archive.find("harbour -北京大学").articles == 1
    assert archive.find('"清华大学" harbour').articles == 0


def test_copies_of_one_text_do_not_take_the_places_of_others(tmp_path: Path) -> None:
    wire = "Ash from the volcano closed the island's airport on Monday, the ministry of transport said in the capital."
    others = {f"other{number}": f"The volcano has cost farmer number {number} his field." for number in range(15)}
    archive = small(tmp_path, {f"copy{number}": wire for number in range(80)} | others)
    hits = archive.search("volcano ash island airport", k=10)
    assert len(hits) == 10
    assert [len(hit.copies) for hit in hits] == [79, *9 * [0]]


def test_a_filter_alone_is_no_question(quick: Retriever) -> None:
    for typed in ("publisher:courier", "publisher:courier ?"):
        with pytest.raises(QuestionError, match="says where to look"):
            quick.search(typed)


def test_a_follow_up_looks_where_the_question_before_it_did(quick: Retriever) -> None:
    chat = Chat(quick)
    chat.ask(f"{ELECTION} publisher:lantern")
    answer = chat.ask("And when was that?")
    assert answer.filters == Filters(publishers=("lantern",))
    assert chat.ask('And what of "that day"?').filters.publishers == ("lantern",)
    assert {hit.article.publisher for hit in answer.hits} == {"Harbour Lantern"}
    assert chat.ask("Where was Big Agnes, the stolen tuba, found?").filters == Filters()


def test_a_refusal_says_where_was_searched(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("Who was the first king of Portugal? publisher:lantern")
    assert answer.refused
    assert answer.articles_searched < retriever.summary.articles
    assert "publisher:lantern" in answer.text
    assert answer.to_json()["filters"] == "publisher:lantern"
