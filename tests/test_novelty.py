"""What a sentence counts, and what is new in it. By plain words: no index, no model."""

import re

import pytest

from index.passage import sentences
from rag.stories.counts import counts
from rag.stories.novelty import LINES, Line, Told, analyse, new_lines, stands_alone

STOP = {"the", "a", "of", "to", "in", "on", "has", "have", "was", "were", "and", "is", "are", "been", "be", "for", "at"}


def terms(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP]


def told(*texts: str) -> Told:
    made = Told(lambda _: 1.0, {})
    for number, text in enumerate(texts):
        made.add(number, frozenset(), analyse(text, sentences(text), terms))
    return made


def lines(text: str, *before: str, title: str = "") -> list[Line]:
    return new_lines(told(*before), analyse(text, sentences(text), terms), frozenset(terms(title)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 people were injured", [(17, "people")]),
        ("Six people, and forty-two geese", [(6, "people"), (42, "geese")]),
        ("The number has risen to five, it said", [(5, "")]),
        ("a rise of 4.5 percent, then 6% and 7 per cent", [(4.5, "%"), (6, "%"), (7, "%")]),
        ("It cost 1.4 million crowns", [(1.4e6, "crowns")]),
        ("$16 billion, £1bn and €300", [(16e9, "$"), (1e9, "£"), (300, "€")]),
        ("reopens on June 12, not 30 April or Sept. 1", [(612, "date"), (430, "date"), (901, "date")]),
        ("Holt had 7,921 votes", [(7921, "votes")]),
        ("Holt on 36 and Bewick 19.", [(36, "?"), (19, "")]),
        ("In 1911 and 2026, at 7.40 a.m., 6:30 pm or half past nine", []),
        ("A 5-4 win in the 93rd minute of COVID-19, for ages 12 to 17", []),
        ("One of them had one", []),
    ],
)
def test_counts(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(each.value, each.unit) for each in counts(text, terms)] == expected


def test_a_number_knows_whose_it_is_and_what_stands_around_it() -> None:
    [count] = counts("Crew of the Lady of Lunnay, 118 passengers", terms)
    assert count.of == {"crew", "lady", "lunnay"}
    assert count.near == {"crew", "lady", "lunnay"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour board has opened an inquiry into the collision.", True),
        ("“Nobody steals a tuba on impulse,” said bandmaster Clement Ostler.", True),
        ("The correct figure is 4.1 million crowns.", True),
        ("He said so, and went on to describe the whole evening in detail.", False),
        ("But the board did not agree with what the engineer had told it.", False),
        ("“I talk to it every evening and it never says a word.", False),
        ("Too short to say much.", False),
        ("A photograph of the harbour in fog on the Friday morning", False),
        ("Read more: the harbour board has opened an inquiry into the collision.", False),
        ("Sign up for our newsletter and never miss a story from the harbour.", False),
        ("the loan, often to 20 or 25 years from the standard repayment period.", False),
        (" ".join(["word"] * 80) + ".", False),
    ],
)
def test_a_sentence_must_stand_alone(text: str, expected: bool) -> None:
    assert stands_alone(text) is expected


def test_what_was_told_is_not_told_again() -> None:
    text = "The swing bridge across the harbour was closed to all traffic on Tuesday."
    assert [line.sentence.text for line in lines(text)] == [text]
    assert lines(text, text) == []
    assert lines("All traffic was closed to the swing bridge across the harbour on Tuesday.", text) == []


def test_another_number_makes_the_same_sentence_new_and_is_said_to_be() -> None:
    before = "Three people were injured when a ferry hit a launch in thick fog."
    [line] = lines("Five people were injured when a ferry hit a launch in thick fog.", before)
    assert line.before
    assert (line.before[0], line.before[1].text) == (0, before)
    assert lines("Three people were injured when a ferry hit a launch in thick fog.", before) == []


def test_the_number_that_was_given_last_is_the_one_that_changed() -> None:
    texts = [
        f"{number} people were injured when a ferry hit a launch in thick fog." for number in ("Three", "Five", "Six")
    ]
    [line] = lines(texts[2], texts[0], texts[1])
    assert line.before
    assert line.before[0] == 1


def test_a_new_day_beside_the_old_one_is_a_change() -> None:
    before = "The Tallow Bridge will reopen on December 15, the council said yesterday."
    [line] = lines("The Tallow Bridge will not reopen on December 15, and the new date is February 28.", before)
    assert line.before
    assert line.before[1].text == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The company Meta announced 11,000 job cuts among all its many workers.",
         "The company Google announced 12,000 job cuts among all its many workers."),
        ("Protesters marched on the town hall on Jan. 6 and shouted for a long time.",
         "Protesters marched on the harbour on March 3 and shouted for two whole hours."),
        ("The numbers drawn on Tuesday night were 7, 29, 60, 63 and 66.",
         "The numbers drawn on Friday night were 13, 36, 45, 57 and 67."),
        ("The council set aside 20 crowns for the repair of a bench in the park.",
         "The council set aside 90,000 crowns for the repair of a bench in the park."),
    ],
    ids=["of another", "other days", "a draw", "of another size"],
)  # fmt: skip
def test_a_number_for_something_else_is_no_change(before: str, after: str) -> None:
    assert all(line.before is None for line in lines(after, before))


def test_a_dateline_is_no_part_of_the_sentence() -> None:
    text = "VARROWMOUTH, June 11 — The Tallow Bridge at Varrowmouth reopened to traffic on Thursday."
    [line] = lines(text)
    assert line.sentence.text == "The Tallow Bridge at Varrowmouth reopened to traffic on Thursday."
    assert text[line.sentence.span.start : line.sentence.span.end] == line.sentence.text
    assert line.sentence.counts == ()


def test_at_most_three_sentences_in_their_order_and_not_two_that_say_the_same() -> None:
    text = (
        "Engineers found a long crack in the bearing of the bridge on Tuesday. "
        "Engineers found on Tuesday a long crack in the bearing of that bridge. "
        "Drivers face a detour of fourteen kilometres by way of Nether Tarry. "
        "Bakers sold a record number of buns to people who waited for hours. "
        "Geese were seen on the closed road in the early hours of Wednesday."
    )
    found = lines(text)
    assert len(found) == LINES
    assert [line.sentence.number for line in found] == sorted(line.sentence.number for line in found)
    assert not {0, 1} <= {line.sentence.number for line in found}


def test_what_the_headline_says_is_news_even_in_words_used_before() -> None:
    before = "Maren Holt spoke of geese. The town has had a mayor since then. A new one is to be elected in May."
    text = "Geese spoke in May, and the town has had geese. The new mayor of the town is Maren Holt since May."
    assert [line.sentence.number for line in lines(text, before, title="Holt is the new mayor")] == [0, 1]
    assert [line.sentence.number for line in lines(text, before, title="Geese")] == [0]
