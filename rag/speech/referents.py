"""Whom "she", "it" and "the mayor" stand for, by who was spoken of last and who is said to be what."""

import re
from typing import NamedTuple

from rag.speech.lines import Line, Reading
from rag.speech.names import is_title
from rag.speech.people import Mention, People, Person, is_person

HE = {"he": "m", "she": "f"}
_NO_SPEAKERS = "i we it you which that they who this these those there"
NO_SPEAKERS = frozenset(_NO_SPEAKERS.split())
"""What no speaker is called by, but for "they" and "it" where they stand for a body."""

_FAR = 320
"""Characters into a sentence at which its subject stands at the latest."""
_BACK = 5
"""Sentences back that "he" may lean on."""
_INTO = 110
_OPENING = re.compile(
    r"(?:After|Before|In|On|At|During|With|While|As|When|For|By|Following|Despite|Since|Though|Although|Along|From|Over|"
    r"Under|Amid|If|Asked|Speaking|Wearing|Like|Unlike|Once|Until|Because|Besides|Still|Yet|But|And|Meanwhile|Later|"
    r"Then|Now|So|Earlier|Also|However|Today|Yesterday|Even|Additionally)\b"
    r"(?:[^,.;]{0,160},\s|\s(?=[A-Z]|he\b|she\b|the\b))?\s?"
)
_PRONOUN = re.compile(r"(He|She|he|she)(?=[\s’'])")
_MODIFIERS = re.compile(
    r"(?:(?!(?:of|to|in|for|with|at|from|on|by|about|was|is|are|were|had|has|than|against|over|that|who|which|said|"
    r"says)\b)(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w-]*|[a-z][\w-]*|\w+[’']s),?\s){0,5}"
)
_ROLE_BETWEEN = re.compile(
    r"(?:’s|'s|’|')?\s(?:[a-z][\w-]*\s){0,3}(?:\w+(?:er|or|man|woman|person|ist|ian|ary)|chief|aide|head|boss|coach|"
    r"star|chair|captain|president|attorney|governor)\s|[’']s?\s"
)
_THE = re.compile(r"[Tt]he (?:[a-z]+ )??([a-z][\w-]+)(?=\s)")
_COURTESY = frozenset({"mr", "mrs", "ms", "miss"})


class Named(NamedTuple):
    """Whom a phrase names. An empty name: somebody, but it cannot be told who."""

    name: str
    title: str
    person: Person | None


NOBODY = Named("", "", None)


def of(person: Person) -> Named:
    """Return a person as named."""
    return Named(person.name, title_of(person), person)


def title_of(person: Person) -> str:
    """Return the first title that the article gives a person, without mere courtesy where there is another."""
    titles = (each for each in person.titles if each.lower().rstrip(".") not in _COURTESY)
    return next((each for each in titles if is_title(each)), "")


