"""Reads the phrase that names whoever speaks, before or behind a verb of saying, and tells whom it stands for."""

import re

from rag.speech.lines import BLOTS, Line
from rag.speech.names import TITLES, ends_in_title, is_org, is_title, tidy, without_title
from rag.speech.people import is_person
from rag.speech.referents import HE, NO_SPEAKERS, NOBODY, Named, Referents, of, title_of
from rag.speech.saying import ADVERBS, CAP, RUN, VERB

_CLAUSE = (
    r"that|who|whom|whose|which|because|when|while|as|if|although|though|until|unless|where|than|but|so|before|after|"
    r"since|whether|how|what|why|is|are|was|were|had|has|have|will|would|could"
)
_STOP = re.compile(
    rf"[,;:!?()—–\"]|\.(?=\s|\Z)|\s-\s|\b(?:{_CLAUSE}|be|been|can|may|might|whereas|also)\b|[\ue000-\ue003]"
)
_FORWARD = re.compile(
    rf"[,;:!?()—–\"]|\.(?=\s|\Z|[\ue000-\ue003])|\s-\s|\s(?:{_CLAUSE}|in|on|during|at|to|about|following|amid|told|said|"
    r"and)\b"
)
_SHORT = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Lt|Sgt|Capt|Gen|Col|Cllr|St|Jr|Sr))\Z")
_PREP = re.compile(r"\s(?:of|for|from|at|with|in|on|to|by|about|behind|against|near|inside|outside)\s")
_LEAD = re.compile(
    r"(?:and|but|yet|so|or|then|meanwhile|however|still|that|as|while|when|because|even|also|later|now|today|yesterday|"
    r"on|in|at|last|this|earlier)\s",
    re.IGNORECASE,
)
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_WHEN = re.compile(
    rf"\s(?:(?:on |late |early )?(?:{_DAYS})(?: (?:morning|afternoon|evening|night))?|yesterday|today|"
    r"last (?:week|month|year|night))\Z"
)
_NO_BEGINNING = re.compile(rf"(?:the|an?|on|in|both|but|and|{_DAYS})\Z", re.IGNORECASE)
_APPOSED = re.compile(rf",\s({CAP}(?:\s(?:(?:de|van|von|der|la|bin|al)\s)*{CAP}){{1,3}})(?=[,.;\s{BLOTS}]|\Z)")
_HUMAN = re.compile(
    r"(?:man|woman|men|women|person|mother|father|son|daughter|wife|husband|brother|sister|boy|girl|year-old|singer|"
    r"actor|actress|author|mayor|minister|president|governor|senator|judge|lawyer|attorney|coach|manager|director|"
    r"captain|pilot|player|striker|star|leader|chief|founder|ceo|executive|owner|teacher|student|doctor|professor|"
    r"engineer|scientist|artist|writer|host|presenter|comedian|rapper|musician|journalist|politician|lawmaker|"
    r"congressman|congresswoman|secretary|chairman|chair|premier|chancellor|king|queen|prince|princess|duke|duchess|"
    r"pope|billionaire|couple|driver|councillor|bandmaster|skipper|winner|champion|veteran|official|mogul|legend|"
    r"filmmaker|designer|model|chef|baker|farmer|fisherman|mayor-elect|president-elect|pair|duo|guitarist|frontman)\Z"
)
_KNOWN_FOR = re.compile(
    r"(?:singer|actor|actress|author|star|governor|senator|president|mayor|minister|lawmaker|player|coach|"
    r"congressman|congresswoman|comedian|musician|director|founder|councillor)\Z"
)
_LOWER = {"vice", "deputy", "assistant", "shadow"}
_RANKS = _LOWER | {"prime", "foreign", "interior", "defense", "defence", "finance", "health", "home"}
"""What tells one minister or president from another."""
_PAPER = re.compile(r"(?:paper|newspaper|magazine|site|website|outlet|broadcaster|agency)\Z")
_WRITTEN = re.compile(r"(?:statement|report|letter|post|tweet|email|interview|article|piece|message)\Z")
_DETERMINED = re.compile(
    r"(?:a|an|the|one|another|some|many|several|two|three|four|other|local|senior|his|her|its|their|most|few|both|all)\s",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"(?:officials|police|residents|witnesses|critics|experts|researchers|scientists|prosecutors|authorities|"
    r"investigators|neighbou?rs|fans|activists|analysts|organi[sz]ers|lawyers|doctors|firefighters|rescuers|protesters|"
    r"supporters|opponents|campaigners|sources|lawmakers|republicans|democrats|economists|parents|teachers|students|"
    r"workers|people)\Z",
    re.IGNORECASE,
)
_ON_BEHALF = re.compile(r"\b(?:for|of|to|from|with|by|representing)\s\Z")  # "a spokesman for Ana Holt" is not she
_ROLE_BEFORE = re.compile(
    r"\s(?:[a-z][\w-]*(?:er|or|man|woman|person|ist|ian|ary|more|ent)|chief|aide|head|coach|star|chair|captain)\s\Z"
)
_JOINED = re.compile(r" (?:for|of|and|on|the|&) ")
_BODY = re.compile(rf"(?:[Tt]he )?(?P<name>{CAP}(?: {CAP})*(?:(?: (?:for|of|and|on|the|&)){{1,2}} {CAP}(?: {CAP})*)+)")
_OWNED = re.compile(rf"{CAP}(?: {CAP})*[’']s? [a-z][\w -]+")
_NICKNAMED = re.compile(rf"{CAP} [{BLOTS}]+\Z")
_VERB = re.compile(VERB)
_MOST_WORDS = 24


