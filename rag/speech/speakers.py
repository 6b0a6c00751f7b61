"""Who says what stands between marks. Where it cannot be told, nobody: a wrong speaker is worse than none."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article
from rag.quotes import Quote
from rag.speech.clauses import Clauses
from rag.speech.lines import BLOTS, Line, Reading, reading
from rag.speech.marks import Marked
from rag.speech.people import People
from rag.speech.phrases import Phrases
from rag.speech.referents import Named, Referents
from rag.speech.saying import VERB

_BARE = re.compile(rf"[\s{BLOTS},.;:!?()—–-]*")
_DIRECT = re.compile(rf"(?:(?<![\w’'-]){VERB}(?: \w+)?[,:]?|:)\s*\Z")
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our|us|We|My|Our)\b")
_CONTENT = re.compile(r"[^\W\d_][\w’'-]*")
_ENDINGS = (",", "?", "!", ".", "…", "—", "-", "’", "'")
_SHORT = 4
_SENTENCE = 5
"""Words from which a quotation that nobody is said to say may be speech: a word or three are a title or a doubt."""
_READ = 400
"""Characters of a quotation that are looked at for what kind it is."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever says something, as the article names them."""

    name: str
    """The fullest name that the article gives; of somebody unnamed the phrase: "a spokesman for the company"."""
    title: str = ""
    """As given: "Mayor"."""

    def __str__(self) -> str:
        """Return title and name."""
        return f"{self.title} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody says in quotation marks."""

    quote: Quote
    """The words between the marks."""
    sentence: tuple[int, int]
    """The sentence that it stands in: half-open, in characters of the article's text."""
    speaker: Speaker | None
    """None where the article does not tell, or not clearly."""


@dataclass(frozen=True, slots=True)
class Speech:
    """All that is known of who speaks in an article."""

    reading: Reading
    quotations: tuple[Quotation, ...]
    indirect: dict[int, tuple[int, int, Speaker | None]]
    """For each line in which something is reported: from where to where, and by whom."""


@lru_cache(maxsize=128)
def speech(article: Article) -> Speech:
    """Read who speaks in an article."""
    return _Reader(article).read()


@dataclass(slots=True)
class _Found:
    line: Line
    marked: Marked
    who: Named | None


class _Reader:
    """Goes through an article's sentences once, and remembers who spoke last."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.reading = reading(article)
        self.referents = Referents(self.reading, People(self.reading))
        self.clauses = Clauses(Phrases(self.referents))
        self.found: list[_Found] = []
        self.indirect: dict[int, tuple[int, int, Speaker | None]] = {}

    def read(self) -> Speech:
        """Return what is said and by whom."""
        before: Line | None = None
        spoke: Named | None = None  # in the sentence before
        quoted = False  # whether that one had a quotation
        for number, line in enumerate(self.reading.lines):
            now = self._report(number, line)
            same = before is not None and line.paragraph == before.paragraph
            near = same or (before is not None and quoted and line.paragraph - before.paragraph <= 1)
            for each in line.marked:
                who, tied = self._own(line, each)
                if not tied:
                    who = self._leaning(line, each, now, spoke if near else None, same=same)
                who = who or (now if tied else None)
                if tied or who is not None or (self._words(each) >= _SENTENCE and self._sounds(each)):
                    self.found.append(_Found(line, each, who))
                    now = who or now
            self.referents.note(line, now)
            before, spoke, quoted = line, now, bool(line.marked) and now is not None
        self._back()
        return Speech(self.reading, tuple(self._made()), self.indirect)

    def _report(self, number: int, line: Line) -> Named | None:
        """Return who is said to say anything in a sentence, outside marks, and keep what is reported."""
        report = self.clauses.report(line)
        if report is None:
            return None
        start, end, who = report
        self.indirect[number] = (start, end, _speaker(who))
        return who

    def _own(self, line: Line, each: Marked) -> tuple[Named | None, bool]:
        """Return who says what stands between these marks by its own sentence, and whether anybody is said to."""
        text = self.article.text[each.start : each.end]
        short = self._words(each) < _SHORT
        title = _title_like(text)
        if short and title and not text.endswith((",", "?", "!", ".")):
            return None, False
        parted = text.endswith(_ENDINGS)
        found = self.clauses.after(line, each.outer_end, parted=parted) if parted or not short else None
        if found is None and (not title or _DIRECT.search(self.reading.blotted, line.start, each.outer_start)):
            found = self.clauses.ahead(line, each.outer_start, short=short)
        if found is None and not title:
            found = self.clauses.tail(line, each.outer_end)
        return found, found is not None

    def _leaning(
        self, line: Line, each: Marked, now: Named | None, before: Named | None, *, same: bool
    ) -> Named | None:
        """Return who says something for which no verb of saying stands: whoever spoke before goes on."""
        if _BARE.fullmatch(self.reading.blotted, line.start, line.end):
            goes_on = same or each.reopens or (self._words(each) >= _SHORT and self._ends(each))
            if before is not None and goes_on:
                return before
            first = same and _FIRST_PERSON.search(self.article.text, each.start, min(each.end, each.start + _READ))
            return self.referents.latest() if first else None
        if now is not None and line.marked[0] is not each:
            return None if _title_like(self.article.text[each.start : each.end]) else now
        return before if same and self._words(each) >= _SENTENCE else None

    def _ends(self, each: Marked) -> bool:
        """Tell whether what stands between marks ends as speech does, and not as a heading."""
        text = self.article.text
        return (
            text[each.start : each.end].rstrip().endswith(_ENDINGS)
            or text[each.outer_end : each.outer_end + 1] in _ENDINGS
        )

    def _back(self) -> None:
        """Give the speaker of a quotation over several paragraphs, or sentences, to its earlier parts."""
        for last, each in zip(self.found[-2::-1], self.found[:0:-1], strict=True):
            if last.who is not None or each.who is None:
                continue
            bare = _BARE.fullmatch(self.reading.blotted, last.line.start, last.line.end) is not None
            next_to = each.line.paragraph == last.line.paragraph and each.line.start <= last.line.end + 2
            goes_on = last.marked.goes_on and each.marked.reopens
            if goes_on or (bare and next_to and each.line.start == each.marked.outer_start):
                last.who = each.who

    def _made(self) -> list[Quotation]:
        return [
            Quotation(
                Quote(self.article, each.marked.start, each.marked.end),
                (each.line.start, max(each.line.end, each.marked.end)),
                _speaker(each.who),
            )
            for each in self.found
        ]

    def _words(self, each: Marked) -> int:
        return len(_CONTENT.findall(self.article.text, each.start, min(each.end, each.start + _READ)))

    def _sounds(self, each: Marked) -> bool:
        """Tell whether words that nobody is said to say are speech, and no title of a work: they are a sentence."""
        words: list[str] = _CONTENT.findall(self.article.text, each.start, min(each.end, each.start + _READ))
        return sum(word[0].islower() for word in words) >= max(3, len(words) // 2)


def _speaker(who: Named | None) -> Speaker | None:
    return Speaker(who.name, who.title) if who and who.name else None


def _title_like(text: str) -> bool:
    words: list[str] = _CONTENT.findall(text[:_READ])
    capitals = all(word[0].isupper() or len(word) < 4 for word in words)
    return bool(words) and capitals and words[0] not in {"I", "I’m", "I'm"}
