import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from rag.question import (
    Kind,
    checked,
    content_words,
    is_question,
    kind_of,
    only_stop_words,
    wants_several,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [("Who won the race?", Kind.PERSON), ("Which politician resigned?", Kind.PERSON), ("Whose dog is it?", Kind.PERSON),
     ("Where did it sink?", Kind.PLACE), ("In which town was it found?", Kind.PLACE), ("When does it open?", Kind.TIME),
     ("What day was the vote?", Kind.TIME), ("How many were hurt?", Kind.NUMBER), ("What was the score?", Kind.NUMBER),
     ("How much did it cost?", Kind.NUMBER), ("Why was it shut?", Kind.REASON), ("What caused the fire?", Kind.REASON),
     ("What did Holt say about geese?", Kind.STATEMENT), ("What does she think of it?", Kind.STATEMENT),
     ("Is the bridge open?", Kind.OTHER), ("ferry strike", Kind.OTHER), ("", Kind.OTHER)],
)  # fmt: skip
def test_the_question_word_tells_the_kind_of_answer(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind
    assert kind_of(question.upper()) is kind


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u00a0"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match=r"The question is empty\. Type what you want to know\."):
        checked(question, 100)


@pytest.mark.parametrize("question", ["?", "… — !!", "👩‍👩‍👧", "()[]{}"])
def test_a_question_without_a_word_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="holds no word to search for"):
        checked(question, 100)


def test_a_question_of_100000_characters_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"has 100,000 characters; at most 2,000 are searched"):
        checked("geese " * 16_666 + "duck", 2_000)


def test_white_space_is_evened_out() -> None:
    assert checked("  Who\n won\u00a0the\t race? ", 100) == "Who won the race?"


@given(st.text(max_size=60))
def test_a_checked_question_stays_as_it_is(question: str) -> None:
    try:
        text = checked(question, 50)
    except QuestionError:
        return
    assert checked(text, 50) == text == text.strip() != ""


def test_content_words_leave_out_grammar() -> None:
    assert content_words("What did the mayor's U.S. co-pilot say about it?") == ["mayor's", "U.S", "co-pilot"]
    assert content_words("Who is he?") == ["Who", "is", "he"]


@pytest.mark.parametrize(
    ("question", "only"),
    [("What did he say about it?", True), ("Who?", True), ("What about geese?", False), ("市長", False)],
)
def test_questions_of_stop_words_only_are_told(question: str, only: bool) -> None:
    assert only_stop_words(question) == only


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(question: str) -> None:
    assert kind_of(question) in Kind
    content_words(question)
    only_stop_words(question)


@pytest.mark.parametrize(
    ("question", "several"),
    [("How do the papers' accounts of the fire differ?", True), ("What did other outlets report?", True),
     ("Compare what both sides say", True), ("Who else was hurt?", True), ("Which paper mill burned?", False),
     ("Where was the tuba found?", False), ("What is the source of the river?", False)],
)  # fmt: skip
def test_a_question_for_several_sources_is_told_by_its_words(question: str, *, several: bool) -> None:
    assert wants_several(question) is several


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Who won", True),
        ("And then?", True),
        ("And him? (Tallow mayor)", True),
        ("bridge", False),
        ("bridge (closed)", False),
    ],
)
def test_a_question_is_told_from_a_search_also_where_earlier_words_were_added(text: str, *, asked: bool) -> None:
    assert is_question(text) is asked
