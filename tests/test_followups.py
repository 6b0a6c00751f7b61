"""Which question is made of a follow-up. The towns, people and events are those of the sample archive, or invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.followups import Earlier, leans, standalone, with_last
from tests.bench.subjects import carried
from tests.conftest import SEEDS

TODAY = date(2026, 5, 10)
ELECTED = "Maren Holt was elected mayor on Saturday, beating Odile Tranter."
ARTICLE = (
    "Maren Holt was elected mayor on Saturday, beating Odile Tranter. Ms Holt said she was pleased. Odile Tranter said "
    "she would rest. Casimir Bewick lost; he had 3,207 votes."
)


def made(before: str, question: str, answered: str = "", text: str = "", day: date | None = None) -> str:
    return standalone(question, [Earlier(before, before, answered, (text,) if text else (), day)], TODAY)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("How many geese were counted in 2025?", "and the year before?", "How many geese were counted in 2024?"),
        ("How many geese were counted in 2025?", "The year after that?", "How many geese were counted in 2026?"),
        ("How many geese were counted in 2025?", "And in 2019?", "How many geese were counted in 2019?"),
        ("How many geese were counted in 2025?", "2019?", "How many geese were counted in 2019?"),
        ("How many geese were counted last year?", "and two years earlier?", "How many geese were counted in 2023?"),
        ("How many geese were counted?", "and last week?", "How many geese were counted last week?"),
        ("Who met in March 2026?", "and the month before?", "Who met in February 2026?"),
        ("Who met in January 2026?", "And the previous month?", "Who met in December 2025?"),
        ("What was said on 12 May 2026?", "And the day after?", "What was said on 13 May 2026?"),
        ("What did the council decide in February?", "And in March?", "What did the council decide in March?"),
        ("What did the council decide in May 2024?", "And in March?", "What did the council decide in March 2024?"),
        ("What was said on 12 May 2024?", "On 3 May?", "What was said on 3 May 2024?"),
        ("In 2025, how many geese were counted?", "and the year before?", "In 2024, how many geese were counted?"),
        ("What happened last week?", "And the week before?", "What happened between 20 April 2026 and 26 April 2026?"),
    ],
)
def test_days_are_moved(before: str, question: str, whole: str) -> None:
    assert made(before, question) == whole


def test_days_are_reckoned_from_the_answer_where_the_question_has_none() -> None:
    before = "Who won the Coastal Cup?"
    assert made(before, "and the year before?", day=date(2024, 5, 2)) == "Who won the Coastal Cup in 2023?"
    assert made(before, "and the year before?") == "Who won the Coastal Cup in 2025?"  # as it is asked in 2026


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("How is the weather in Brevignac?", "And in Pikehithe?", "How is the weather in Pikehithe?"),
        ("who won the election", "and in Pikehithe", "who won the election in Pikehithe"),
        ("Who won the election?", "And in Pikehithe?", "Who won the election in Pikehithe?"),
        ("Who won the election in Brevignac in March?", "In Pikehithe?", "Who won the election in Pikehithe in March?"),
        ("What did the Courier say about the march?", "And the Lantern?", "What did the Lantern say about the march?"),
        ("How many votes did Maren Holt get?", "And Casimir Bewick?", "How many votes did Casimir Bewick get?"),
        ("How many votes did Holt get in Varrowmouth?", "And Bewick?", "How many votes did Bewick get in Varrowmouth?"),
        ("What did Holt say about the bridge?", "About the ferry?", "What did Holt say about the ferry?"),
    ],
)
def test_what_is_named_takes_the_place_of_its_like(before: str, question: str, whole: str) -> None:
    assert made(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Was the maternity unit closed?", "Why?", "Why was the maternity unit closed?"),
        ("Was the tuba found?", "where", "Where was the tuba found?"),
        ("Where was the tuba found?", "And when?", "When was the tuba found?"),
        ("Was the tuba stolen?", "By whom?", "By whom was the tuba stolen?"),
        ("Is the bridge closed?", "Since when?", "Since when is the bridge closed?"),
        ("Is the bridge closed?", "for how long?", "For how long is the bridge closed?"),
        ("Will the ferry run on Sunday?", "How often?", "How often will the ferry run on Sunday?"),
        ("How many people were hurt in the fire?", "Why?", "Why were people hurt in the fire?"),
        ("Were people hurt in the collision?", "How many?", "How many people were hurt in the collision?"),
    ],
)
def test_a_bare_question_word_asks_the_question_before_again(before: str, question: str, whole: str) -> None:
    assert made(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Did Casimir Bewick stand?", "How many votes did he get?", "How many votes did Casimir Bewick get?"),
        ("Did Maren Holt win?", "What was her majority?", "What was Maren Holt’s majority?"),
        ("Why is the Tallow Bridge shut?", "When will it reopen?", "When will the Tallow Bridge reopen?"),
        ("Why is the Tallow Bridge shut?", "What is its age?", "What is the Tallow Bridge’s age?"),
    ],
)
def test_a_pronoun_is_named_where_one_alone_can_be_meant(before: str, question: str, whole: str) -> None:
    assert made(before, question, text=ARTICLE) == whole


def test_she_is_looked_for_in_the_answer_and_told_from_him_by_the_article() -> None:
    asked = "Who beat Casimir Bewick?"
    assert made(asked, "Where does she live?", "Maren Holt.", ARTICLE) == "Where does Maren Holt live?"
    assert made(asked, "Where does he live?", "Maren Holt.", ARTICLE).startswith("Where does Casimir Bewick live?")


def test_where_two_can_be_meant_both_are_added_and_none_is_put_in() -> None:
    assert made("Who won the election?", "What did she say to that?", ELECTED, ARTICLE) == (
        "What did she say to that? (Maren Holt, Odile Tranter, won, election)"
    )


@pytest.mark.parametrize(
    "question",
    [
        "How much did it cost?", "Who else was hurt?", "What about the other one?", "Was it found?",
        "Did they agree to it?", "So what happened then?", "which one?", "And what did it cost?", "Any other damage?",
        "Sorry, I meant the smaller of these.",
    ],
)  # fmt: skip
def test_what_cannot_be_completed_is_searched_with_the_words_it_leans_on(question: str) -> None:
    earlier = [Earlier("How is the weather in Pikehithe?", "How is the weather in Pikehithe?")]
    earlier.append(Earlier("Who stole the tuba from the band?", "Who stole the tuba from the band?"))
    searched = standalone(question, earlier, TODAY)
    assert searched.startswith(f"{question} (")
    assert set(searched.removeprefix(question).strip(" ()").split(", ")) == {"stole", "tuba", "band"}


ALONE = [
    "Who won the mayoral election in Varrowmouth?",
    "How many people were injured in the ferry collision?",
    "What did Ann Tey say about the bell?",
    "When will the Pikehithe bridge open again after the storm?",
    "Why was the maternity unit going to be closed?",
    "What is the name of the dog that was hired to chase the geese away?",
    "Where did police find the stolen tuba last March?",
    "Which team won the Coastal Cup?",
    "Who is Marten Holt?",
    "Did the Fulmar Line raise its fares for residents?",
    "who paid for the new harbour wall in Brevignac",
    "How many people voted in the council election this year?",
    "How many geese are there on the pond by the station?",
    "Where was the stolen tuba found?",
    "When did the strike end?",
    "Which band announced that it’s dropping a new single?",
    "Which company said it would close its mill?",
    "What did the council say about its own budget for libraries?",
    "Which striker scored twice before he was sent off?",
    "Was Dr. Okonja appointed head of the hospital in November?",
    "What are clades?",
    "What is a quorum?",
    "Is it true that the ferry will be sold?",
]


@pytest.mark.parametrize("question", ALONE)
def test_nothing_is_carried_over_into_another_subject(question: str) -> None:
    assert not leans(question)
    assert made("Who stole the tuba in 2025?", question, ELECTED, ARTICLE, date(2025, 1, 1)) == question


def test_nothing_is_carried_over_between_questions_on_the_sample_archive() -> None:
    found, count = carried(SEEDS / "questions.jsonl")
    assert count > 100
    assert found == []


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Another question: where is the ferry?", "where is the ferry?"),
        ("Now for something else: who won?", "who won?"),
        ("Never mind. Why is it shut?", "Why is it shut?"),
        ("On another subject, how did they vote?", "how did they vote?"),
    ],
)
def test_a_farewell_to_the_subject_carries_nothing_over(question: str, rest: str) -> None:
    assert made("Who stole the tuba?", question) == rest


def test_a_chain_goes_back_to_the_question_it_started_from() -> None:
    said: list[Earlier] = []
    for question in (
        "Which crew went on strike?",
        "Who stole the tuba in Pikehithe?",
        "How did they get in?",
        "Did it hurt?",
    ):
        said.append(Earlier(question, standalone(question, said, TODAY)))
    assert said[1].searched == said[1].question
    assert said[2].searched == "How did they get in? (stole, tuba, Pikehithe)"
    assert said[3].searched == "Did it hurt? (stole, tuba, Pikehithe)"


def test_a_chain_of_days_keeps_the_question() -> None:
    said = [Earlier("How many geese were counted in 2025?", "How many geese were counted in 2025?")]
    for question, year in (("and the year before?", 2024), ("and the year before that?", 2023), ("In 2020?", 2020)):
        said.append(Earlier(question, standalone(question, said, TODAY)))
        assert said[-1].searched == f"How many geese were counted in {year}?"


@pytest.mark.parametrize("before", ["The ferry is late. Why?", "ferry delays", "And the ferry?"])
def test_what_was_no_whole_question_is_not_asked_again(before: str) -> None:
    searched = made(before, "And in Pikehithe?")
    assert searched.startswith("And in Pikehithe? (")
    assert "ferry" in searched


def test_a_person_takes_no_place_of_a_town() -> None:
    before, text = "Who is mayor of Varrowmouth?", "Casimir Bewick, a brewer, spoke in Pikehithe. Bewick lost."
    assert made(before, "And Bewick?", text=text) == "And Bewick? (mayor, Varrowmouth)"
    assert made(before, "And Pikehithe?", text=text) == "Who is mayor of Pikehithe?"
    assert made(before, "And Brevignac?", text=text) == "Who is mayor of Brevignac?"


def test_days_and_datelines_are_no_names() -> None:
    answered = "VARROWMOUTH, Oct. 14 — The Tallow Bridge was closed on Tuesday."
    assert made("Why is it shut?", "What did they say?", answered) == "What did they say? (Tallow Bridge, shut)"


def test_a_question_takes_no_place_of_a_name() -> None:
    before = "Which launch sank when Sandpiper was hit?"
    assert "when What" not in made(before, "What surrounds harbours?")


def test_names_are_added_whole() -> None:
    assert (
        made("Why is the Tallow Bridge shut?", "What about the costs?") == "What about the costs? (Tallow Bridge, shut)"
    )
    answered = "Henrike Aldous, the engineer, found a crack."
    assert made("Who looked at the bearing?", "What did they say?", answered) == (
        "What did they say? (Henrike Aldous, looked, bearing)"
    )


def test_what_was_corrected_is_what_the_next_question_leans_on() -> None:
    earlier = [Earlier("And there?", "How many geese were counted in Pikehithe?")]
    assert standalone("And in Brevignac?", earlier, TODAY) == "How many geese were counted in Brevignac?"


def test_without_earlier_questions_nothing_is_added() -> None:
    assert standalone("Why?", [], TODAY) == "Why?"
    assert made("was it Stolen?", "Was it stolen?") == "Was it stolen?"


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=3))
def test_any_text_can_be_made_to_stand_alone(question: str, turns: list[tuple[str, str]]) -> None:
    earlier = [Earlier(asked, asked, answered, (answered,), TODAY) for asked, answered in turns]
    assert isinstance(standalone(question, earlier, TODAY), str)


def test_a_question_on_the_subject_is_looked_up_with_the_one_before_it_too() -> None:
    before = "Who opened the Tallow Bridge?"
    earlier = [Earlier(before, before, "Mayor Holt opened the bridge in a towel.")]
    assert with_last("When will ferries pass under the bridge?", earlier) == (
        "When will ferries pass under the bridge? (opened, Tallow Bridge)"
    )
    assert with_last("Has the mayor a dog?", earlier) == "Has the mayor a dog? (opened, Tallow Bridge)"


@pytest.mark.parametrize(
    "question",
    ["Who won the Coastal Cup?", "Another question: who built the bridge?", "Who opened the Tallow Bridge?"],
    ids=["another subject", "said to be another", "the same again"],
)
def test_a_question_on_something_else_is_looked_up_alone(question: str) -> None:
    before = "Who opened the Tallow Bridge?"
    assert with_last(question, [Earlier(before, before, "Mayor Holt did.")]) is None
    assert with_last(question, []) is None
