"""Whether words are real pieces of articles that were never written together, joined with or without an ellipsis."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from index.article import Article
from index.passage import Span, sentences
from rag.quotes import Quote
from rag.verdicts.tokens import quote_of, tokens
from rag.verdicts.wording import DOTS

Find = Callable[[str], Iterable[Article]]
"""Gives the articles that may hold words; may give more, for each is read."""

MOST_WORDS = 400
"""Longer texts are no quotations; they are not looked for in pieces."""
_LEAST_JOINED = 4  # words of a piece that is joined without a mark: shorter ones are in many an article by chance
_READ = 30  # articles for a piece
GAP = re.compile(rf"{DOTS}|\[[^\[\]]{{0,200}}\]")
"""A pattern: where whoever quotes says to have left words out, or put some in."""
DENIES = re.compile(
    r"\b(?:not|never|no|cannot|\w+n['’]t|den(?:y|ied|ies)|refused|failed|without|unless|only if|if|false)\b",
    re.IGNORECASE,
)
"""A pattern: words that deny or bound what is said."""


@dataclass(frozen=True, slots=True)
class Stitched:
    """The pieces in the order in which they were joined, and in words what is wrong with that."""

    pieces: tuple[Quote, ...]
    says: str


def stitched(words: str, cited: Sequence[Article], find: Find) -> Stitched | None:
    """Return the pieces that `words` were joined from, or None where they are not all an article's words."""
    segments = [tokens(each).words for each in GAP.split(words)]
    segments = [each for each in segments if each]
    if not segments or sum(map(len, segments)) > MOST_WORDS:
        return None
    pieces: list[Quote] = []
    for segment in segments:
        found = _cover(segment, len(segments) > 1, cited, find, pieces)
        if not found:
            return None
        pieces += found
    bracket = re.search(r"\[[^\[\]…]*\w[^\[\]]*\]", words)
    if len(pieces) < 2 and not bracket:
        return None
    return Stitched(tuple(pieces), _bracket_says(bracket.group(), pieces) if bracket else _says(pieces))


def _cover(
    segment: tuple[str, ...], marked: bool, cited: Sequence[Article], find: Find, before: Sequence[Quote]
) -> list[Quote]:
    """Return pieces that cover a segment, the longest first from the left; none where some of it is nowhere."""
    whole = _longest(segment, cited, before)
    if whole and whole[1] == len(segment) and (marked or len(segment) >= _LEAST_JOINED):
        return [whole[0]]
    pieces: list[tuple[Quote, int]] = []
    at = 0
    while at < len(segment):
        rest = segment[at:]
        best = _longest(rest, cited, [*before, *(piece for piece, _ in pieces)])
        if not best or best[1] < min(_LEAST_JOINED, len(rest)):
            read = islice(find(" ".join(rest[:_LEAST_JOINED])), _READ)
            best = max((best, _longest(rest, read, [])), key=lambda each: each[1] if each else 0)
        if not best:
            return []
        pieces.append(best)
        at += best[1]
    return _sound(segment, pieces)


def _sound(segment: tuple[str, ...], pieces: Sequence[tuple[Quote, int]]) -> list[Quote]:
    """Return the pieces where each is long enough not to be there by chance, or of a sentence that a long one is of.

    The last words of a long piece may be the first of the next one: they count for both.
    """
    kept: list[Quote] = []
    at = 0
    for place, (quote, length) in enumerate(pieces):
        at += length
        if length >= _LEAST_JOINED:
            kept.append(quote)
            continue
        beside = [piece for piece, many in pieces[max(0, place - 1) : place + 2] if many >= _LEAST_JOINED]
        tail = segment[max(0, at - _LEAST_JOINED) : at]
        if len(tail) == _LEAST_JOINED and tokens(quote.article.text).find(tail) >= 0:
            kept.append(quote)
        elif near := next((found for each in beside if (found := _beside(each, segment[at - length : at]))), None):
            kept.append(near)
        else:
            return []
    return kept


def _beside(piece: Quote, words: tuple[str, ...]) -> Quote | None:
    """Return where words stand in the sentence of a piece, or None."""
    span = sentence_of(piece)
    held = tokens(piece.article.text[span.start : span.end])
    place = held.find(words)
    if place < 0:
        return None
    return Quote(piece.article, span.start + held.spans[place][0], span.start + held.spans[place + len(words) - 1][1])


def _longest(words: tuple[str, ...], articles: Iterable[Article], before: Sequence[Quote]) -> tuple[Quote, int] | None:
    """Return the longest beginning of `words` that stands in an article, and how many words it has."""
    last = before[-1] if before else None
    best: tuple[Quote, int] | None = None
    ordered = [last.article, *articles] if last else articles  # what goes on in one article was taken from it
    for article in ordered:
        place, length = tokens(article.text).longest(words)
        if length > (best[1] if best else 0):
            best = quote_of(article, _after(article, words[:length], place, last), length), length
    return best


def _after(article: Article, words: tuple[str, ...], place: int, last: Quote | None) -> int:
    """Return the first place of `words` after the piece before, where there is one."""
    if last is None or last.article is not article:
        return place
    held = tokens(article.text)
    padded = f" {' '.join(words)} "
    first = next((at for at, span in enumerate(held.spans) if span[0] >= last.end), len(held.spans))
    if first == len(held.spans):
        return place
    at = held.line.find(padded, held.starts[first] - 1)
    return place if at < 0 else held.starts.index(at + 1)


def _bracket_says(bracket: str, pieces: Sequence[Quote]) -> str:
    first, last = pieces[0], pieces[-1]
    if first.article is last.article and first.start < last.start and last.start - first.end < 200:
        return f"“{bracket}” is not the article's: it has “{first.article.text[first.start : last.end]}”"
    return f"“{bracket}” is not the article's"


def _says(pieces: Sequence[Quote]) -> str:
    """Say where the pieces are from and what was left out between them."""
    articles = {piece.article.id: piece.source_line for piece in pieces}
    if len(articles) > 1:
        return f"joined from {len(articles)} articles that never say it together: {'; '.join(articles.values())}"
    if any(later.start < earlier.end for earlier, later in pairwise(pieces)):
        return f"joined from pieces of {pieces[0].source_line} in another order than its own"
    text = pieces[0].article.text
    gaps = [text[earlier.end : later.start].strip() for earlier, later in pairwise(pieces)]
    left_out = "; ".join(f"“{_short(gap)}”" for gap in gaps)
    denied = " That denies or bounds what is said." if any(DENIES.search(gap) for gap in gaps) else ""
    if sentence_of(pieces[0]) == sentence_of(pieces[-1]):
        return f"joined within one sentence of {pieces[0].source_line}, without {left_out}.{denied}"
    return f"joined from different sentences of {pieces[0].source_line}, without {left_out}.{denied}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:80]} … {text[-70:]}"


def sentence_of(quote: Quote) -> Span:
    """Return the sentence, or the sentences, that a quote stands in, as a span of its article's text."""
    text = quote.article.text
    start = max(text.rfind("\n", 0, quote.start), 0)
    ends = text.find("\n", quote.end)
    paragraph = text[start : ends if ends >= 0 else len(text)]
    around = [Span(start + each.start, start + each.end) for each in sentences(paragraph, quote.article.language)]
    held = [each for each in around if each.start < quote.end and quote.start < each.end]
    return Span(held[0].start, held[-1].end) if held else Span(quote.start, quote.end)