class Phrases:
    """Reads phrases in one article."""

    def __init__(self, referents: Referents) -> None:
        """Read in the article whose referents these are."""
        self.text = referents.text
        self.referents = referents
        self.people = referents.people

    def forward(self, place: int, end: int, line: Line) -> Named | None:
        """Read the phrase that begins at a place: after "said", after "according to"."""
        begin = place + (self.text[place : place + 1] == " ")
        stop = _FORWARD.search(self.text, begin, end)
        while stop and stop.group() == "." and _SHORT.search(self.text[begin : stop.start()]):
            stop = _FORWARD.search(self.text, stop.end(), end)
        phrase = self.text[begin : stop.start() if stop else end].rstrip(f" {BLOTS}")
        if not phrase or _PREP.match(f" {phrase} ") or phrase[0] in BLOTS:
            return None
        if stop and stop.group() == "," and not phrase.split()[-1][:1].isupper():
            apposed = _APPOSED.match(self.text, stop.start(), end)  # said the mayor, Ana Holt
            if apposed:
                return self.named(apposed[1], apposed.start(1), line)
        return self.named(phrase, begin, line)

    def backward(self, begin: int, verb: int, line: Line) -> Named | None:
        """Read the phrase that ends before a verb of saying."""
        strip = ADVERBS.search(self.text, max(begin, verb - 60), verb)
        end = strip.start() if strip else verb
        head = self.text[begin:end]
        if "," in self.text[end:verb]:
            return self._apposed(head, begin, line)
        cut = _cut(head)
        phrase = head[cut:].lstrip()
        place = begin + len(head) - len(phrase)
        phrase = phrase.strip()
        if phrase.startswith(("who ", "which ")):
            place += phrase.index(" ") + 1
            phrase = phrase.partition(" ")[2]
        before = head[:cut].rstrip(" ,")
        if phrase in {"who", "which"}:
            return self._at_end(begin, begin + len(before), line) if before else None
        if head[:cut].endswith(",") and re.match(r"(?:an?|the) [a-z]|the .*\b(?:of|for|at) ", phrase):
            named = self._at_end(begin, begin + cut - 1, line)  # Ana Holt, the mayor of Varrowmouth said
            if named is not None and named.person is not None and is_person(named.person):
                return named
        return self.named(phrase, place, line) if phrase else None

    def _at_end(self, begin: int, end: int, line: Line) -> Named | None:
        """Return whoever is named at this end: a name, or "a man"."""
        near = self.text[max(begin, end - 80) : end]
        run = RUN.search(near) or re.search(r"\b(?:an?|the) (?:[\w-]+ )?[\w-]+\Z", near)
        return self.named(run.group(), end - len(run.group()), line) if run else None

    def _apposed(self, head: str, begin: int, line: Line) -> Named | None:
        """Read "Ana Holt, the mayor," and "The mayor, Ana Holt,"."""
        places = [0, *(match.end() for match in re.finditer(r",\s", head))]
        ends = [*(place - 2 for place in places[1:]), len(head)]
        parts = [(place, head[place:end]) for place, end in zip(places, ends, strict=True)]
        for offset, part in reversed(parts[-5:]):
            if offset and re.match(r"an? ", part):
                continue
            bare = part
            while lead := _LEAD.match(bare):
                offset, bare = offset + lead.end(), bare[lead.end() :]
            if bare.lower() in HE:
                return self.named(bare, begin + offset, line)
            if not re.match(r"(?:of|for|with|at|in) ", bare):
                bare = _PREP.split(f"{bare} ", maxsplit=1)[0].strip()
            run = RUN.search(bare)
            clause = run and re.search(r"\b(?:who|whose|which|that|where|and)\b|[.]\s", bare[: run.start()])
            if run and not clause and len(bare.split()) <= 9 and not _PREP.search(f" {bare[: run.start()]}"):
                who = self.named(bare, begin + offset, line)
                if who is not None and (who.person is None or is_person(who.person)):
                    return who
        offset, part = parts[0] if len(parts) == 1 else parts[-2]
        if _DETERMINED.match(part) and len(part.split()) <= 12:
            return self.named(part, begin + offset, line)
        return None

    def named(self, phrase: str, place: int, line: Line) -> Named | None:
        """Return whom a phrase at a place stands for; None where it is no phrase that names a speaker."""
        while lead := _LEAD.match(phrase):
            phrase, place = phrase[lead.end() :], place + lead.end()
        phrase = _WHEN.sub("", phrase)
        words = phrase.split()
        if not words or len(words) > _MOST_WORDS:
            return None
        last = words[-1].lower()
        if last in HE:
            return self.referents.pronoun(last, line, place + len(phrase) - len(last))
        if last in NO_SPEAKERS:
            return self.referents.body(line, last) if phrase.lower() in {"they", "it"} else None
        behind = self.people.between(place, place + len(phrase))
        ends = bool(behind) and behind[-1].end >= place + len(phrase) - 1
        before = phrase[: behind[-1].start - place] if ends else ""
        if ends and _ROLE_BEFORE.search(before) and not _ON_BEHALF.search(before):
            return of(behind[-1].person)
        body = _BODY.fullmatch(phrase)
        if body and is_org(_JOINED.split(body["name"])[0]):
            return Named(body["name"], "", None)
        return self._core(phrase, place, line)

    def _core(self, phrase: str, place: int, line: Line) -> Named | None:
        """Return whom the part of a phrase before any preposition names: Ana Holt of Varrowmouth."""
        core = _PREP.split(f"{phrase} ", maxsplit=1)[0].strip()
        words = core.split()
        run = RUN.search(core)
        if run is None:
            return self._described(phrase, words[-1].lower() if words else phrase.lower(), place, line)
        if words[-1].lower() in TITLES and len(core) < len(phrase):
            person = self.people.at(place, place + len(phrase))  # Minister for Health Ana Holt
            if person is not None and is_person(person):
                return of(person)
        if "and" in core[: run.start()].split():
            return NOBODY
        tokens = [tidy(token) or token for token in run.group().split() if token.strip(BLOTS)]
        while tokens and _NO_BEGINNING.match(tokens[0]):
            tokens = tokens[1:]
        titles, name = without_title(tokens)
        if not name:
            return None
        person = self.people.at(place + run.start(), place + run.end())
        if person is not None:
            return of(person)
        if ends_in_title(name):
            return self._described(phrase, name[-1].lower(), place, line)
        person = self.people.named(" ".join(name), place, titles)
        given = " ".join(titles)
        return Named(person.name, title_of(person) or (given if is_title(given) else ""), person) if person else None

    def _described(self, phrase: str, head: str, place: int, line: Line) -> Named | None:
        """Return whom "the mayor" stands for; a body and somebody unnamed stay as they are."""
        lower = phrase.lower()
        written = _WRITTEN.match(head) is not None
        if (re.search(r"\d", head) and not head.endswith("year-old")) or (_VERB.fullmatch(head) and not written):
            return None
        if lower.startswith("the ") and not _PREP.search(lower) and not written:
            known = self._definite(phrase, head, place, line)
            if known is not None:
                return known
        unnamed = (_OWNED.fullmatch(phrase), _DETERMINED.match(phrase), _PLURAL.search(head))
        if not any(unnamed) and not _PLURAL.match(phrase.split()[0]):
            return None
        return None if any(char in BLOTS for char in phrase) else Named(" ".join(phrase.split()), "", None)

    def _definite(self, phrase: str, head: str, place: int, line: Line) -> Named | None:
        """Return whom "the mayor" stands for; None for what is no person, NOBODY where it cannot be told."""
        last = self.referents.last(line)
        bare = head.removesuffix("-elect")
        party = bare in {"democrat", "republican"}
        rank = {word for word in phrase.lower().split() if word in _RANKS}
        if last and last.person and (party or _ranked({head, bare}, rank, last.person.roles)):
            return last
        if party:
            return NOBODY
        person = self.people.with_role(head, place) or self.people.with_role(bare, place)
        if person is not None and _ranked({head, bare}, rank, person.roles):
            return of(person)
        if _PAPER.match(head):
            paper = self.referents.body(line, "it")
            return paper if paper.name[:1].isupper() else Named(phrase, "", None)
        if not _HUMAN.search(head):
            return None
        known_for = head.endswith("year-old") or (_KNOWN_FOR.match(head) and not self.people.has_role(head))
        return last if last and last.person and (known_for or not last.person.roles) else NOBODY


def _ranked(heads: set[str], rank: set[str], roles: set[str]) -> bool:
    """Tell whether somebody of these roles is the one: "the prime minister" is no foreign minister, and no deputy."""
    return bool(heads & roles) and rank <= roles and (bool(rank) or not roles & _LOWER)


def _cut(head: str) -> int:
    """Return where in the text before a verb its subject begins, at the earliest."""
    cut = 0
    for match in _STOP.finditer(head):
        if match.group() == "." and (_SHORT.search(head[: match.start()]) or head[: match.start()][-2:-1] in " ."):
            continue
        named_next = head[match.end() + 1 : match.end() + 2].isupper()
        if match.group() in BLOTS and named_next and _NICKNAMED.search(head[: match.end()]):
            continue  # Dwayne "The Rock" Johnson
        cut = match.start() if match.group() in {"who", "which"} else match.end()
    return cut
