"""Makes a follow-up into a question that stands alone, by rules: what is looked up is all that the person meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.compose.words import stems
from rag.followups.ellipsis import asked_again, opened, substituted
from rag.followups.leaning import leans, without_farewell
from rag.followups.people import named, of_gender
from rag.followups.pronouns import owns, pointing
from rag.followups.shift import moved
from rag.question import STOP_WORDS, content_words, is_question

__all__ = ["Earlier", "leans", "standalone", "with_last"]

_PEOPLE_TAKEN = 3
_WORDS_TAKEN = 24
_PERSON = frozenset({"he", "him", "his", "she", "her", "hers"})
_ONE_SENTENCE = re.compile(r"[^.?!]*(?:[.?!]\S[^.?!]*)*\??")  # "the U.S. fleet" is taken for two
_ADDED = re.compile(r"^(?P<asked>.*\?) \((?P<added>[^()?]*)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question and its answer, as far as a follow-up may lean on them."""

    question: str
    """Without the filters typed into it."""
    searched: str
    """What was searched for: it stands alone."""
    answered: str = ""
    """The words that answered it, the best of them."""
    texts: tuple[str, ...] = ()
    """The articles found: they tell "he" from "she"."""
    day: date | None = None
    """The day of the article that answered it."""


def standalone(question: str, earlier: Sequence[Earlier], today: date | None = None) -> str:
    """Return the question so that it can be searched for by itself; as it is where it does not lean on `earlier`.

    What it leaves out is taken from the question before it: its days moved ("and the year before?"), a name replaced
    ("And in Pikehithe?"), its words asked with another question word ("Why?"). Where that cannot be told, "she" and
    "it" are named if only one can be meant, and the words of the earlier questions are added in brackets, the last
    first, as far back as the first question that did not lean itself. `today` is the day of asking.
    """
    fresh = without_farewell(question)
    if not earlier or fresh != question:
        return fresh
    last = earlier[-1]
    base, added = _parted(last.searched)
    rest = opened(question)
    if is_question(base) and _ONE_SENTENCE.fullmatch(base) and opened(base) == base:
        made = (
            moved(rest, base, last.day, today or date.today())
            or asked_again(rest, base)
            or (substituted(rest, base, last.texts) if rest != question or len(rest.split()) <= 3 else None)
        )
        if made:
            return _with(made, added)
    if not leans(question):
        return question
    question, people = _with_people(question, earlier)
    question = _with_thing(question, base)
    return _with(question, [*people, *_words(earlier)]) if people or leans(question) else question


def with_last(question: str, earlier: Sequence[Earlier]) -> str | None:
    """Return a question that stands alone with the words of the one before it; None where it is on something else.

    Most questions of a conversation stay on its subject and do not say so. It is on the subject where it has a word of
    the last two questions or their answers.
    """
    if not earlier or without_farewell(question) != question:
        return None
    said = {stem for each in earlier[-2:] for stem in stems(f"{each.searched} {each.answered}")}
    if not said & set(stems(question)):
        return None
    base, added = _parted(earlier[-1].searched)
    made = _with(question, [*_phrases(base), *added])
    return made if made != question else None


def _parted(searched: str) -> tuple[str, list[str]]:
    """Return a question and what was added to it."""
    match = _ADDED.match(searched)
    return (match["asked"], match["added"].split(", ")) if match else (searched, [])


def _with(question: str, words: Sequence[str]) -> str:
    """Return a question with those of the words and names, in brackets, that it does not have itself."""
    said = _parts(" ".join(content_words(question)))
    added: list[str] = []
    for word in words:
        if not said.issuperset(_parts(word)):
            added.append(word)
            said |= _parts(word)
    return f"{question} ({', '.join(added[:_WORDS_TAKEN])})" if added else question


def _parts(words: str) -> set[str]:
    """Return words in lower case, without what makes them possessive."""
    return {re.sub(r"['’]s?$", "", word.lower()) for word in words.split()}


def _words(earlier: Sequence[Earlier]) -> list[str]:
    """Return the content words of the earlier questions, the last first, back to the first that did not lean."""
    found: list[str] = []
    for before in reversed(earlier):
        found += _phrases(_parted(before.searched)[0])
        if before.searched == before.question and not leans(before.question):
            break
    return found


def _phrases(question: str) -> list[str]:
    """Return the words that carry content, names of several words as one."""
    words = [word for word in content_words(question) if word.lower() not in STOP_WORDS]
    found: list[str] = []
    for word in words:
        if found and word[0].isupper() and found[-1].split()[-1][0].isupper() and f"{found[-1]} {word}" in question:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _with_people(question: str, earlier: Sequence[Earlier]) -> tuple[str, list[str]]:
    """Return a question with "he" or "she" named where one alone can be meant, else those who can be meant."""
    pronouns = list(pointing(question))
    person = next((each for each in pronouns if each.group().lower() in _PERSON), None)
    if person is None:
        they = any(each.group().lower().startswith("the") for each in pronouns)
        return question, _others(earlier[-1]) if they else []
    own = {name.lower() for name in named(question)}
    for before in reversed(earlier):
        candidates = [name for name in named(f"{before.searched}\n{before.answered}") if name.lower() not in own]
        fitting = of_gender(candidates, [before.answered, *before.texts], person.group())
        if len(fitting) == 1:
            return _named(question, person, fitting[0]), []
        if fitting:
            return question, fitting[:_PEOPLE_TAKEN]
    return question, _others(earlier[-1])


def _others(before: Earlier) -> list[str]:
    """Return what an answer names first."""
    return [re.sub(r"^[Tt]he ", "", name) for name in named(before.answered)[:_PEOPLE_TAKEN]]


def _with_thing(question: str, base: str) -> str:
    """Return a question with "it" named where the one before names one thing alone: "the Tallow Bridge"."""
    things = [name for name in named(base) if name.startswith("the ")]
    found = next((each for each in pointing(question) if each.group().lower() in ("it", "its")), None)
    return _named(question, found, things[0]) if found and len(things) == 1 else question


def _named(question: str, pronoun: re.Match[str], name: str) -> str:
    """Return a question with a name in the place of a pronoun."""
    owner = "’s" if owns(question, pronoun) else ""
    made = f"{question[: pronoun.start()]}{name}{owner}{question[pronoun.end() :]}"
    return made[:1].upper() + made[1:]
