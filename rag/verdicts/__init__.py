"""Verdicts on words that somebody, a model or a person, puts between quotation marks.

Only what stands character by character in the article cited, or differs from it by typography alone, may be shown as a
quote, and then with the article's own characters. What else there is has a name, so that it can be said:

- EXACT: verbatim in an article cited, as whole words and numbers.
- TYPOGRAPHY: the same words; only marks, dashes, ellipses, white space, ligatures or the like differ, a comma or full
  stop inside the closing mark, or the capital of the first letter (see `rag.verdicts.wording`). It is repaired.
- MISATTRIBUTED: verbatim or by typography, but in another article than cited, or the article gives the words to
  another speaker than named.
- STITCHED: real pieces that were never written together. Any ellipsis that leaves words out is one, even within a
  sentence, and so are words in brackets: a quote is one place, and what was left out may have denied the rest. The
  pieces come with it, each a quote of its own.
- NOT_FOUND: in no article. A sentence in which a word or two were changed is this and no stitch, also where the change
  is a “not” that was left out; `nearest` is what the article has.

A verbatim quote can still mislead by where it was cut ("reopen" of "will not reopen"): `cautions` say so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.article import Article
from rag.quotes import Quote
from rag.verdicts import wording
from rag.verdicts.cautions import cautions
from rag.verdicts.nearest import Nearest, nearest
from rag.verdicts.pieces import DENIES, GAP, Find, stitched
from rag.verdicts.speakers import Same, same_speaker, speaker_of_quote
from rag.verdicts.tokens import tokens


class Verdict(StrEnum):
    """What words between quotation marks are."""

    EXACT = "exact"
    TYPOGRAPHY = "typography"
    MISATTRIBUTED = "misattributed"
    STITCHED = "stitched"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Checked:
    """Words, the verdict on them, and where they stand."""

    words: str
    verdict: Verdict
    quote: Quote | None
    """Where they stand, with the article's own characters; of misattributed words, where they truly stand."""
    pieces: tuple[Quote, ...]
    """Of stitched words the pieces, in the order in which they were joined."""
    says: str
    """Why, in words for a reader."""
    cautions: tuple[str, ...] = ()
    """What the words around the quote may change in it: a "not" right before it, a number that is cut."""
    also: tuple[Quote, ...] = ()
    """Other places where the same words stand."""
    nearest: Quote | None = None
    """Of words not found, what comes nearest in the articles cited."""
    speaker: str | None = None
    """Whose words they are, where the article says."""

    @property
    def shown(self) -> bool:
        """Tell whether the words may be shown as a quote."""
        return self.verdict in (Verdict.EXACT, Verdict.TYPOGRAPHY)


Others = Sequence[Article] | Find


def check(words: str, cited: Sequence[Article], others: Others = (), speaker: str | None = None) -> Checked:
    """Return the verdict on `words` that are said to stand in the articles `cited`, and to be said by `speaker`.

    `others` are further articles, where the words may truly stand: a sequence that is read through, or a function that
    gives the articles which may hold words, such as `rag.verdicts.archive.finder` of an index. No text raises an error.
    """
    if not any(character.isalnum() for character in words):
        return Checked(words, Verdict.NOT_FOUND, None, (), "There are no words between the marks.")
    find = others if callable(others) else _reader(others)
    own = _standing(words, cited)
    if own:
        return _judged(words, own, speaker)
    ids = {(article.id, article.digest) for article in cited}
    elsewhere = _standing(words, (each for each in find(words) if (each.id, each.digest) not in ids))
    if elsewhere:
        judged = _judged(words, elsewhere, speaker)
        quote = elsewhere[0].quote
        says = f"These words stand in “{quote.article.title}” ({quote.source_line}), not in what is cited."
        return replace(judged, verdict=Verdict.MISATTRIBUTED, says=says)
    return _refused(words, cited, find)


