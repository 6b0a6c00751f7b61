"""Where in a sentence somebody is said to say something, and what of it: around a quotation, or in indirect speech."""

import re

from rag.speech.lines import BLOTS, Line
from rag.speech.people import is_person
from rag.speech.phrases import Phrases
from rag.speech.referents import Named, of
from rag.speech.saying import STRICT, TRANSITIVE, VERB

_VERBS = re.compile(rf"(?<![\w’'-]){VERB}(?![\w’'-])")
_STRICTLY = re.compile(rf"(?<![\w’'-]){STRICT}(?![\w’'-])")
_ACCORDING = re.compile(r"\b[Aa]ccording to |\bin the words of |\bas told by ")
_GAP = re.compile(r"[,.—–-]*\s*")
_OTHER_CLAUSE = re.compile(r"(?:^|\s)(?:that|which|when|as|while|because|though|although|if|to|where)\s")
_CONTRAST = re.compile(r"\b(?:while|but|whereas)\s|;")
_NO_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|to|the|a|an|their|his|her|its|my|your|our|often|recent|such|new|other|these|"
    r"those|several|many|of|for|in|with|any|no|\w+[’']s)\s(?:\w+ly\s)?\Z"
)
"""Stands before what looks like a verb of saying and is a noun, or passive: "the claims", "is said to"."""
_KNOWN_AS = re.compile(r"\b(?:known as|nicknamed|titled|entitled|so-called|named|called)\s*\Z")
_WITH = re.compile(r"\b(?:with|as) (?P<np>[^,.;\ue000-\ue003]{2,80})\Z")
_COORDINATED = re.compile(r"\b(?:and|but|has|had|also|then|later)(?: \w+)?\Z")
_HE_BEGINS = re.compile(r"(?:[^,.;]{0,60}, )?(He|She|he|she)\b")
_INVERTED = re.compile(r"(?:said|says|reported|reports|added|noted|warned|wrote)\Z")
_GIVEN = re.compile(r"(?:dubbed|deemed|branded|labell?ed)\Z")
_FAR = 320
_LONGEST_SUBJECT = 220
_PARTS_APART = 260
_SHORT_APART = 100
_READ = 2000
"""Characters of a sentence that are read for what it reports."""


