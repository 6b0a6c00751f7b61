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
    leans,
    only_stop_words,
    standalone,
    wants_several,
)

FOLLOW_UPS = [
    "Why?",
    "And when did it reopen?",
    "How much did it cost?",
    "What did she say about that?",
    "Who else was hurt?",
    "What about the other one?",
    "Was it found?",
    "When?",
    "And the ferry?",
    "How old is he?",
    "Where did they take them?",
    "So what happened then?",
    "Did they agree to it?",
    "which one?",
]
ALONE = [
    "Who won the mayoral election in Varrowmouth?",
    "How many people were injured in the ferry collision?",
    "What did Ann Tey say about the bell?",
    "When will the Pikehithe bridge open again after the storm?",
    "Why was the maternity unit going to be closed?",
    "What is the name of the dog that was hired to chase the geese away?",
    "Where did police find the stolen tuba last March?",
    "Which team won the Coastal Cup?",
    "How much will the new ferry cost the council?",
    "Who is Marten Holt?",
    "Did the Fulmar Line raise its fares for residents?",
    "Was Dr. Okonja appointed head of the hospital in November?",
    "who paid for the new harbour wall in Brevignac",
    "How many people voted in the council election this year?",
    "How many geese are there on the pond by the station?",
]


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_follow_up_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", ALONE)
def test_a_whole_question_stands_alone(question: str) -> None:
    assert not leans(question)
    assert standalone(question, ["Who stole the tuba?"]) == question


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_follow_up_is_searched_with_the_words_it_leans_on(question: str) -> None:
    searched = standalone(question, ["How is the weather in Pikehithe?", "Who stole the tuba from the Silver Band?"])
    assert searched.startswith(question)
    assert {"stole", "tuba", "Silver", "Band"} <= set(searched.removeprefix(question).strip(" ()").split())
    assert "weather" not in searched


def test_a_chain_of_follow_ups_goes_back_to_the_question_it_started_from() -> None:
    earlier = ["Which crew went on strike in Harwich?", "Who stole the tuba in Pikehithe?", "When was it found?"]
    assert set(standalone("By whom?", earlier).removeprefix("By whom?").strip(" ()").split()) == {
        "found", "stole", "tuba", "Pikehithe",
    }  # fmt: skip


def test_nothing_is_added_without_earlier_questions_or_twice() -> None:
    assert standalone("Why?", []) == "Why?"
    assert standalone("Was it stolen?", ["was it Stolen?"]) == "Was it stolen?"


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


@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=3))
def test_any_text_can_be_looked_at(question: str, earlier: list[str]) -> None:
    assert standalone(question, earlier).startswith(question)
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