@dataclass(frozen=True, slots=True)
class _Place:
    quote: Quote
    notes: tuple[str, ...]


def _standing(words: str, articles: Iterable[Article]) -> list[_Place]:
    """Return the places where words stand: verbatim ones first."""
    found = [
        _Place(quote, held[1])
        for article in articles
        if (held := wording.places(article, words)) is not None
        for quote in held[0]
    ]
    return sorted(found, key=lambda place: bool(place.notes))


def _judged(words: str, places: Sequence[_Place], speaker: str | None) -> Checked:
    """Return the verdict on words that stand in an article cited."""
    chosen, found = places[0], speaker_of_quote(places[0].quote)
    same = Same.UNKNOWN
    if speaker and speaker.strip():
        told = [
            (place, name, same_speaker(speaker, name))
            for place in places
            if (name := speaker_of_quote(place.quote)) or True
        ]
        order = (Same.YES, Same.UNKNOWN, Same.NO)
        chosen, found, same = min(told, key=lambda each: (order.index(each[2]), bool(each[0].notes)))
    also = tuple(place.quote for place in places if place is not chosen)
    base = Checked(words, Verdict.EXACT, chosen.quote, (), "", cautions(chosen.quote), also, speaker=found)
    where = f"“{chosen.quote.article.title}” ({chosen.quote.source_line})"
    if same is Same.NO:
        says = f"These words stand in {where}, but there they are {found}'s, not {speaker}'s."
        return replace(base, verdict=Verdict.MISATTRIBUTED, says=says)
    by = f", said by {found}" if found else ""
    unsure = (
        f" Whether {speaker} said them, the article does not make plain." if speaker and same is not Same.YES else ""
    )
    if chosen.notes:
        says = f"Word for word in {where}{by}; shown as printed there: {'; '.join(chosen.notes)}.{unsure}"
        return replace(base, verdict=Verdict.TYPOGRAPHY, says=says)
    return replace(base, says=f"Character by character in {where}{by}.{unsure}")


def _refused(words: str, cited: Sequence[Article], find: Find) -> Checked:
    """Return the verdict on words that stand nowhere as they are."""
    near = nearest(words, cited)
    joined = None if near and _altered(near, words) else stitched(words, cited, find)
    if joined:
        says = f"These words were never written together: {joined.says}"
        return Checked(words, Verdict.STITCHED, None, joined.pieces, says.rstrip(".") + ".")
    headline = next((each for each in cited if wording.places(replace(each, text=each.title), words)), None)
    if headline:
        says = f"These words are the headline of {headline.id!r}, and do not stand in its text."
        return Checked(words, Verdict.NOT_FOUND, None, (), says)
    if near:
        says = f"No article has these words. The nearest, in {near.quote.source_line}: “{near.quote.text}”"
        says += f"; what is quoted {near.says}." if near.says else "; the signs between the words differ."
        return Checked(words, Verdict.NOT_FOUND, None, (), says, nearest=near.quote)
    return Checked(words, Verdict.NOT_FOUND, None, (), "No article has these words, or words near to them.")


def _altered(near: Nearest, words: str) -> bool:
    """Tell whether words were changed or put in, or one left out that denies: to leave out others is to stitch.

    So is, perhaps, to put three for others, but for "did not reopen"; and to say so, by an ellipsis or in brackets.
    """
    if not near.altered or any(gap.group() not in near.quote.article.text for gap in GAP.finditer(words)):
        return False
    denies = [bool(DENIES.search(each.asked or each.printed)) for each in near.changes]
    return any(denies) or any(0 < len(each.asked.split()) < 3 for each in near.changes)


def _reader(articles: Sequence[Article]) -> Find:
    """Return a function that reads articles through for words."""

    def find(words: str) -> Iterator[Article]:
        wanted = {tokens(each).words for each, _ in wording.wordings(words)} - {()}
        return (article for article in articles if any(tokens(article.text).find(each) >= 0 for each in wanted))

    return find
