"""The people of an article: their full names, titles and roles, and who a surname, a role, "he" or "she" stands for."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from index.article import Article
from rag.dates.days import CALENDAR
from rag.question import STOP_WORDS
from rag.speech.lines import BLOTS, reading
from rag.speech.saying import ABBREVIATED, VERB

_TITLES = """
Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Lord Lady Baroness Rev Reverend Captain Capt Sgt Sergeant Inspector Mayor
Councillor Cllr President Senator Sen Rep Representative Minister Judge Justice Chief Coach Manager King Queen Prince
Princess Pope Bishop Archbishop Cardinal Father Sister Deputy Prime Secretary Governor Gov General Gen Colonel Col
Lieutenant Lt Constable Officer Detective Superintendent Chancellor Ambassador Congressman Congresswoman Commissioner
Director Chairman Chairwoman Chair Speaker Attorney Vice Foreign Defense Defence Health Interior Finance Former Premier
Major Maj Admiral Adm Sheriff Imam Rabbi Head Executive Spokesman Spokeswoman Spokesperson Home Press Homeland Security
State Interim Acting Treasury Education Democratic Republican
"""
TITLES = frozenset(_TITLES.split())
_FEMALE = frozenset(["Mrs", "Ms", "Miss", "Dame", "Lady", "Baroness", "Queen", "Princess", "Sister", "Chairwoman"])
_MALE = frozenset(["Mr", "Sir", "Lord", "King", "Prince", "Pope", "Father", "Bishop", "Chairman"])
_SHORT = {"cllr": "councillor", "dr": "doctor", "prof": "professor", "sen": "senator", "rep": "representative",
          "gov": "governor", "gen": "general", "capt": "captain", "sgt": "sergeant", "rev": "reverend"}  # fmt: skip
_WORD = rf"(?:{ABBREVIATED}|[A-ZÀ-ÖØ-Þ][\w’'-]*\w)"
_LINK = r"(?:de|da|di|del|della|van|von|der|den|bin|bint|al|el|la|le|ten|ter|y|af|of)"
NAME = re.compile(rf"(?<![\w.]){_WORD}(?:,? (?:Jr|Sr)\.| (?:{_LINK} )*{_WORD}| “{_WORD}” {_WORD})*")
_AGE = re.compile(r",? (?:aged )?\d{1,3},|,? \(?\d{1,2}\)")
_SPEAKS = re.compile(rf"(?:, [^,{BLOTS}]{{2,80}},)? (?:also |later |has |had |then )?{VERB}\b")
_ROLE = re.compile(
    r"(?:the |a |an |our |its |his |her |their )?((?:[\w’'-]+ ){0,5}?[a-z][\w’'-]+)(?: (?:of|for|at|in|to|with)\b.*)?$"
)
_BESIDE = re.compile(
    rf", ((?:the |a |an |its |our |his |her )[a-z][^,.;{BLOTS}]{{2,80}}|"
    rf"(?:[a-z-]+ ){{0,4}}[a-z-]+(?: (?:of|for|at) [^,.;{BLOTS}]{{2,60}})?)[,.;]"
)
"""What somebody is, set beside the name: "Ana Holt, the mayor,"."""
_CALLINGS = """
actor actress adviser analyst attorney author brother captain chair chairman chairwoman chief clerk coach commissioner
critic daughter director doctor economist editor engineer expert farmer father founder friend governor head historian
husband judge lawyer leader manager mayor minister mother neighbour neighbor nurse officer owner physician pilot
player president producer professor reporter researcher resident scientist secretary senator singer sister skipper son
spokesman spokeswoman spokesperson student teacher wife writer
"""
_CALLING = re.compile(
    rf", (?:the |a |an |its |our |his |her )?(?:[\w’'-]+ ){{0,4}}?(?:{'|'.join(_CALLINGS.split())})\b"
)
_SIGNS = (_AGE, _SPEAKS, _CALLING)  # that somebody was named, right after the name
_SHORTEST, _LONGEST = 2, 4  # words of a full name


@dataclass(slots=True)
class Person:
    """Somebody of an article, by the fullest name that it gives."""

    name: str
    title: str = ""
    roles: set[str] = field(default_factory=set)
    female: bool | None = None


class Mention(NamedTuple):
    """Where a person is named, outside of quotations."""

    start: int
    end: int
    person: Person


@dataclass(slots=True)
class People:
    """Everybody whom an article names."""

    by_surname: dict[str, list[Person]]
    mentions: list[Mention]
    """In the order of the text."""

    def named(self, start: int, end: int) -> list[Person]:
        """Return who is named in [start, end) of the text, in order."""
        first = bisect_left(self.mentions, start, key=lambda each: each.start)
        last = bisect_left(self.mentions, end, key=lambda each: each.start)
        return [each.person for each in self.mentions[first:last]]

    def known(self, name: str, title: str = "", place: int | None = None) -> Person | None:
        """Return whom a name without its titles stands for; None where it may be several.

        Of two Holts it is the one whom the title fits, or who was named last before `place`.
        """
        parts = name.split()
        fitting = [
            each
            for each in self.by_surname.get(_key(parts[-1]), [])
            if all(part in each.name.split() or part.rstrip(".") == each.name[0] for part in parts[:-1])
        ]
        if not fitting and len(parts) == 1:  # a first name
            fitting = list(
                {id(each.person): each.person for each in self.mentions if each.person.name.split()[0] == name}.values()
            )
        sex = _sex(title)
        fitting = [each for each in fitting if sex is None or each.female is None or each.female == sex]
        if len(fitting) > 1 and title:
            ranks = _ranks(title)
            fitting = [each for each in fitting if (ranks & each.roles if ranks else each.female == sex)]
        elif len(fitting) > 1 and place is not None:
            before = [each.person for each in self.mentions if each.start < place and each.person in fitting]
            return before[-1] if before else None
        return fitting[0] if len(fitting) == 1 else None


def split_titles(words: str) -> tuple[str, str]:
    """Return the titles before a name, and the name."""
    parts = words.split()
    count = max((place + 1 for place, part in enumerate(parts[:-1]) if part.rstrip(".") in TITLES), default=0)
    while count < len(parts) - 2 and parts[count].isupper() and len(parts[count]) > 2:  # CNN, and the like
        count += 1
    return " ".join(parts[:count]), re.sub(r"['’]s?$", "", " ".join(parts[count:]))


@lru_cache(maxsize=128)
def people(article: Article) -> People:
    """Return the people that an article names, outside of quotations."""
    text = reading(article).blotted
    places = _places(text)
    found = People(_full_names(text, places), [])
    for start, end, title, name in places:
        person = found.known(name, title, start)
        if person is not None:
            found.mentions.append(Mention(start, end, person))
            _learn(person, title, text, start, end)
    return found


class _Place(NamedTuple):
    start: int
    end: int
    title: str
    name: str


def _places(text: str) -> list[_Place]:
    """Return every place where a name stands, without what the calendar names."""
    found: list[_Place] = []
    for match in NAME.finditer(text):
        title, name = split_titles(match.group())
        first, _, rest = name.partition(" ")
        name = rest if rest and first.lower() in STOP_WORDS else name
        common = name[0].islower() or name.lower() in STOP_WORDS or re.fullmatch(rf"{CALENDAR}\w*", name)
        if not common and len(name) >= _SHORTEST:
            found.append(_Place(match.start() + match.group().rfind(name), match.end(), title, name))
    return found


def _full_names(text: str, places: list[_Place]) -> dict[str, list[Person]]:
    """Return who may be a person, by surname: a town, a firm or a law is none, but for what looks like one of a name.

    A person is known by the surname alone elsewhere, by a title, an age, a calling, or by speaking.
    """
    known: dict[str, list[Person]] = {}
    alone = {place.name for place in places if " " not in place.name}
    for place in places:
        surname = place.name.split()[-1]
        if not _SHORTEST <= len(place.name.split()) <= _LONGEST:
            continue
        likely = surname in alone or place.title or any(sign.match(text, place.end) for sign in _SIGNS)
        if likely and not any(each.name == place.name for each in known.get(_key(surname), [])):
            known.setdefault(_key(surname), []).append(Person(place.name))
    for place in places:  # a title before a surname that has no full name
        if " " not in place.name and place.title and _key(place.name) not in known:
            known[_key(place.name)] = [Person(place.name)]
    return known


def _learn(person: Person, title: str, text: str, start: int, end: int) -> None:
    """Keep a person's title, and what the text says beside the name that he or she is."""
    sex = _sex(title)
    person.female = sex if sex is not None else person.female
    if title and (not person.title or len(title) > len(person.title)):
        person.title = title
    person.roles |= _ranks(title)
    after = _BESIDE.match(text[end : end + 100])
    if after and not re.match(r"(?:and|who|which|but|with|in|on|at|as|to|when|after|[a-z]+ed|[a-z]+ing)\b", after[1]):
        role = _ROLE.match(after[1])
        if role:
            person.roles.add(role[1].split()[-1].lower())
            person.title = person.title or after[1]
    line = max(text.rfind(mark, 0, start) for mark in f".,;\n{BLOTS}") + 1
    before = re.search(r"(?:the |a )?((?:[a-z][\w’'-]+ ){1,4})$", text[line:start])
    if before and not {"said", "told", "with", "of", "by", "to", "and", "for", "from", "as"} & set(before[1].split()):
        words = before[1].split()
        person.roles.add(words[-1])


def _sex(title: str) -> bool | None:
    """Return whether a title is a woman's; None where it tells nothing."""
    for each in title.split():
        if each.rstrip(".") in _FEMALE | _MALE:
            return each.rstrip(".") in _FEMALE
    return None


def _ranks(title: str) -> set[str]:
    """Return what a title says that somebody is, beyond a man or a woman."""
    words = {word.rstrip(".") for word in title.split()} - _FEMALE - _MALE
    return {_SHORT.get(word.lower(), word.lower()) for word in words}


def _key(surname: str) -> str:
    return re.sub(r"['’]s?$", "", surname).rstrip(".").casefold()
