"""Reads the words around a verb of saying: the phrase that names whoever speaks, and whom it stands for."""

import re
from typing import NamedTuple

from rag.speech.lines import BLOTS, Line, Reading
from rag.speech.people import TITLES, Mention, People, Person, is_org, is_person, tidy, without_title
from rag.speech.saying import ADVERBS, CAP, STRICT, VERB

_VERBS = re.compile(rf"(?<![\w’'-]){VERB}(?![\w’'-])")
_STRICTLY = re.compile(rf"(?<![\w’'-]){STRICT}(?![\w’'-])")
_ACCORDING = re.compile(r"\b[Aa]ccording to |\bin the words of |\bas told by ")
_STOP = re.compile(
    r"[,;:!?()—–\"]|\.(?=\s|\Z)|\s-\s|\b(?:that|who|whom|whose|which|because|when|while|as|if|although|though|until|unless|where|than|"
    r"but|so|before|after|since|whether|how|what|why|is|are|was|were|had|has|have|be|been|will|would|could|can|may|might|"
    r"whereas|also)\b|[\ue000-\ue003]"
)
_FORWARD = re.compile(
    r"[,;:!?()—–\"]|\.(?=\s|\Z|[\ue000-\ue003])|\s-\s|\s(?:that|who|whom|whose|which|because|when|while|as|if|although|though|until|where|than|but|"
    r"before|after|since|whether|how|what|why|is|are|was|were|had|has|have|will|would|could|in|on|during|at|to|about|"
    r"following|amid|told|said|and)\b"
)
_PREP = re.compile(r"\s(?:of|for|from|at|with|in|on|to|by|about|behind|against|near|inside|outside)\s")
_LEAD = re.compile(
    r"(?:and|but|yet|so|or|then|meanwhile|however|still|that|as|while|when|because|even|also|later|now|today|yesterday|on|"
    r"in|at|last|this|earlier)\s",
    re.IGNORECASE,
)
_RUN = re.compile(
    rf"{CAP}(?:[ \u00a0](?:(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|ibn|al|el|ter) )*"
    rf"(?:{CAP}|[\ue000-\ue003]+(?= [A-Z])))*\Z"
)
_HE = {"he": "m", "she": "f"}
_UNSURE = frozenset(["i", "we", "it", "you", "which", "that", "they", "who", "this", "these", "those", "there"])
_HUMAN = re.compile(
    r"(?:man|woman|men|women|person|mother|father|son|daughter|wife|husband|brother|sister|boy|girl|year-old|singer|actor|"
    r"actress|author|mayor|minister|president|governor|senator|judge|lawyer|attorney|coach|manager|director|captain|pilot|"
    r"player|striker|star|leader|chief|founder|ceo|executive|owner|teacher|student|doctor|professor|engineer|scientist|"
    r"artist|writer|host|presenter|comedian|rapper|musician|journalist|politician|lawmaker|congressman|congresswoman|"
    r"secretary|chairman|chair|premier|chancellor|king|queen|prince|princess|duke|duchess|pope|billionaire|couple|driver|"
    r"councillor|bandmaster|skipper|winner|champion|veteran|official|spokesman|spokeswoman|spokesperson|mogul|legend|"
    r"filmmaker|designer|model|chef|baker|farmer|fisherman|mayor-elect|president-elect|pair|duo|guitarist|frontman)\Z"
)
_BODIES = frozenset(
    ["statement", "report", "letter", "post", "tweet", "email", "interview", "article", "piece", "paper", "message"]
)
_DETERMINED = re.compile(
    r"(?:a|an|the|one|another|some|many|several|two|three|four|other|local|senior|his|her|its|their|most|few|both|all)\s",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"(?:officials|police|residents|witnesses|critics|experts|researchers|scientists|prosecutors|authorities|investigators|"
    r"neighbou?rs|fans|activists|analysts|organi[sz]ers|lawyers|doctors|firefighters|rescuers|protesters|supporters|"
    r"opponents|campaigners|sources|lawmakers|republicans|democrats|economists|parents|teachers|students|workers|people)\Z",
    re.IGNORECASE,
)
_GOING = re.compile(
    r"\b(?:saying|adding|telling|writing|warning|claiming|arguing|insisting|noting|explaining|calling|describing|asking|"
    r"tweeting|declaring|stating|stressing|joking|recalling|suggesting|promising|accusing|posting|urging)\Z"
)
_INVERTED = frozenset(["said", "says", "reported", "reports", "added", "noted", "warned", "wrote"])
_KNOWN_FOR = frozenset(
    [
        "singer",
        "actor",
        "actress",
        "author",
        "star",
        "governor",
        "senator",
        "president",
        "mayor",
        "minister",
        "democrat",
        "republican",
        "lawmaker",
        "player",
        "coach",
        "congressman",
        "congresswoman",
        "comedian",
        "musician",
        "director",
        "founder",
        "councillor",
    ]
)
_BODY_NAME = re.compile(
    rf"(?:[Tt]he )?(?P<name>{CAP}(?: {CAP})*(?: (?:for|of|and|on|the|&)(?: the)? {CAP}(?: {CAP})*)+)"
)
_OWNED = re.compile(rf"{CAP}(?: {CAP})*[’']s? [a-z][\w -]+")
_DAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_FAR = 320
_OPENING = re.compile(
    r"(?:After|Before|In|On|At|During|With|While|As|When|For|By|Following|Despite|Since|Though|Although|Along|From|Over|Under|"
    r"Amid|If|Asked|Speaking|Wearing|Like|Unlike|Once|Until|Because|Besides|Still|Yet|But|And|Meanwhile|Later|Then|Now|So|"
    r"Earlier|Also|However|Today|Yesterday|Even|Additionally)\b(?:[^,.;]{0,160},\s|\s(?=[A-Z]|he\b|she\b|the\b))?\s?"
)
_PRONOUN = re.compile(r"(He|She|he|she)(?=[\s’'])")
_MODIFIERS = re.compile(
    r"(?:(?!(?:of|to|in|for|with|at|from|on|by|about|was|is|are|were|had|has|than|against|over|that|who|which|said|says)\b)"
    r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w-]*|[a-z][\w-]*|\w+[’']s),?\s){0,5}"
)
_ROLE_BETWEEN = re.compile(
    r"(?:’s|'s|’|')?\s(?:[a-z][\w-]*\s){0,3}(?:\w+(?:er|or|man|woman|person|ist|ian|ary)|chief|aide|head|boss|coach|star|chair|"
    r"captain|president|attorney|governor)\s|[’']s?\s"
)
_THE = re.compile(r"[Tt]he (?:[a-z]+ )?([a-z][\w-]+)(?=\s)")
_WITH = re.compile(r"\b(?:with|as) (?P<np>[^,.;\ue000-\ue003]{2,80})\Z")
_WHEN = re.compile(
    rf"\s(?:on |late |early )?(?:{_DAY})(?: (?:morning|afternoon|evening|night))?\Z|"
    r"\s(?:yesterday|today|last (?:week|month|year|night))\Z"
)