class Referents:
    """Remembers, sentence by sentence, who spoke and whom a sentence was about."""

    def __init__(self, reading: Reading, people: People) -> None:
        """Begin before the first sentence."""
        self.text = reading.blotted
        self.lines = reading.lines
        self.people = people
        self._agents: list[Named | None] = []
        self._voices: list[Named | None] = []

    def note(self, line: Line, spoke: Named | None) -> None:
        """Remember who spoke in the next sentence, or else whom it is about."""
        self._voices.append(spoke if spoke and spoke.name else None)
        self._agents.append(spoke if spoke and spoke.person else self.subject(line))

    def latest(self) -> Named | None:
        """Return who spoke in the last sentence, or whom it is about."""
        return self._agents[-1] if self._agents else None

    def subject(self, line: Line) -> Named | None:
        """Return whom a sentence is about: who stands at its beginning, after what leads in."""
        begin, end = line.start, min(line.end, line.start + _FAR)
        opening = _OPENING.match(self.text, begin, end)
        if opening:
            begin = opening.end()
        pronoun = _PRONOUN.match(self.text, begin, end)
        if pronoun:
            return self.pronoun(pronoun[1].lower(), line, pronoun.start(1))
        comma = self.text.find(", ", begin, min(end, begin + _INTO))
        for start in (begin, comma + 2) if comma >= 0 else (begin,):
            named = self._named_at(start, end)
            if named is not None:
                return named
        described = _THE.match(self.text, begin, end)
        person = self.people.with_role(described[1].lower(), begin) if described else None
        return of(person) if person is not None else None

    def _named_at(self, begin: int, end: int) -> Named | None:
        """Return who is named at a place, behind what is set before a name; not one who only owns what comes next."""
        mentions = [each for each in self.people.between(begin, end) if each.start >= begin]
        if not mentions or not _MODIFIERS.fullmatch(self.text, begin, mentions[0].start):
            return None
        place = 0
        while place + 1 < len(mentions) and _ROLE_BETWEEN.fullmatch(
            self.text, mentions[place].end, mentions[place + 1].start
        ):
            place += 1
        chosen = mentions[place]
        if place + 1 < len(mentions) and self.text[chosen.end : mentions[place + 1].start] in {" and ", " & "}:
            return None  # two are no one's "he"
        return of(chosen.person) if is_person(chosen.person) and not self._owns(chosen) else None

    def last(self, line: Line) -> Named | None:
        """Return who spoke, or was spoken of, in the last two sentences before a line."""
        for back in range(1, min(2, len(self._agents)) + 1):
            agent = self._agents[-back]
            if agent is not None and self._near(line, back, 1):
                return agent
        return None

    def body(self, line: Line, word: str) -> Named:
        """Return whom "it" or "they" stands for: the last who spoke, if that is no one person."""
        for back in range(1, min(3, len(self._voices)) + 1):
            voice = self._voices[-back]
            if voice is None or not self._near(line, back, 1):
                continue
            human = voice.person is not None and is_person(voice.person)
            several = voice.name.split(" of ")[0].endswith("s") or voice.name.startswith("the ")
            return voice if not human and (word == "it" or (word == "they" and several)) else NOBODY
        return NOBODY

    def pronoun(self, pronoun: str, line: Line, place: int) -> Named:
        """Return whom "he" or "she" stands for: the subject of this sentence or of the last ones that fits."""
        gender = HE[pronoun]
        here = [
            each
            for each in self.people.between(line.start, place)
            if _fits(each.person, gender) and not self._owns(each)
        ]
        if here and _MODIFIERS.fullmatch(self.text, line.start, here[0].start):
            return _taken(of(here[0].person), gender)
        if len({each.person.name for each in here}) == 1 and here[0].person.gender == gender:
            return of(here[0].person)
        for back in range(1, min(_BACK, len(self._agents)) + 1):
            if not self._near(line, back, 2):
                break
            found = self._before(pronoun, back)
            if found is not None:
                return found
        return NOBODY

    def _before(self, pronoun: str, back: int) -> Named | None:
        """Return whom a pronoun stands for by the sentence so many before this one; None where it does not tell."""
        gender = HE[pronoun]
        agent = self._agents[-back]
        if agent and agent.person and _fits(agent.person, gender):
            sure = agent.person.gender == gender or back == 1 or not self._others(back, agent)
            return _taken(agent, gender) if sure else NOBODY
        before = self._line(back)
        if re.search(rf"(?i)\b{pronoun}\b", self.text[before.start : before.end]):
            return None  # it leans on another sentence itself
        people = {
            each.person.name: each.person
            for each in self.people.between(before.start, before.end)
            if is_person(each.person) and each.person.gender == gender and not self._owns(each)
        }
        if len(people) == 1:
            return of(next(iter(people.values())))
        return NOBODY if people else None

    def _others(self, back: int, agent: Named) -> bool:
        """Tell whether sentences after the one so many before this name anybody else who may be meant."""
        span = self.people.between(self._line(back - 1).start, self._line(1).end)
        return any(is_person(each.person) and each.person is not agent.person for each in span)

    def _line(self, back: int) -> Line:
        return self.lines[len(self._agents) - back]

    def _near(self, line: Line, back: int, paragraphs: int) -> bool:
        return line.paragraph - self._line(back).paragraph <= paragraphs

    def _owns(self, mention: Mention) -> bool:
        """Tell whether a name is a possessive: Ana Holt's lawyer is not Ana Holt."""
        return re.search(r"['’]s?\Z", self.text[mention.start : mention.end]) is not None


def _taken(who: Named, gender: str) -> Named:
    if who.person and not who.person.gender and not who.person.shared:
        who.person.gender = gender  # as the article has just told
    return who


def _fits(person: Person, gender: str) -> bool:
    return is_person(person) and person.gender in ("", gender)
