"""The words of an article that come nearest to words it does not have, and how these differ."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.article import Article
from rag.quotes import Quote
from rag.verdicts.tokens import Tokens, quote_of, tokens

_MOST_WORDS = 120
_COMPARED = 6  # runs of words, those with the most words in common
_LEAST_SHARED = 0.5  # share of the words asked for that must be there
_MORE = 4  # words that the article may have more
_ALTERED = {(1, 1), (1, 2), (1, 3), (2, 2)}
"""How many changes of how many words in all make an altered sentence, not one that was joined from several."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were put for others; one of the two may be none."""

    asked: str
    printed: str
    edge: bool = False
    """Nothing of the nearest words stands on one side of it."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest words, and what was changed in them."""

    quote: Quote
    changes: tuple[Change, ...]

    @property
    def altered(self) -> bool:
        """Tell whether the words are a sentence of the article with something small changed in it."""
        words = sum(max(len(each.asked.split()), len(each.printed.split())) for each in self.changes)
        joined_on = any(each.edge and len(each.asked.split()) > 1 for each in self.changes)
        return not joined_on and (len(self.changes), words) in _ALTERED

    @property
    def says(self) -> str:
        """Say what was changed, in words for a reader."""
        parts = []
        for each in self.changes[:3]:
            if not each.asked:
                parts.append(f"leaves out “{each.printed}”")
            elif not each.printed:
                parts.append(f"puts in “{each.asked}”")
            else:
                parts.append(f"has “{each.asked}” for “{each.printed}”")
        return "; ".join(parts)


def nearest(words: str, articles: Iterable[Article]) -> Nearest | None:
    """Return the words in `articles` that come nearest to `words`, where at least half of these are there in order."""
    asked = tokens(words)
    if not 0 < len(asked.words) <= _MOST_WORDS:
        return None
    best: tuple[float, Nearest] | None = None
    for article in articles:
        held = tokens(article.text)
        for start, end in _windows(asked.words, held.words):
            found = _aligned(words, asked, article, (start, end))
            if found and (best is None or found[0] > best[0]):
                best = found
    return best[1] if best else None


def _windows(asked: Sequence[str], held: Sequence[str]) -> list[tuple[int, int]]:
    """Return the runs of words that have most in common with those asked for, as a bag."""
    size = len(asked) + _MORE
    need = Counter(asked)
    step = max(1, len(asked) // 4)
    inside: Counter[str] = Counter()
    scored: list[tuple[int, int]] = []
    common, left = 0, 0
    for right, word in enumerate(held):
        if inside[word] < need[word]:
            common += 1
        inside[word] += 1
        if right - left >= size:
            gone = held[left]
            left += 1
            inside[gone] -= 1
            if inside[gone] < need[gone]:
                common -= 1
        if (right % step == 0 or right == len(held) - 1) and common >= _LEAST_SHARED * len(asked):
            scored.append((common, left))
    best = sorted(scored, key=lambda each: (-each[0], each[1]))[:_COMPARED]
    return [(max(0, left - step), min(len(held), left + size + step)) for _, left in best]


def _aligned(words: str, asked: Tokens, article: Article, window: tuple[int, int]) -> tuple[float, Nearest] | None:
    held = tokens(article.text)
    part = held.words[window[0] : window[1]]
    codes = SequenceMatcher(None, asked.words, part, autojunk=False).get_opcodes()
    equal = [code for code in codes if code[0] == "equal"]
    same = sum(code[2] - code[1] for code in equal)
    if same < _LEAST_SHARED * len(asked.words) or same < 2:
        return None
    first, last = equal[0][3], equal[-1][4]
    changes = []
    for tag, a, b, c, d in codes:
        edge = d <= equal[0][3] or c >= equal[-1][4]
        if edge and tag != "equal":  # what stands beyond was not left out; it is what one word was put for, if anything
            c, d = (max(c, d - 1), d) if c < first else (c, min(d, c + 1))
            c, d = (c, d) if b - a == 1 else (c, c)
            if c < d:
                first, last = min(first, c), max(last, d)
        mine = words[asked.spans[a][0] : asked.spans[b - 1][1]] if b > a else ""
        there = quote_of(article, window[0] + c, d - c).text if d > c else ""
        if tag != "equal" and (mine or there):
            changes.append(Change(mine, there, edge))
    quote = quote_of(article, window[0] + first, last - first)
    lost = sum(max(len(each.asked.split()), len(each.printed.split())) for each in changes)
    return same - 0.9 * lost, Nearest(quote, tuple(changes))