class Named(NamedTuple):
    """Whom a phrase names. An empty name: somebody, but it cannot be told who."""

    name: str
    title: str
    person: Person | None


_NOBODY = Named("", "", None)


class Phrases:
    """Reads phrases in one article. What was read of earlier sentences helps with "she" in later ones."""

    def __init__(self, reading: Reading, people: People) -> None:
        """Read in this article, whose people are known."""
        self.text = reading.blotted
        self.lines = reading.lines
        self.people = people
        self._agents: list[Named | None] = []

    def note(self, number: int, line: Line, spoke: Named | None) -> None:
        """Remember who spoke in a sentence, or else whom it is about."""
        del number
        if spoke and spoke.person:
            self._agents.append(spoke)
            return
        subject = self._subject(line)
        self._agents.append(subject)

    def latest(self) -> Named | None:
        """Return who spoke in the last sentence, or whom it is about."""
        return self._agents[-1] if self._agents else None

    def _subject(self, line: Line) -> Named | None:
        """Return whom a sentence is about: who stands at its beginning, after what leads in."""
        begin, end = line.start, min(line.end, line.start + _FAR)
        opening = _OPENING.match(self.text, begin, end)
        if opening:
            begin = opening.end()
        pronoun = _PRONOUN.match(self.text, begin, end)
        if pronoun:
            return self._pronoun(pronoun[1].lower(), line, pronoun.start(1))
        mentions = self.people.between(begin, end)
        mentions = [each for each in mentions if each.start >= begin]
        if mentions and _MODIFIERS.fullmatch(self.text, begin, mentions[0].start):
            place = 0
            while place + 1 < len(mentions) and _ROLE_BETWEEN.fullmatch(
                self.text, mentions[place].end, mentions[place + 1].start
            ):
                place += 1
            if is_person(mentions[place].person) and not self._owns(mentions[place]):
                return self._named(mentions[place])
            return None
        described = _THE.match(self.text, begin, end)
        if described:
            person = self.people.with_role(described[1].lower(), begin)
            if person is not None:
                return Named(person.name, title_of(person), person)
        return None

    def _owns(self, mention: Mention) -> bool:
        """Tell whether a name is a possessive: Ana Holt's lawyer is not Ana Holt."""
        return re.search(r"['’]s?\Z", self.text[mention.start : mention.end]) is not None

    def _named(self, mention: Mention) -> Named:
        return Named(mention.person.name, title_of(mention.person), mention.person)

    # -- where in a sentence somebody is said to speak

    def after(self, line: Line, place: int, *, parted: bool) -> Named | None:  # noqa: C901 - each branch is one way of naming a speaker
        """Return who is named right after a quotation: "…," said Ana Holt; "…," Ana Holt said; "…," she said."""
        end = min(line.end, place + _FAR)
        gap = re.compile(r"[,.—–-]*\s*").match(self.text, place, end)
        begin = gap.end() if gap else place
        if not (self.text[place : place + 1] in {",", "—", "–", "."} or parted):
            return None
        verb = _VERBS.match(self.text, begin, end)
        if verb:
            if verb.group().endswith("ing"):
                return None
            forward = self._forward(verb.end(), end, line)
            if forward is not None:
                return forward
            return None
        according = _ACCORDING.match(self.text, begin, end)
        if according:
            return self._forward(according.end() - 1, end, line)
        for verb in _VERBS.finditer(self.text, begin, end):
            between = self.text[begin : verb.start()]
            if any(char in BLOTS for char in between) or len(between) > 220 or ";" in between:
                return None
            if verb.group().endswith("ing") or self._passive(verb.start()):
                continue
            if re.search(r"(?:^|\s)(?:that|which|when|as|while|because|though|although|if|to|where)\s", between):
                return None
            who = self._backward(begin, verb.start(), line)
            if who is not None:
                return who
        return None

    def ahead(self, line: Line, place: int, short: bool) -> Named | None:  # noqa: C901 - each branch is one way of naming a speaker
        """Return who is said to speak before a quotation: Ana Holt said: "…"; she called it "…"."""
        begin = max(line.start, place - _FAR)
        verbs = list(_VERBS.finditer(self.text, begin, place))
        for verb in reversed(verbs):
            between = self.text[verb.end() : place]
            if short and len(between) > 100:
                return None
            if self._passive(verb.start()):
                continue
            if (
                re.search(
                    r"\b(?:known as|nicknamed|titled|entitled|so-called|named|called)\s*\Z", self.text[begin:place]
                )
                and short
                and not verb.group().startswith(("call", "describ"))
            ):
                return None
            if any(char in BLOTS for char in between) and len(between) > 260:
                return None
            lead = self.text[begin : verb.start()].rstrip()
            if _GOING.search(verb.group()):
                given = _WITH.search(lead)
                who = self._phrase(given["np"], begin + given.start("np"), line) if given else None
                who = who or self._main(line, verb.start())
            elif lead.endswith(",") and re.match(r" [A-Z]", between) and verb.group() in _INVERTED:
                who = self._forward(verb.end(), place, line)
            else:
                who = self._backward(begin, verb.start(), line)
                if who is None and lead.endswith((",", *BLOTS)):
                    who = self._forward(verb.end(), place, line)
                if (
                    who is None
                    and len(between) < 40
                    and re.search(r"\b(?:and|but|has|had|also|then|later)(?: \w+)?\Z", lead)
                ):
                    who = self._subject(line)
            if who is not None:
                return who
        said = _ACCORDING.search(self.text, begin, place)
        if said:
            return self._forward(said.end() - 1, place, line)
        colon = re.search(r":\s*\Z", self.text[begin:place])
        if colon and begin == line.start:
            head = self.text[begin : place - len(colon.group())]
            mentions = self.people.between(begin, place)
            if len(head) < 60 and mentions and mentions[0].start - begin < 30 and is_person(mentions[0].person):
                return self._named(mentions[0])
        return None

    def tail(self, line: Line, place: int) -> Named | None:
        """Return who is named at the end of a sentence: … "…" in a year, Ana Holt said."""
        said = _ACCORDING.search(self.text, place, line.end)
        if said and not re.search(r"\b(?:while|but|whereas)\s|;", self.text[place : said.start()]):
            return self._forward(said.end() - 1, line.end, line)
        for verb in _STRICTLY.finditer(self.text, max(place, line.end - _FAR), line.end):
            if self._passive(verb.start()):
                continue
            comma = max(
                self.text.rfind(", ", place, verb.start()), self.text.rfind(f"{BLOTS[3]} ", place, verb.start())
            )
            if comma < 0:
                continue
            who = self._backward(comma + 2, verb.start(), line)
            if who is not None:
                return who
        return None

    def report(self, number: int, line: Line) -> tuple[int, int, Named | None] | None:
        """Return what of a sentence somebody is said to say outside marks, and who."""
        del number
        end = min(line.end, line.start + 2000)
        said = _ACCORDING.search(self.text, line.start, end)
        if said:
            return line.start, line.end, self._forward(said.end() - 1, end, line)
        for verb in _STRICTLY.finditer(self.text, line.start, end):
            if self._passive(verb.start()):
                continue
            begin = max(line.start, verb.start() - _FAR)
            who = self._backward(begin, verb.start(), line)
            rest = self.text[verb.end() : end].strip(" .")
            before = self.text[line.start : verb.start()]
            if who is None:
                before_is_claim = before.rstrip().endswith((",", *BLOTS))
                who = self._forward(verb.end(), end, line) if before_is_claim else None
                if who is not None:
                    return line.start, line.end, who
                continue
            if len(rest) < 30 and "," in before:
                return line.start, line.end, who
            return verb.end(), line.end, who
        return None

    # -- phrases

    def _passive(self, place: int) -> bool:
        before = self.text[max(0, place - 30) : place]
        return bool(
            re.search(
                r"\b(?:is|are|was|were|be|been|being|to|the|a|an|their|his|her|its|my|your|our|often)\s(?:\w+ly\s)?\Z",
                before,
            )
        )

    def _main(self, line: Line, place: int) -> Named | None:
        """Return the subject of the main clause before "…, saying": whoever is said to speak there, or it is about."""
        begin = max(line.start, place - _FAR)
        for verb in _VERBS.finditer(self.text, begin, place):
            if verb.group().endswith("ing") or self._passive(verb.start()):
                continue
            who = self._backward(begin, verb.start(), line)
            if who is not None:
                return who
        opening = re.compile(r"(?:[^,.;]{0,60}, )?(He|She|he|she)\b").match(
            self.text, line.start, min(place, line.start + 90)
        )
        if opening:
            return self._pronoun(opening[1].lower(), line, opening.start(1))
        people = [each for each in self.people.between(line.start, place) if is_person(each.person)]
        names = {each.person.name for each in people}
        return self._named(people[0]) if len(names) == 1 else None

    def _forward(self, place: int, end: int, line: Line) -> Named | None:
        """Read the phrase that begins at a place: after "said", after "according to"."""
        begin = place + (self.text[place : place + 1] == " ")
        stop = _FORWARD.search(self.text, begin, end)
        while (
            stop
            and stop.group() == "."
            and re.search(
                r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Lt|Sgt|Capt|Gen|Col|Cllr|St|Jr|Sr))\Z",
                self.text[begin : stop.start()],
            )
        ):
            stop = _FORWARD.search(self.text, stop.end(), end)
        finish = stop.start() if stop else end
        phrase = self.text[begin:finish].rstrip(f" {BLOTS}")
        if not phrase or _PREP.match(f" {phrase} ") or phrase[0] in BLOTS:
            return None
        apposed = ""
        if stop and stop.group() == ",":
            rest = re.compile(
                rf",\s({CAP}(?:\s(?:(?:de|van|von|der|la|bin|al)\s)*{CAP}){{1,3}})(?=[,.;\s{BLOTS}]|\Z)"
            ).match(self.text, stop.start(), end)
            apposed = rest[1] if rest and not re.search(r"[A-Z]", phrase.split()[-1][:1]) else ""
        if apposed and stop:
            return self._phrase(apposed, stop.end() + 1, line)
        return self._phrase(phrase, begin, line)

    def _backward(self, begin: int, verb: int, line: Line) -> Named | None:  # noqa: C901 - each branch is one way of naming a speaker
        """Read the phrase that ends before a verb of saying."""
        strip = ADVERBS.search(self.text, max(begin, verb - 60), verb)
        end = strip.start() if strip else verb
        head = self.text[begin:end]
        comma = "," in self.text[end:verb]
        if comma:
            return self._apposed(head, begin, line)
        cut = 0
        for match in _STOP.finditer(head):
            if match.group() == "." and re.search(
                r"(?:\b[A-Z]|\b[a-z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Lt|Sgt|Capt|Gen|Col|Cllr|St|Jr|Sr))\Z",
                head[: match.start()],
            ):
                continue
            if (
                match.group() in BLOTS
                and head[match.end() : match.end() + 1] == " "
                and head[match.end() + 1 : match.end() + 2].isupper()
                and head[: match.start()].rstrip(BLOTS).rstrip()[-1:].isalpha()
                and re.search(rf"{CAP} [{BLOTS}]+\Z", head[: match.end()])
            ):
                continue  # Dwayne "The Rock" Johnson
            cut = match.end() if match.group() not in {"who", "which"} else match.start()
        phrase = head[cut:]
        offset = len(phrase) - len(phrase.lstrip())
        phrase = phrase.strip()
        if not phrase:
            return None
        if phrase.startswith(("who ", "which ")):
            offset += phrase.index(" ") + 1
            phrase = phrase.partition(" ")[2]
        if phrase in {"who", "which"}:
            before = head[:cut].rstrip(" ,")
            if not before:
                return None
            return self._backward_plain(begin, begin + len(before), line)
        if head[:cut].endswith(",") and (
            re.match(r"(?:an?|the) [a-z]", phrase) or (_PREP.search(phrase) and phrase.startswith("the "))
        ):
            named = self._backward_plain(begin, begin + cut - 1, line)
            if named is not None and named.person is not None and is_person(named.person):
                return named
        return self._phrase(phrase, begin + cut + offset, line)

    def _backward_plain(self, begin: int, end: int, line: Line) -> Named | None:
        """Return whoever a phrase at this end names, if it is a person by name."""
        near = self.text[max(begin, end - 80) : end]
        run = _RUN.search(near) or re.search(r"\b(?:an?|the) (?:[\w-]+ )?[\w-]+\Z", near)
        if not run:
            return None
        return self._phrase(run.group(), end - len(run.group()), line)

    def _apposed(self, head: str, begin: int, line: Line) -> Named | None:
        """Read "Ana Holt, the mayor," and "The mayor, Ana Holt,"."""
        parts: list[tuple[int, str]] = []
        place = 0
        for match in re.finditer(r",\s", head):
            parts.append((place, head[place : match.start()]))
            place = match.end()
        parts.append((place, head[place:]))
        for offset, part in reversed(parts[-5:]):
            bare = part
            if len(parts) > 1 and offset and re.match(r"(?:an?|the) [^,]*\Z", bare) and re.match(r"an? ", bare):
                continue
            while lead := _LEAD.match(bare):
                offset += lead.end()
                bare = bare[lead.end() :]
            run = _RUN.search(bare)
            if (
                run
                and len(bare.split()) <= 9
                and not _PREP.search(f" {bare[: run.start()]}")
                and not re.search(r"\b(?:who|whose|which|that|where|and)\b|[.]\s", bare[: run.start()])
            ):
                who = self._phrase(bare, begin + offset, line)
                if who is not None and (who.person is None or is_person(who.person)):
                    return who
            if bare.lower() in _HE:
                return self._phrase(bare, begin + offset, line)
        offset, part = parts[0] if len(parts) == 1 else parts[-2]
        if _DETERMINED.match(part) and len(part.split()) <= 12:
            return self._phrase(part, begin + offset, line)
        return None

    def _phrase(self, phrase: str, place: int, line: Line) -> Named | None:  # noqa: C901 - each branch is one way of naming a speaker
        """Return whom a phrase at a place stands for; None where it is no phrase that names a speaker."""
        while lead := _LEAD.match(phrase):
            phrase, place = phrase[lead.end() :], place + lead.end()
        phrase = _WHEN.sub("", phrase)
        lower = phrase.lower()
        words = phrase.split()
        if not words or len(words) > 24:
            return None
        if lower in _HE:
            return self._pronoun(lower, line, place)
        if lower in _UNSURE or words[-1].lower() in {"i", "we", "they", "you", "it", "which", "who", "this"}:
            return _NOBODY if lower in {"they", "we", "it"} else None
        if words[-1] in _HE:
            return self._pronoun(words[-1], line, place + len(phrase) - len(words[-1]))
        body = _BODY_NAME.fullmatch(phrase)
        if body and is_org(body["name"]):
            return Named(body["name"], "", None)
        core = _PREP.split(f"{phrase} ", maxsplit=1)[0].strip()
        run = _RUN.search(core)
        if run:
            before = core[: run.start()].split()
            if "and" in before or any(word.lower() in {"and"} for word in before):
                return _NOBODY
            tokens = [tidy(token) or token for token in run.group().split() if token.strip(BLOTS)]
            while tokens and (
                tokens[0].lower()
                in {
                    "the",
                    "a",
                    "an",
                    "on",
                    "in",
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                    "both",
                    "but",
                    "and",
                }
            ):
                tokens = tokens[1:]
            titles, name = without_title(tokens)
            if not name:
                return None
            person = self.people.at(place + run.start(), place + run.end())
            if person is not None:
                return Named(person.name, title_of(person), person)
            if name[-1].lower() in TITLES and len(name) == 1 and not titles:
                return self._described(phrase, name[-1].lower(), place, line)
            person = self.people.named(" ".join(name), place, titles)
            if person is None:
                return None
            given = " ".join([*(w for w in before if w.lower() not in {"the", "a", "an"}), *titles]) if titles else ""
            return Named(person.name, title_of(person) or given, person)
        return self._described(phrase, core.split()[-1].lower() if core.split() else lower, place, line)

    def _described(self, phrase: str, head: str, place: int, line: Line) -> Named | None:  # noqa: C901 - each branch is one way of naming a speaker
        """Return whom "the mayor" stands for; a body and somebody unnamed stay as they are."""
        lower = phrase.lower()
        if re.search(r"\d", head) and not head.endswith("year-old"):
            return None
        if _VERBS.fullmatch(head) and head not in _BODIES:
            return None
        definite = lower.startswith("the ") and not _PREP.search(lower)
        if definite and head not in _BODIES:
            last = self._last(line)
            bare = head.removesuffix("-elect")
            party = bare in {"democrat", "republican"}
            if last and last.person and (party or {head, bare} & last.person.roles):
                return last
            if party:
                return _NOBODY
            person = self.people.with_role(head, place) or self.people.with_role(bare, place)
            if person is not None:
                return Named(person.name, title_of(person), person)
            if _HUMAN.search(head):
                known_for = head in _KNOWN_FOR and not self.people.has_role(head)
                free = last and last.person and (head.endswith("year-old") or not last.person.roles or known_for)
                return last if free else _NOBODY
        elif _HUMAN.search(head) and lower.startswith(("his ", "her ", "their ")):
            return Named(phrase, "", None)
        if (
            _OWNED.fullmatch(phrase)
            or _DETERMINED.match(phrase)
            or _PLURAL.search(head)
            or _PLURAL.search(phrase.split()[0])
        ):
            if any(char in BLOTS for char in phrase):
                return None
            return Named(" ".join(phrase.split()), "", None)
        return None

    def _last(self, line: Line) -> Named | None:
        count = len(self._agents)
        for back in range(1, 3):
            if (
                count >= back
                and self._agents[count - back] is not None
                and line.paragraph - self.lines[count - back].paragraph <= 1
            ):
                return self._agents[count - back]
        return None

    def _pronoun(self, pronoun: str, line: Line, place: int) -> Named | None:
        """Return whom "he" or "she" stands for: the subject of this sentence or of the last ones that fits."""
        gender = _HE[pronoun]
        here = [
            each
            for each in self.people.between(line.start, place)
            if self._fits(each.person, gender) and not self._owns(each)
        ]
        sure = [each for each in here if each.person.gender == gender]
        if sure:
            return self._taken(self._named(sure[0]), gender)
        if here and _MODIFIERS.fullmatch(self.text, line.start, here[0].start):
            return self._taken(self._named(here[0]), gender)
        count = len(self._agents)
        for back in range(1, 6):
            if count < back or line.paragraph - self.lines[count - back].paragraph > 2:
                break
            agent = self._agents[count - back]
            if agent and agent.person and self._fits(agent.person, gender):
                plain = agent.person.gender == gender or back == 1 or not self._others(count - back + 1, count, agent)
                return self._taken(agent, gender) if plain else _NOBODY
            before = self.lines[count - back]
            people = {
                each.person.name: each
                for each in self.people.between(before.start, before.end)
                if is_person(each.person) and each.person.gender == gender
            }
            if len(people) == 1:
                return self._taken(self._named(next(iter(people.values()))), gender)
            if people:
                return _NOBODY
        return _NOBODY

    def _others(self, first: int, last: int, agent: Named) -> bool:
        """Tell whether the sentences [first, last) name anybody else who may be meant."""
        span = self.people.between(self.lines[first].start, self.lines[last - 1].end) if first < last else []
        return any(is_person(each.person) and each.person is not agent.person for each in span)

    def _taken(self, who: Named, gender: str) -> Named:
        if who.person and not who.person.gender:
            who.person.gender = gender
        return who

    @staticmethod
    def _fits(person: Person, gender: str) -> bool:
        return is_person(person) and person.gender in ("", gender)


def title_of(person: Person) -> str:
    """Return the first title that the article gives a person, without mere courtesy where there is another."""
    courtesy = {"mr", "mrs", "ms", "miss"}
    return next((each for each in person.titles if each.lower().rstrip(".") not in courtesy), "")
