"""Who is named in an article, and whom a name, "she" or "the mayor" stands for there."""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from rag.speech.firstnames import MEN, MEN_IN_A, WOMEN
from rag.speech.lines import BLOTS, Reading
from rag.speech.saying import NAMED

_TITLE_WORDS = """
mr mrs ms miss dr sir dame lord lady mayor president vice-president vice minister secretary senator sen rep reps
representative congressman congresswoman gov governor premier chancellor king queen prince princess pope cardinal
archbishop bishop rev reverend father pastor rabbi imam judge justice attorney prosecutor general gen lt lieutenant
col colonel maj major capt captain sgt sergeant cpl cmdr commander adm admiral brigadier chief sheriff deputy
officer detective inspector superintendent constable commissioner councillor cllr councilman councilwoman
councilmember alderman professor prof chairman chairwoman chair chairperson ceo cfo coo cto director manager coach
captain editor speaker leader ambassador spokesman spokeswoman spokesperson analyst actor actress singer rapper
comedian author host presenter striker midfielder defender goalkeeper forward quarterback bandmaster engineer
administrator founder co-founder executive attorney-general solicitor treasurer envoy economist scientist historian
skipper pilot baker driver first democrat republican democratic prime foreign interior defense defence finance
health home state press assistant associate deputy-director acting former ex-president ex-mayor sister brother uncle
aunt cousin wife husband daughter son mother
"""
TITLES = frozenset(_TITLE_WORDS.split())
_HONORIFICS = {"mr": "m", "mrs": "f", "ms": "f", "miss": "f", "sir": "m", "dame": "f", "lord": "m", "lady": "f",
               "king": "m",
               "queen": "f", "prince": "m", "princess": "f", "father": "m", "pope": "m", "congressman": "m",
               "congresswoman": "f", "chairman": "m", "chairwoman": "f", "spokesman": "m", "spokeswoman": "f",
               "actress": "f", "councilman": "m", "councilwoman": "f"}  # fmt: skip
