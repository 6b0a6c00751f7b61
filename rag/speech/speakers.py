"""Who says what stands between marks. Where it cannot be told, nobody: a wrong speaker is worse than none."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article
from rag.quotes import Quote
from rag.speech.lines import BLOTS, Line, Reading, reading
from rag.speech.marks import Marked
from rag.speech.people import People
from rag.speech.phrases import Named, Phrases
from rag.speech.saying import VERB

_AFTER = re.compile(rf"[,—–-]*\s*(?:(?P<verb>{VERB})\s)")
_FAR = 400
_BARE = re.compile(rf"[\s{BLOTS},.;:!?()—–-]*")
_DIRECT = re.compile(rf"(?:(?<![\w’'-]){VERB}(?: \w+)?[,:]?|:)\s*\Z")
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our|us|We|My|Our)\b")
_CONTENT = re.compile(r"[^\W\d_][\w’'-]*")


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


class _Reader:
    """Goes through an article's sentences once, and remembers who spoke last."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.reading = reading(article)
        self.people = People(self.reading)
        self.phrases = Phrases(self.reading, self.people)
        self.found: list[tuple[Line, Marked, Named | None, bool]] = []
        self.indirect: dict[int, tuple[int, int, Speaker | None]] = {}

    def read(self) -> Speech:
        """Return what is said and by whom."""
        before: Line | None = None
        spoke: Named | None = None  # in the sentence before
        quoted = False  # whether that sentence was, or ended in, a quotation
        for number, line in enumerate(self.reading.lines):
            said = self._line(number, line)
            near = before is not None and line.paragraph - before.paragraph <= 1
            same = before is not None and line.paragraph == before.paragraph
            whole = bool(line.marked) and _BARE.fullmatch(self.reading.blotted, line.start, line.end) is not None
            now: Named | None = said
            for each in line.marked:
                who, tied = self._of(line, each)
                if who is None and not tied and whole:
                    goes_on = same or (near and quoted and (each.reopens or self._goes_on(each)))
                    who = spoke if goes_on else None
                    if who is None and same and _FIRST_PERSON.search(self._text(each)):
                        who = self.phrases.latest()
                    tied = who is not None
                elif who is None and not tied and now is not None and line.marked[0] is not each:
                    who, tied = (now, True) if not _title_like(self._text(each)) else (None, False)
                elif who is None and not tied and same and self._words(each) >= 5:
                    who, tied = spoke, spoke is not None
                who = who or (said if tied else None)
                if not tied and self._words(each) < 5:
                    continue
                if not tied and not self._sounds(each):
                    continue
                self.found.append((line, each, who, tied))
                now = who or now
            spoke = None if line.marked and whole and now is None else now
            self.phrases.note(number, line, now)
            quoted = bool(line.marked) and (self.reading.blotted[line.end - 1] in BLOTS or now is not None)
            before = line
        self._back()
        return Speech(self.reading, tuple(self._made()), self.indirect)

    def _goes_on(self, each: Marked) -> bool:
        """Tell whether words of a new paragraph with no verb of saying may be the last speaker's: whole sentences."""
        return self._words(each) >= 4

    def _back(self) -> None:
        """Give the speaker of a quotation over several paragraphs to all of its parts."""
        for place in range(len(self.found) - 1, 0, -1):
            line, each, who, _ = self.found[place]
            first, part, none, _ = self.found[place - 1]
            if each.reopens and part.goes_on and none is None and who is not None:
                self.found[place - 1] = (first, part, who, True)
                continue
            adjoins = line.paragraph == first.paragraph and first.end + 2 >= line.start == each.outer_start
            if none is None and who is not None and adjoins:
                if not _BARE.fullmatch(self.reading.blotted, first.start, first.end):
                    continue
                self.found[place - 1] = (first, part, who, True)

    def _made(self) -> "list[Quotation]":
        made = []
        for line, each, who, _ in self.found:
            speaker = Speaker(who.name, who.title) if who and who.name else None
            made.append(
                Quotation(Quote(self.article, each.start, each.end), (line.start, max(line.end, each.end)), speaker)
            )
        return made

    def _text(self, each: Marked) -> str:
        return self.article.text[each.start : min(each.end, each.start + 400)]

    def _words(self, each: Marked) -> int:
        return len(_CONTENT.findall(self.article.text, each.start, min(each.end, each.start + 400)))

    def _sounds(self, each: Marked) -> bool:
        """Tell whether words that nobody is said to say are speech, and no title of a work: they are a sentence."""
        words = _CONTENT.findall(self.article.text[each.start : min(each.end, each.start + 400)])
        return bool(sum(word[0].islower() for word in words) >= max(3, len(words) // 2))

    def _line(self, number: int, line: Line) -> Named | None:
        """Return who is said to say anything in a sentence, outside marks, and keep what is reported."""
        report = self.phrases.report(number, line)
        if report is None:
            return None
        start, end, who = report
        self.indirect[number] = (start, end, Speaker(who.name, who.title) if who and who.name else None)
        return who

    def _of(self, line: Line, each: Marked) -> tuple[Named | None, bool]:
        """Return who says what stands between these marks by its own sentence, and whether anybody is said to."""
        short = self._words(each) < 4
        text = self.article.text[each.start : each.end]
        if short and _title_like(text) and not text.endswith((",", "?", "!", ".")):
            return None, False
        parted = text.endswith((",", "?", "!", ".", "…", "—", "-", "’", "'"))
        after = self.phrases.after(line, each.outer_end, parted=parted)
        if after is not None and (not short or text.endswith((",", "?", "!", "."))):
            return after, True
        if _title_like(text) and not _DIRECT.search(self.reading.blotted, line.start, each.outer_start):
            return None, False
        ahead = self.phrases.ahead(line, each.outer_start, short)
        if ahead is not None:
            return ahead, True
        tail = self.phrases.tail(line, each.outer_end) if not short else None
        if tail is not None:
            return tail, True
        return None, False


def _title_like(text: str) -> bool:
    words = _CONTENT.findall(text)
    return (
        bool(words)
        and all(word[0].isupper() or len(word) < 4 for word in words)
        and words[0] not in {"I", "I’m", "I'm"}
    )
