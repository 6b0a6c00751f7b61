"""Who is named in an article, and whom a name, "she" or "the mayor" stands for there."""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from rag.speech.lines import BLOTS, Reading
from rag.speech.names import (
    HONORIFICS,
    NO_NAME,
    ROLE,
    TITLES,
    ends_in_title,
    gender_of,
    is_org,
    is_title,
    tidy,
    without_title,
)
from rag.speech.saying import NAMED

_ALIASES = {"gov": "governor", "sen": "senator", "rep": "representative", "cllr": "councillor", "rev": "reverend"}
_MONTHS = frozenset(["April", "August", "March", "May", "June"])
_ADDRESSED = frozenset(["mr", "mrs", "ms", "miss", "dr", "sir", "dame", "prof", "professor"])
_APPOSED = re.compile(r", (?:who|the|an?|\d\d)\b| (?:said|says|told)\b")
_DESCRIBED = re.compile(
    r",\s(?:who (?:is|was|has been|serves as) |\d+,\s)?((?:the|a|an|his|her|its|former|\w+[’']s)?\s?[\w\s’'&-]{3,90})"
    r"[,.\ue000-\ue003]"
)
_NAMES = re.compile(rf"(?<![\w’'-]){NAMED}")


@dataclass(slots=True)
class Person:
    """Whoever an article names."""

    name: str
    """The fullest form of it that the article gives."""
    first: int
    """Where it is first named."""
    titles: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    """Lower-case words of what the article says they are."""
    common: bool = False
    """Whether it has a word that the article writes small, too: Silver Band."""
    gender: str = ""
    """m, f, or nothing where it is not known."""
    shared: bool = False
    """Whether it is the surname of several, and it cannot be told whose."""

    @property
    def surname(self) -> str:
        """Return the last word of the name."""
        return self.name.split()[-1]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place at which somebody is named."""

    start: int
    end: int
    person: Person


class People:
    """The people of an article."""

    def __init__(self, reading: Reading) -> None:
        """Find them: full names first, then the surnames that stand for them."""
        self._reading = reading
        self._by_word: dict[str, list[Person]] = defaultdict(list)
        self._known: dict[str, Person] = {}
        self.mentions: list[Mention] = []
        runs = self._runs()
        self._lower = set(re.findall(r"(?<![\w’'-])[a-z][\w’'-]+", reading.blotted))
        inner = {tidy(word) for _, _, words, opens in runs for word in words[opens:]}
        full = (run[2] for run in runs if len(run[2]) > 1)
        self._surnames = {tidy(words[-1]) for words in full if gender_of(tidy(words[-2])) or gender_of(tidy(words[0]))}
        parsed: list[tuple[int, int, list[str], list[str]]] = []
        for run in runs:
            start, end, titles, name = self._parted(*run)
            alone = len(name) == 1 and run[3] and not titles  # a capital that a sentence's beginning may explain
            if name and (not alone or name[0] in inner or _APPOSED.match(reading.blotted, end)):
                parsed.append((start, end, titles, name))
        for start, _, titles, name in parsed:
            if len(name) > 1:
                self._add(" ".join(name), start, titles)
        for start, end, titles, name in parsed:
            person = self.named(" ".join(name), start, titles) if name else None
            if person is not None:
                self._learn(person, titles, start, end)
                self.mentions.append(Mention(start, end, person))
        self._starts = [each.start for each in self.mentions]
        self._roles: dict[str, list[Person]] = defaultdict(list)
        for person in self._known.values():
            for role in person.roles:
                self._roles[role].append(person)

    def _runs(self) -> "list[tuple[int, int, list[str], bool]]":
        blotted = self._reading.blotted
        found = []
        starts = {line.start for line in self._reading.lines}
        for match in _NAMES.finditer(blotted):
            opens = match.start() in starts or bool(
                match.start() and blotted[match.start() - 1 : match.start()] in f"({BLOTS}"
            )
            found.append((match.start(), match.end(), match.group().split(), opens))
        return found

    def _parted(self, start: int, end: int, words: list[str], opens: bool) -> tuple[int, int, list[str], list[str]]:
        """Return where a name begins and ends in a run of capitals, what is set before it, and its words."""
        blotted = self._reading.blotted
        owned = max((place for place, word in enumerate(words[:-1]) if re.search(r"['’]s?$", word)), default=-1)
        first, opens = owned + 1, opens and owned < 0
        tokens = [(word, tidy(word)) for word in words]
        while first < len(tokens) and self._no_name(tokens[first][1].lower(), opens, len(tokens) - first):
            first += 1
        last = len(tokens)
        while last > first and tokens[last - 1][1].lower() in NO_NAME and not self._surname(tokens[first:last], end):
            last -= 1
        kept = tokens[first:last]
        if not kept or (
            ends_in_title([each for _, each in kept]) and (len(kept) > 1 or kept[0][1] not in self._surnames)
        ):
            return start, end, [], []
        for word, _ in tokens[:first]:
            start = blotted.index(word, start) + len(word)
        start += len(blotted[start:end]) - len(blotted[start:end].lstrip())
        titles, name = without_title([each for _, each in kept if each])
        titles = [word if word.endswith(".") else each for word, each in kept if each][: len(titles)]
        if opens and len(name) == 3 and not titles and not gender_of(name[0]):
            if ROLE.search(name[0]) or gender_of(name[1]):
                titles, name = name[:1], name[1:]
        elif len(name) > 2 and gender_of(name[-2]) and (len(name) > 3 or is_title(name[0])):
            titles, name = [*titles, *name[:-2]], name[-2:]
        return start, end, titles, name

    def _surname(self, tokens: list[tuple[str, str]], end: int) -> bool:
        """Tell whether the month that ends a run is somebody's name: Theresa May, Dr Folasade May."""
        if tokens[-1][1] not in _MONTHS or len(tokens) < 2 or re.match(r",? \d", self._reading.blotted[end : end + 3]):
            return False
        return bool(gender_of(tokens[-2][1])) or (len(tokens) > 2 and tokens[-3][1].lower().rstrip(".") in _ADDRESSED)

    def _no_name(self, word: str, opens: bool, left: int) -> bool:
        return word.rstrip(".") in NO_NAME or (opens and left > 2 and word in self._lower and word not in TITLES)

    def _add(self, name: str, place: int, titles: list[str]) -> Person:
        if name in self._known:
            return self._known[name]
        person = Person(name, place)
        words = name.split()
        person.common = any(word.lower() in self._lower for word in words)
        if not is_org(name):
            person.gender = gender_of(words[0])
        self._known[name] = person
        for word in {words[-1], words[0]} if not is_org(name) else {words[-1]}:
            self._by_word[word].append(person)
        if len(words) > 2:
            self._by_word[" ".join(words[-2:])].append(person)
        return person

    def _learn(self, person: Person, titles: list[str], start: int, end: int) -> None:
        for title in titles:
            person.gender = HONORIFICS.get(title.lower().rstrip("."), person.gender)
        if not titles and " " not in person.name and _after_the(self._reading.blotted, start):
            person.common, person.gender = True, ""
        said = " ".join(titles)
        if said and said not in person.titles:
            person.titles.append(said)
        person.roles |= {_ALIASES.get(word.lower().strip(".,"), word.lower().strip(".,")) for word in titles}
        blotted = self._reading.blotted
        before = re.search(r"((?:[a-z][\w-]*\s){1,4})\Z", blotted[max(0, start - 60) : start])
        if before:
            person.roles |= {word for word in before[1].split() if ROLE.search(word) or word in TITLES}
        desc = re.search(
            r"(?:the|The|its|their|his|her|’s|'s)\s([\w\s’'-]{3,60}),\s\Z", blotted[max(0, start - 70) : start]
        )
        if desc:
            person.roles |= {word for word in desc[1].lower().split() if ROLE.search(word) or word in TITLES}
        after = _DESCRIBED.match(blotted, end, end + 110)
        new = re.match(
            r" (?:is|was|became|becomes) (?:the|a|an) (?:new |former |first )?([a-z-]+)", blotted[end : end + 60]
        )
        if re.match(r",? (?:who\b|\d\d,)", blotted[end : end + 8]):
            person.roles.add("who")
        if new:
            person.roles.add(new[1])
        if after and not re.search(r"\b(?:said|says|told|and|but|he|she)\b", after[1]):
            person.roles |= (
                set(re.split(r"\s(?:of|for|at|in|from|who|with|on)\s", after[1].lower())[0].split()) - NO_NAME
            )

    def named(self, name: str, place: int, titles: list[str] | None = None) -> Person | None:
        """Return whom a name stands for at a place; a name that nothing more is known of is a person of its own."""
        name = tidy(name)
        if not name:
            return None
        if name in self._known:
            return self._longer(self._known[name])
        candidates = [each for each in self._by_word.get(name, ()) if each.name != name]
        if not candidates and " " not in name:
            candidates = [
                each for each in self._by_word.get(name.title() if name.isupper() else name, ()) if each.name != name
            ]
        surnames = [each for each in candidates if each.surname == name or " " in name]
        candidates = surnames or candidates
        wanted = {g for t in titles or [] if (g := HONORIFICS.get(t.lower().rstrip(".")))}
        if wanted:
            candidates = [each for each in candidates if each.gender in wanted or not each.gender]
        persons = list({self._longer(each).name: self._longer(each) for each in candidates}.values())
        if len(persons) == 1:
            return persons[0]
        if persons and titles:
            roles = {_ALIASES.get(word.lower().strip("."), word.lower().strip(".")) for word in titles}
            fitting = [each for each in persons if each.roles & roles]
            if len(fitting) == 1:
                return fitting[0]
        shared = self._add(name, place, titles or [])
        shared.shared = len(surnames) > 1 and all(is_person(each) for each in persons)
        return shared

    def _longer(self, person: Person) -> Person:
        """Return the person of the longer form of a name: Joe Biden is Joseph R. Biden only where words agree."""
        words = person.name.split()
        for other in self._by_word.get(words[-1], ()):
            theirs = other.name.split()
            if len(words) > 1 and len(theirs) > len(words) and theirs[-1] == words[-1] and theirs[0] == words[0]:
                return other
        return person

    def between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions within [start, end)."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def with_role(self, head: str, place: int) -> Person | None:
        """Return the one person before a place who is said to be this: "mayor"; None where none or several are."""
        found = [each for each in self._roles.get(head, ()) if each.first < place and is_person(each)]
        return found[0] if len(found) == 1 else None

    def has_role(self, head: str) -> bool:
        """Tell whether anybody in the article is said to be this."""
        return bool(self._roles.get(head))

    def at(self, start: int, end: int) -> Person | None:
        """Return who is named by the last name in [start, end), if it ends there."""
        found = self.between(start, end)
        return found[-1].person if found and found[-1].end >= end - 2 else None


def is_person(person: Person) -> bool:
    """Tell whether a name may be a human being's."""
    if is_org(person.name) or "of" in person.name.split():
        return False
    role = any(each in TITLES or each == "who" or ROLE.search(each) for each in person.roles)
    return bool(person.gender or person.titles or person.shared or role or (" " in person.name and not person.common))


def _after_the(blotted: str, start: int) -> bool:
    """Tell whether "the" stands before a place: the Perpetua is a ship."""
    return blotted[max(0, start - 5) : start].lower().endswith((" the ", "\nthe "))