_NO_NAME_WORDS = """
a an the in on at by for from of to with and but or nor so yet if when while as since after before because though
although he she it they we you i his her its their our my your this that these those there here then now who what
where why how which not no yes all some many most more both each every another other others one two three four five
six seven eight nine ten besides asked speaking according meanwhile however also still even just only once during
under over between among despite without monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december today yesterday tomorrow is was are were be
been has have had do does did will would can could should let like unlike via per about around against into through
earlier later last next read watch see related sign photo image video advertisement updated published source
correction
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_ORGS_WORDS = """
party union ministry university college group inc corp council house court committee commission agency department
office bureau board company club association institute foundation center centre bank police service times post news
network government parliament senate congress kremlin army force forces navy hospital school church league team fund
trust society organization organisation alliance federation coalition authority administration organization states
kingdom city county street avenue road river lake island bridge park stadium airport museum hall award awards cup
prize act bill law week day war world america europe china russia ukraine britain england scotland wales ireland
france germany israel iran india reuters bbc cnn nbc abc cbs fox guardian journal tribune herald telegraph magazine
press media radio tv facebook twitter instagram tiktok google apple amazon microsoft meta tesla llc ltd plc partners
capital holdings studios records airlines united athletic rovers wanderers town band campaign history month jazz
lantern courier fc afc street road lane quay harbour harbor square
"""
_ORGS = frozenset(_ORGS_WORDS.split())
_ALIASES = {"gov": "governor", "sen": "senator", "rep": "representative", "cllr": "councillor", "rev": "reverend"}
_APPOSED = re.compile(r", (?:who|the|an?|\d\d)\b| (?:said|says|told)\b")
_ROLE = re.compile(r"(?:er|or|ist|man|woman|ian|ant|hand|ron|ee|person|chief|head|crew)$")
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


def tidy(name: str) -> str:
    """Return a name on one line, without what is blotted out, full stops at its end and the ending of a possessive."""
    bare = re.sub(f"[{BLOTS}]+", " ", name)
    return re.sub(r"['’]s?$", "", " ".join(bare.split()).rstrip(".,&")).rstrip(".,")


def without_title(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Part a run of capitals into what is set before a name, its title, and the name."""
    last = -1
    for place, token in enumerate(tokens[:-1]):
        word = token.lower().rstrip(".,").removesuffix("’s").removesuffix("'s")
        if word in TITLES or re.search(r"-?(?:general|elect|man|woman|chair|leader|director)$", word):
            last = place
            if tokens[place + 1].lower() in {"of", "for"} and place + 3 < len(tokens):
                last = place + 2 + (tokens[place + 2].lower() == "the")
        elif token.endswith(("’s", "'s")):
            last = max(last, place)
    return tokens[: last + 1], tokens[last + 1 :]


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
        parsed = [
            each
            for each, opens in ((self._parted(*run), run[3]) for run in runs)
            if each[3]
            and (
                len(each[3]) > 1
                or not opens
                or each[2]
                or " ".join(each[3]) in inner
                or _APPOSED.match(reading.blotted, each[1])
            )
        ]
        for start, _, titles, name in parsed:
            if len(name) > 1:
                self._add(" ".join(name), start, titles)
        for start, end, titles, name in parsed:
            person = self.named(" ".join(name), start, titles) if name else None
            if person is not None:
                self._learn(person, titles, start, end)
                self.mentions.append(Mention(start, end, person))
        self._starts = [each.start for each in self.mentions]

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
        while last > first and tokens[last - 1][1].lower() in _NO_NAME:
            last -= 1
        kept = tokens[first:last]
        if not kept or kept[-1][1].lower() in TITLES:
            return start, end, [], []
        for word, _ in tokens[:first]:
            start = blotted.index(word, start) + len(word)
        start += len(blotted[start:end]) - len(blotted[start:end].lstrip())
        titles, name = without_title([each for _, each in kept if each])
        if opens and len(name) == 3 and not titles and not gender_of(name[0]):
            if _ROLE.search(name[0]) or gender_of(name[1]):
                titles, name = name[:1], name[1:]
        elif len(name) > 2 and not is_org(" ".join(name)) and gender_of(name[-2]) and not gender_of(name[0]):
            titles, name = [*titles, *name[:-2]], name[-2:]
        return start, end, titles, name

    def _no_name(self, word: str, opens: bool, left: int) -> bool:
        return word.rstrip(".") in _NO_NAME or (opens and left > 2 and word in self._lower and word not in TITLES)

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
            person.gender = _HONORIFICS.get(title.lower().rstrip("."), person.gender)
        said = " ".join(titles)
        if said and said not in person.titles:
            person.titles.append(said)
        person.roles |= {_ALIASES.get(word.lower().strip(".,"), word.lower().strip(".,")) for word in titles}
        blotted = self._reading.blotted
        before = re.search(r"((?:[a-z][\w-]*\s){1,4})\Z", blotted[max(0, start - 60) : start])
        if before:
            person.roles |= {word for word in before[1].split() if _ROLE.search(word) or word in TITLES}
        desc = re.search(
            r"(?:the|The|its|their|his|her|’s|'s)\s([\w\s’'-]{3,60}),\s\Z", blotted[max(0, start - 70) : start]
        )
        if desc:
            person.roles |= {word for word in desc[1].lower().split() if _ROLE.search(word) or word in TITLES}
        after = re.match(
            r",\s(?:who (?:is|was|has been|serves as) |\d+,\s)?"
            r"((?:the|a|an|his|her|its|former|\w+[’']s)?\s?[\w\s’'&-]{3,90})[,.\ue000-\ue003]",
            blotted[end : end + 110],
        )
        new = re.match(
            r" (?:is|was|became|becomes) (?:the|a|an) (?:new |former |first )?([a-z-]+)", blotted[end : end + 60]
        )
        if re.match(r",? (?:who\b|\d\d,)", blotted[end : end + 8]):
            person.roles.add("who")
        if new:
            person.roles.add(new[1])
        if after and not re.search(r"\b(?:said|says|told|and|but|he|she)\b", after[1]):
            person.roles |= (
                set(re.split(r"\s(?:of|for|at|in|from|who|with|on)\s", after[1].lower())[0].split()) - _NO_NAME
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
        wanted = {g for t in titles or [] if (g := _HONORIFICS.get(t.lower().rstrip(".")))}
        if wanted:
            candidates = [each for each in candidates if each.gender in wanted or not each.gender]
        persons = list({self._longer(each).name: self._longer(each) for each in candidates}.values())
        if len(persons) == 1:
            return persons[0]
        if persons and titles:
            roles = {word.lower().strip(".") for word in titles}
            fitting = [each for each in persons if each.roles & roles]
            if len(fitting) == 1:
                return fitting[0]
        return self._add(name, place, titles or [])

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
        found = {
            each.person.name: each.person
            for each in self.mentions[: bisect_left(self._starts, place)]
            if head in each.person.roles and is_person(each.person)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def has_role(self, head: str) -> bool:
        """Tell whether anybody in the article is said to be this."""
        return any(head in each.roles for each in self._known.values())

    def at(self, start: int, end: int) -> Person | None:
        """Return who is named by the last name in [start, end), if it ends there."""
        found = self.between(start, end)
        return found[-1].person if found and found[-1].end >= end - 2 else None


def gender_of(first: str) -> str:
    """Return m or f by a first name, or nothing."""
    word = first.lower()
    if word in MEN or word in WOMEN:
        return "" if word in MEN and word in WOMEN else "m" if word in MEN else "f"
    return "f" if len(word) > 3 and word.endswith("a") and word not in MEN_IN_A else ""


def is_org(name: str) -> bool:
    """Tell whether a name has a word of a body's or place's name."""
    words = name.lower().split()
    return any(word.rstrip("s.,") in _ORGS or word.rstrip(".,") in _ORGS for word in words) or name.isupper()


def is_person(person: Person) -> bool:
    """Tell whether a name may be a human being's."""
    if is_org(person.name) or "of" in person.name.split():
        return False
    role = any(each in TITLES or each == "who" or _ROLE.search(each) for each in person.roles)
    return bool(person.gender or person.titles or role or (" " in person.name and not person.common))
