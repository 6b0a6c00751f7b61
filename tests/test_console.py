"""What `pullquote chat` does with each line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.errors import ChatError, PullquoteError
from rag.chat import Chat
from rag.console import HELP, Console
from rag.filters import Filters
from rag.retrieve import Retriever
from rag.sources import Sources

TUBA = "Where was the stolen tuba found?"
FERRY = "How many people were hurt in the ferry collision?"
Say = Callable[..., str]


@pytest.fixture
def console(quick: Retriever) -> Console:
    return Console(Chat(quick), date(2026, 10, 1), Filters())


@pytest.fixture
def says(console: Console, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that gives lines to the console and returns what it printed on the last."""

    def take(*lines: str) -> str:
        for line in lines:
            capsys.readouterr()
            console.take(line)
        return capsys.readouterr().out

    return take


def test_help_names_every_command_that_there_is(console: Console, says: Say) -> None:
    assert says("/help") == f"{HELP}\n"
    with pytest.raises(ChatError, match="/hepl: no such command") as raised:
        console.take("/hepl me")
    there = str(raised.value).split("There are: ")[1].rstrip(".").split(", ")
    assert sorted(there) == sorted(line.split()[0] for line in HELP.splitlines()[1:])


def test_what_was_searched_for_is_said_and_corrected(console: Console, says: Say) -> None:
    assert not says(TUBA).startswith("Searching for")
    assert says("And who stole it?").startswith("Searching for: And who stole it? (stolen, tuba, found)\n")
    said = says("/for Who took the tuba of the Silver Band?")
    assert said.startswith("Searching for: Who took the tuba of the Silver Band?\n")
    assert [each.question for each in console.chat.turns] == [TUBA, "And who stole it?"]
    assert "Silver Band" in says("And why?")


def test_a_correction_needs_a_question_and_words(console: Console, says: Say) -> None:
    with pytest.raises(ChatError, match="there must be one"):
        console.take("/for geese")
    says(TUBA)
    with pytest.raises(ChatError, match="/for QUESTION"):
        console.take("/for")
    with pytest.raises(PullquoteError):
        console.take("/for ?!")
    assert [each.searched for each in console.chat.turns] == [TUBA]


def test_sources_are_numbered_pinned_left_out_and_freed(console: Console, says: Say) -> None:
    assert says("/sources") == "Every source is asked.\n"
    says(TUBA)
    lines = says("/sources").splitlines()
    first = lines[0].split()[1]
    assert lines[0].startswith(f" 1  {first}  ")
    assert says("/exclude 1") == f"Asking not {first}.\n"
    assert says(TUBA).startswith(f"Asking not {first}.\n")
    assert first not in [hit.article.id for hit in console.chat.turns[-1].answer.hits]
    assert says('/pin publisher:"courier"').startswith(f"Asking only publisher:courier; not {first}.")
    says(FERRY)
    assert {hit.article.publisher for hit in console.chat.turns[-1].answer.hits} == {"Varrowmouth Courier"}
    assert says(f"/free {first}") == "Asking only publisher:courier.\n"
    assert says("/free") == "Every source is asked again.\n"
    assert console.chat.sources == Sources()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/pin", "/pin N: name a number"),
        ("/pin 99", "/pin 99: the last answer has "),
        ("/exclude nobody", "'nobody': no article here has this id"),
        ("/pin publisher:nobody", "publisher:nobody: no article has this publisher"),
        ("/as-of May", "/as-of May: not a date like 2026-05-01"),
        ("/branch", "not the number of a turn"),
        ("/branch 7", "7: no place to branch at. This conversation has 1 turns"),
        ("/save", "/save FILE: name a file"),
        ("/load", "/load FILE: name a file"),
        ("/load nothing.json", "nothing.json: no conversation can be read from it"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(console: Console, says: Say, line: str, reason: str) -> None:
    says(TUBA)
    before = console.chat, console.chat.turns, console.chat.sources, console.as_of
    with pytest.raises(PullquoteError, match=reason):
        console.take(line)
    assert (console.chat, console.chat.turns, console.chat.sources, console.as_of) == before


def test_the_day_is_set(console: Console, says: Say) -> None:
    assert says("/as-of 2026-05-01") == "Asked as of 2026-05-01.\n"
    says(TUBA)
    assert console.chat.turns[-1].answer.as_of == date(2026, 5, 1)
    assert says("/as-of") == "Asked as of today.\n"


def test_turns_are_listed_and_branched(console: Console, says: Say) -> None:
    assert says("/turns") == "Nothing was asked yet.\n"
    assert says(TUBA, FERRY, "/turns") == f" 1  {TUBA}\n 2  {FERRY}\n"
    assert says("/branch 1") == "Going on from turn 1.\n"
    assert "tuba" in says("And why?")
    assert says("/branch 0", "/turns") == "Nothing was asked yet.\n"


def test_a_conversation_is_kept_and_gone_on_with(console: Console, says: Say) -> None:
    says(TUBA, "/pin publisher:courier")
    assert says("/save my talk.json") == "Saved 1 turns in my talk.json.\n"
    assert Path("my talk.json").exists()
    other = Console(Chat(console.chat.retriever), None, Filters())
    other.take("/load my talk.json")
    assert [each.question for each in other.chat.turns] == [TUBA]
    assert other.chat.sources == Sources(("publisher:courier",))
