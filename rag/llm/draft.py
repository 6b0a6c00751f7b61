"""An answer in the making: what a model wrote, sentence by sentence, each checked against what it cites."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answer import MAX_QUOTE_WORDS, Claim
from rag.claims import doubts, speakers_named
from rag.claims.words import content
from rag.llm.parse import Reading, Written
from rag.llm.prompt import NO_ANSWER
from rag.llm.quoted import Quotations, looked_up
from rag.llm.sheet import Sheet
from rag.quotes import Quote

_RELATED = 0.3  # share of a claim's words of its own that its quotes must have, in any form


@dataclass(slots=True)
class Draft:
    """What was written so far. `claims` only ever grows."""

    sheet: Sheet
    question: str
    claims: list[Claim] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """What stood between quotation marks and may not."""
    invented: int = 0
    """How many citations led nowhere."""
    repaired: int = 0
    """How many quotations are set as the article prints them."""
    declined: bool = False
    """Whether the model said that the sentences do not answer."""
    _reading: Reading = field(default_factory=Reading)

    def feed(self, piece: str) -> bool:
        """Take a piece of text; tell whether a claim has become whole."""
        return self._take(self._reading.feed(piece))

    def end(self) -> bool:
        """Take what is left; tell whether that made a claim."""
        return self._take(self._reading.end())

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was mended, in words for a reader."""
        said = []
        if self.invented:
            said.append(
                f"Left out: {_count(self.invented, 'citation')} by the model of sentences that it was not given."
            )
        if self.repaired:
            said.append(f"{_count(self.repaired, 'quotation')} of the model set as the article prints it.")
        return tuple(said)

    def _take(self, written: Sequence[Written]) -> bool:
        before = len(self.claims)
        for each in written:
            if each.text.rstrip(".!").upper() == NO_ANSWER:
                self.declined = True
            elif each.text not in {claim.text for claim in self.claims}:  # small models go round in circles
                self.claims.append(self._claim(each))
        return len(self.claims) > before

    def _claim(self, written: Written) -> Claim:
        quotes = joined(self._cited(written))
        known = list(dict.fromkeys(quote.article for quote in self.sheet.places.values()))
        cited = list(dict.fromkeys(quote.article for quote in quotes)) or known
        speakers = speakers_named(written.text)
        text, found = looked_up(written.text, cited, known, speakers[0] if len(speakers) == 1 else None)
        quotes += [each for each in found.shown if not any(_holds(quote, each) for quote in quotes)]
        self.repaired += len(found.repaired)
        self.dropped += [each.words for each in found.refused]
        said = (*_refusals(found), *(doubts(text, quotes) if quotes else ()), *_unrelated(text, quotes, self.question))
        return Claim(text, tuple(quotes), supported=bool(quotes) and not said, doubts=said)

    def _cited(self, written: Written) -> list[Quote]:
        found: list[Quote] = []
        for each in written.cited:
            if each.first is None or each.last is None or each.last < each.first:
                self.invented += 1
                continue
            quotes, missing = self.sheet.run((each.passage, each.first), each.last)
            found += quotes
            self.invented += bool(missing)
        return list(dict.fromkeys(found))


def joined(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the quotes, adjoining ones as one where that is short enough to be shown."""
    made: list[Quote] = []
    for quote in quotes:
        last = made[-1] if made else None
        if last and last.article == quote.article and last.end <= quote.start:
            between = last.article.text[last.end : quote.start]
            both = Quote(last.article, last.start, quote.end)
            if not between.strip() and "\n" not in between and len(both.text.split()) <= MAX_QUOTE_WORDS:
                made[-1] = both
                continue
        made.append(quote)
    return made


def _holds(quote: Quote, other: Quote) -> bool:
    return quote.article == other.article and quote.start <= other.start and other.end <= quote.end


def _refusals(found: Quotations) -> list[str]:
    return [f"“{each.words}” is not shown as a quotation: {each.says}" for each in found.refused]


def _unrelated(text: str, quotes: Sequence[Quote], question: str) -> tuple[str, ...]:
    """Say so where a claim has hardly a word of its quotes: a citation may be of anything. English only."""
    if not quotes or any(quote.article.language not in {"", "en"} for quote in quotes):
        return ()
    own = content(text) - content(question)
    held = content(" ".join([*(quote.text for quote in quotes), *(quote.article.title for quote in quotes)]))
    few = bool(own) and len(own & held) < _RELATED * len(own)
    return ("the quotes have hardly a word of it",) if few else ()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