class Clauses:
    """Reads clauses of saying in one article."""

    def __init__(self, phrases: Phrases) -> None:
        """Read in the article of these phrases."""
        self.text = phrases.text
        self.phrases = phrases
        self.referents = phrases.referents

    def after(self, line: Line, place: int, *, parted: bool) -> Named | None:
        """Return who is named right after a quotation: "…," said Ana Holt; "…," Ana Holt said; "…," she said."""
        if not parted and self.text[place : place + 1] not in {",", "—", "–", "."}:
            return None
        end = min(line.end, place + _FAR)
        gap = _GAP.match(self.text, place, end)
        begin = gap.end() if gap else place
        if verb := _VERBS.match(self.text, begin, end):
            no_speaker = verb.group().endswith("ing") or TRANSITIVE.match(verb.group())
            return None if no_speaker else self.phrases.forward(verb.end(), end, line)
        if according := _ACCORDING.match(self.text, begin, end):
            return self.phrases.forward(according.end() - 1, end, line)
        for verb in _VERBS.finditer(self.text, begin, end):
            between = self.text[begin : verb.start()]
            if len(between) > _LONGEST_SUBJECT or any(char in between for char in f"{BLOTS};"):
                return None
            if verb.group().endswith("ing") or self._no_verb(verb.start()):
                continue
            if _OTHER_CLAUSE.search(between):
                return None
            who = self.phrases.backward(begin, verb.start(), line)
            if who is not None:
                return who
        return None

    def ahead(self, line: Line, place: int, *, short: bool) -> Named | None:
        """Return who is said to speak before a quotation: Ana Holt said: "…"; she called it "…"."""
        begin = max(line.start, place - _FAR)
        for verb in reversed(list(_VERBS.finditer(self.text, begin, place))):
            between = self.text[verb.end() : place]
            apart = len(between)
            if (short and apart > _SHORT_APART) or (apart > _PARTS_APART and any(char in BLOTS for char in between)):
                return None
            if self._no_verb(verb.start()):
                continue
            if short and _KNOWN_AS.search(self.text[begin:place]) and not verb.group().startswith(("call", "descr")):
                return None
            who = self._before(begin, verb, place, line)
            if who is not None:
                return who
        if said := _ACCORDING.search(self.text, begin, place):
            return self.phrases.forward(said.end() - 1, place, line)
        return self._before_colon(line, place)

    def _before(self, begin: int, verb: re.Match[str], place: int, line: Line) -> Named | None:
        """Return the subject of a verb of saying that stands before a quotation at `place`."""
        lead = self.text[begin : verb.start()].rstrip()
        between = self.text[verb.end() : place]
        if verb.group().endswith("ing"):
            given = _WITH.search(lead)  # with the agency calling it "…"
            who = self.phrases.named(given["np"], begin + given.start("np"), line) if given else None
            return who or self._main(line, verb.start())
        if lead.endswith(",") and between[1:2].isupper() and _INVERTED.match(verb.group()):
            return self.phrases.forward(verb.end(), place, line)
        if lead.endswith(",") and _GIVEN.match(verb.group()):
            return None  # a deal, dubbed Project Quill, …
        who = self.phrases.backward(begin, verb.start(), line)
        if who is None and lead.endswith((",", *BLOTS)) and not TRANSITIVE.match(verb.group()):
            who = self.phrases.forward(verb.end(), place, line)
        if who is None and len(between) < 40 and _COORDINATED.search(lead):
            who = self.referents.subject(line)
        return who

    def _before_colon(self, line: Line, place: int) -> Named | None:
        """Return who is named at the beginning of a short line that ends in a colon: HOLT: "…"."""
        head = self.text[line.start : min(place, line.start + 70)].rstrip()
        people = self.phrases.people.between(line.start, place)
        if place - line.start > 62 or not head.endswith(":") or not people or people[0].start - line.start > 30:
            return None
        return of(people[0].person) if is_person(people[0].person) else None

    def tail(self, line: Line, place: int) -> Named | None:
        """Return who is named later in a sentence: … "…" in a year, Ana Holt said."""
        said = _ACCORDING.search(self.text, place, line.end)
        if said and not _CONTRAST.search(self.text[place : said.start()]):
            return self.phrases.forward(said.end() - 1, line.end, line)
        for verb in _STRICTLY.finditer(self.text, place, min(line.end, place + _FAR)):
            lead = self.text[place : verb.start()].rstrip()
            if lead.endswith((",", *BLOTS)) and _INVERTED.match(verb.group()) and not _CONTRAST.search(f"{lead} "):
                who = self.phrases.forward(verb.end(), line.end, line)
                if who is not None:
                    return who
            if self._no_verb(verb.start()) or line.end - verb.end() > 60:
                continue
            cut = max(self.text.rfind(mark, place, verb.start()) for mark in (", ", f"{BLOTS[3]} "))
            who = self.phrases.backward(cut + 2, verb.start(), line) if cut >= 0 else None
            if who is not None:
                return who
        return None

    def report(self, line: Line) -> tuple[int, int, Named | None] | None:
        """Return what of a sentence somebody is said to say outside marks, from where to where, and who."""
        end = min(line.end, line.start + _READ)
        if said := _ACCORDING.search(self.text, line.start, end):
            return line.start, line.end, self.phrases.forward(said.end() - 1, end, line)
        for verb in _STRICTLY.finditer(self.text, line.start, end):
            if self._no_verb(verb.start()):
                continue
            who = self.phrases.backward(max(line.start, verb.start() - _FAR), verb.start(), line)
            before = self.text[line.start : verb.start()].rstrip()
            if who is None and before.endswith((",", *BLOTS)) and not TRANSITIVE.match(verb.group()):
                who = self.phrases.forward(verb.end(), end, line)
                if who is not None:
                    return line.start, line.end, who
            if who is not None:
                rest = self.text[verb.end() : end].strip(" .")
                clause = before.rpartition(", ")[2] if ", " in before else ""
                behind = len(rest) < 30 and bool(clause) and not clause.startswith(("and ", "but ", "while ", "as "))
                return (line.start if behind else verb.end()), line.end, who
        return None

    def _main(self, line: Line, place: int) -> Named | None:
        """Return the subject of the main clause before "…, saying": whoever is said to speak there, or "he"."""
        begin = max(line.start, place - _FAR)
        for verb in _VERBS.finditer(self.text, begin, place):
            if verb.group().endswith("ing") or self._no_verb(verb.start()):
                continue
            who = self.phrases.backward(begin, verb.start(), line)
            if who is not None:
                return who
        opening = _HE_BEGINS.match(self.text, line.start, min(place, line.start + 90))
        return self.referents.pronoun(opening[1].lower(), line, opening.start(1)) if opening else None

    def _no_verb(self, place: int) -> bool:
        return _NO_VERB.search(self.text[max(0, place - 30) : place]) is not None
