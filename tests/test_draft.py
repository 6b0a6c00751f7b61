"""Drafts of questions: what is made of sentences, what is not, and that a set of them can be used."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.article import Article
from index.errors import SettingsError
from index.load import SourceFile, find, load
from rag.english import PASTS, Cases, is_verb
from rag.evaluation.draft import UNANSWERABLE, drafts, write_drafts
from rag.evaluation.draft.clauses import Known
from rag.evaluation.draft.forms import forms
from rag.evaluation.evaluate import folded, read_questions
from tests.conftest import SEEDS

ARCHIVE = (
    "Then the boats of Varrowmouth met the board, and the board of Pikehithe met Harald Finn in Pikehithe and in "
    "Minnesota. So the Tallow Bridge, near Corn Hall, was shut, and the people of West Nile, in Minnesota, saw Holt, "
    "the Dow, the Carrow Club, Hesper Dunn, Jorun Teague and the Varrow Show, in Pikehithe. Now boats and people rest."
)


def full_name(name: str) -> str:
    return {"Teague": "Jorun Teague", "Holt": "Maren Holt"}.get(name, name)


KNOWN = Known(Cases([ARCHIVE]), full_name)


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("Twenty-six boats were sold at Varrowmouth, one fewer than in 2024.",
         "How many boats were sold at Varrowmouth?", "Twenty-six"),
        ("VARROWMOUTH, Nov. 21 — About 240 geese died on the Tallow Bridge on Friday.",
         "How many geese died on the Tallow Bridge on Friday?", "240"),
        ("There were 14 people in Corn Hall on Friday.", "How many people were there in Corn Hall on Friday?", "14"),
        ("Holt won 12 games for Varrowmouth before her injury.",
         "How many games did Maren Holt win for Varrowmouth?", "12"),
        ("The board of Varrowmouth has 1,430 members in the town.",
         "How many members does the board of Varrowmouth have in the town?", "1,430"),
        ("Boats working out of Varrowmouth landed 2,140 tonnes of herring in the summer.",
         "How many tonnes of herring did boats working out of Varrowmouth land in the summer?", "2,140"),
        ("The Carrow Club paid $12,000 for Harald Finn in the summer.",
         "How much did the Carrow Club pay for Harald Finn in the summer?", "$12,000"),
        ("The Dow fell 2.5% in Minnesota on Friday, its worst day.",
         "By what percentage did the Dow fall in Minnesota on Friday?", "2.5%"),
        ("West Nile was first found in Minnesota in 2002.", "When was West Nile first found in Minnesota?", "2002"),
        ("The Tallow Bridge will reopen on December 15, the board said.", "When will the Tallow Bridge reopen?",
         "December 15"),
        ("Holt joined the board of Varrowmouth in March 2018.", "When did Maren Holt join the board of Varrowmouth?",
         "March 2018"),
        ("In 1889, the board of Varrowmouth built the Tallow Bridge.",
         "When did the board of Varrowmouth build the Tallow Bridge?", "1889"),
        ("The boats of Varrowmouth were found in Pikehithe on Friday.", "Where were the boats of Varrowmouth found?",
         "Pikehithe"),
        ("Harald Finn, secretary of the Skippers' Association in Varrowmouth, was content.",
         "Who is the secretary of the Skippers' Association in Varrowmouth?", "Harald Finn"),
        ("Hesper Dunn, 67, of Varrowmouth, came first on Friday.", "How old is Hesper Dunn?", "67"),
        ("Hesper Dunn won the heavyweight class at the Varrow Show on Friday.",
         "Who won the heavyweight class at the Varrow Show on Friday?", "Hesper Dunn"),
        ("“We have caught more fish in Varrowmouth to stand still,” Captain Teague said.",
         "Who said “We have caught more fish in Varrowmouth to stand still”?", "Jorun Teague"),
        ("Captain Teague said the board would not raise Varrowmouth landing dues.",
         "Who said that the board would not raise Varrowmouth landing dues?", "Jorun Teague"),
        ("Captain Teague said the board would not raise Varrowmouth landing dues.",
         "What did Jorun Teague say about the board?", "would not raise Varrowmouth landing dues"),
        ("The work on the Tallow Bridge near Corn Hall was worth 31,000 crowns.",
         "Fill the gap: The work on the Tallow Bridge near Corn Hall was worth ____ crowns.", "31,000"),
    ],
)  # fmt: skip
def test_questions_are_made_of_clear_sentences(sentence: str, question: str, answer: str) -> None:
    made = {form.question: form.answers[0] for form in forms(KNOWN, sentence)}
    assert made.get(question) == answer, made


@pytest.mark.parametrize(
    "sentence",
    [
        "He won 12 games for Varrowmouth before the summer.",  # who?
        "They were found in Pikehithe on Friday by the people of Varrowmouth.",
        "The company paid $12,000 for it on Friday.",
        "Department of Works in Varrowmouth, U.S.",  # torn
        "Photo: 240 geese died on the Tallow Bridge in Varrowmouth.",
        "Three people died and 11 were hurt at Varrowmouth on Friday, or 40, and two.",  # part of a list
        "The Tallow Bridge will reopen (the board said) on December 15.",
        "Former manager Ed Loom, president Holt.",
        "Yesterday 14 people ate.",
        "The board of Varrowmouth has five boats in Minnesota, Pikehithe and Varrowmouth.",  # not five in Minnesota
        "The board of Varrowmouth has 49 boats and Maren Holt has 20 games.",
        "His last boat at Varrowmouth was first found in Minnesota in 2002.",
    ],
)
def test_what_is_not_clear_by_itself_makes_no_question(sentence: str) -> None:
    assert forms(KNOWN, sentence) == []


def test_verbs_have_their_base_forms() -> None:
    regular = {"landed": "land", "raised": "raise", "carried": "carry", "dropped": "drop", "stayed": None}
    irregular = {"won": "win", "cost": "cost", "sank": "sink", "vetoed": "veto", "died": "die", "tied": "tie"}
    for past, base in (regular | irregular).items():
        assert PASTS.get(past) == base
    assert is_verb("reports")
    assert is_verb("would")
    assert not is_verb("bridge")


def test_names_are_told_from_common_words_by_how_the_archive_writes_them() -> None:
    assert KNOWN.cases.inside("Boats of Varrowmouth") == "boats of Varrowmouth"
    assert KNOWN.cases.inside("The Dow") == "the Dow"
    assert KNOWN.cases.inside("Holt of Varrowmouth") == "Holt of Varrowmouth"
    assert KNOWN.cases.inside("People United of Varrowmouth") is None  # part of a name, or not
    assert KNOWN.cases.is_place("Minnesota")
    assert not KNOWN.cases.is_place("Corn Hall")


# A whole set


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    files = [file for file in find([SEEDS]) if isinstance(file, SourceFile)]
    return [article for file in files for article in load(file) if isinstance(article, Article)]


@pytest.fixture(scope="module")
def made(articles: list[Article]) -> list[dict[str, Any]]:
    return drafts(articles, 40)


def test_evidence_is_verbatim_and_holds_an_answer(articles: list[Article], made: list[dict[str, Any]]) -> None:
    texts = {article.id: article.text for article in articles}
    for each in made:
        for evidence in each["evidence"] or [each["left_out"]]:
            assert evidence["quote"] in texts[evidence["doc_id"]]
            answers = each["answers"] or [each["answer"]]
            assert any(folded(answer) in folded(evidence["quote"]) for answer in answers)


def test_no_question_holds_its_answer_and_none_is_asked_twice(made: list[dict[str, Any]]) -> None:
    for each in made:
        assert folded(each["answer"]) not in folded(each["question"])
    assert len({folded(each["question"]) for each in made}) == len(made)
    quotes = [each["evidence"][0]["quote"] for each in made if each["evidence"]]
    assert len(set(quotes)) == len(quotes)


def test_drafts_are_spread_over_articles_and_types(made: list[dict[str, Any]]) -> None:
    assert len(made) == 40
    of = Counter((each["evidence"] or [each["left_out"]])[0]["doc_id"] for each in made)
    assert max(of.values()) <= 3
    assert len(of) >= 20
    types = Counter(each["type"] for each in made)
    assert len(types) >= 6
    assert types["cloze"] <= 8
    assert types[UNANSWERABLE] >= 4


def test_unanswerable_drafts_leave_out_what_alone_answers(articles: list[Article], made: list[dict[str, Any]]) -> None:
    missing = [each for each in made if not each["answerable"]]
    for each in missing:
        assert each["left_out"]["doc_id"] in each["without"]
        assert each["evidence"] == each["answers"] == []
        quote = folded(each["left_out"]["quote"])
        others = [article for article in articles if article.id != each["left_out"]["doc_id"]]
        assert not [article.id for article in others if quote in folded(article.text)]  # as a wire's copies would
    assert len({tuple(each["without"]) for each in missing}) == 1  # so that one more index is enough


def test_each_is_asked_on_the_day_of_its_article(articles: list[Article], made: list[dict[str, Any]]) -> None:
    days = {article.id: article.published for article in articles}
    for each in made:
        day = days[(each["evidence"] or [each["left_out"]])[0]["doc_id"]]
        assert each["date"] == (day.isoformat() if day else None)
        for evidence in each["evidence"]:
            published = days[evidence["doc_id"]]
            assert not day or not published or (published - day).days <= 7


def test_the_same_archive_gives_the_same_drafts(articles: list[Article], made: list[dict[str, Any]]) -> None:
    assert drafts(articles[::-1], 40) == made


def test_a_set_of_drafts_is_a_question_set(made: list[dict[str, Any]]) -> None:
    write_drafts(Path("drafts.jsonl"), made)
    read = read_questions(Path("drafts.jsonl"))
    assert [each.id for each in read] == [f"draft-{number:03d}" for number in range(1, 41)]
    assert [each.question for each in read] == [each["question"] for each in made]
    assert all(each.answerable != bool(each.without) for each in read)
    with pytest.raises(SettingsError, match=r"^no/d\.jsonl: the drafts cannot be written there"):
        write_drafts(Path("no/d.jsonl"), made)


def test_what_two_articles_say_alike_has_two_of_them_as_evidence(articles: list[Article]) -> None:
    [one] = [each for each in drafts(articles[:40], 10) if each["answerable"]][:1]
    source = next(each for each in articles if each.id == one["evidence"][0]["doc_id"])
    copy = replace(source, id="copy", title="Again", publisher="Another")
    found = [each for each in drafts([*articles[:40], copy], 10) if each["question"] == one["question"]]
    assert {"copy", source.id} <= {evidence["doc_id"] for each in found for evidence in each["evidence"]}


def test_articles_that_the_rules_cannot_read_are_an_error() -> None:
    with pytest.raises(SettingsError, match=r"^None of the 1 articles looked at has a sentence that is clear enough"):
        drafts([Article("a", "T", "Kein Satz.")], 5)
    with pytest.raises(SettingsError, match=r"^None of the 0 articles"):
        drafts([Article("a", "T", ARCHIVE, language="de", published=date(2026, 1, 1))], 5)


def test_no_draft_would_be_read_as_a_filter(made: list[dict[str, Any]]) -> None:
    assert not [each["question"] for each in made if re.search(r"(?<!\S)-\w|\w:\S", each["question"])]
