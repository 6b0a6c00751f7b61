"""Which words of an article are quoted for a sentence: the shortest span that stands on its own, of at most 60 words.

Mostly the sentence. With those before it where it leans on them ("He said …", the middle of a quotation); a part of it
where it alone is too long. Pure functions of texts.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.article import Article
from index.passage import Span, sentences
from rag.answer import MAX_QUOTE_WORDS
from rag.compose.words import balance, stems
from rag.english import LEADING, POINTING
from rag.question import STOP_WORDS

_BACK = 2  # sentences taken in before the one that answers
_NEAR_CHARS = 4000  # of an article that are split for what stands before and after
_BESIDE_QUOTE = 4  # words besides a quotation that hardly say whose it is
_LINES_BEFORE = 6  # blank ones count

_OPENERS = frozenset(
    ["he", "she", "it", "they", "his", "her", "their", "its", "him", "them", "this", "that", "these", "those"]
)
_PEOPLE = frozenset(["he", "she", "his", "her", "him", "hers", "himself", "herself"])
_LINKS = frozenset(["but", "and", "so", "then", "yet", "still", "also", "however", "instead", "meanwhile"])
_SAYS = re.compile(
    r"\b(?:said|says|saying|told|tells|added|adds|asked|wrote|writes|announced|claimed|insisted|argued|warned|"
    r"replied|"
    r"explained|tweeted|called|described|according)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")
_IMPERSONAL = re.compile(
    r"\W*it(?:['’]s| is| was| will be| has been| remains| seems| appears| took| takes| did ?n[o'’]t help|['’]ll be)\b"
    r"[^.,;]{0,40}\b(?:that|whether|if|to|how|why|who|what|when|for)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\W*(?:this|that) (?:year|week|month|season|summer|winter|spring|autumn|fall|weekend|morning|afternoon|"
    r"evening|time|"
    r"century|decade|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_WHOLE = re.compile(r"[.!?:…][\"”’')\]]*$|[”\"]$")
_ENDED = re.compile(r"[.!?:…,;][\"”’')\]]*$|[”\"]$")
_BREAK = re.compile(
    r"(?<=;) |(?<=:) | (?=[—–] )|(?<=,) (?=(?:and|but|or|while|which|who|where|when|although|because|as) )"
)
_CORRECTS = re.compile(r"(?:correction|clarification|corrected)\b ?[:—–-]", re.IGNORECASE)
_ASKING = frozenset(["name", "call", "kind", "type"])  # "What is the name of": they ask, and say nothing of the subject
_JUNK = re.compile(r"^(?:[•*>|▪·-]+\s+|[—–]\s+|(?:and|but|or|,)\s+)+")


def span_of(article: Article, start: int, end: int, question: str) -> Span:
    """Return the span to quote for the sentence [start, end) of an article, at most `MAX_QUOTE_WORDS` words.

    It is the sentence, or the sentence with those that it needs beside it where all fit, or the part of a longer one
    that holds most of the question.
    """
    text = article.text
    if _count(text, start, end) > MAX_QUOTE_WORDS:
        return _part(text, start, end, question)
    near = _near(article, start, end)
    first = next((place for place, span in enumerate(near) if span.start == start), None)
    last = next((place for place, span in enumerate(near) if span.end == end), None)
    span = Span(start, end) if first is None or last is None else _with_context(text, near, first, last)
    junk = _JUNK.match(text, span.start, span.end)
    return Span(junk.end(), span.end) if junk and junk.end() < span.end else span


def together(text: str, start: int, end: int, question: str) -> bool:
    """Tell whether two adjoining sentences may be quoted as one: in a paragraph, or in two that go together.

    What ends a paragraph before the one that answers must be a sentence, and not a heading, and have a word of the
    question: a paragraph of something else beside it, whoever put it there, changes nothing of what is quoted.
    """
    stop = text.find("\n", start, end)
    if stop < 0:
        return True
    before = text[start:stop].rstrip()
    return bool(_ENDED.search(before)) and bool((set(stems(question)) - _ASKING) & set(stems(before)))


def leans(text: str) -> bool:
    """Tell whether a sentence, or a few, cannot be understood without the one before: "He said …" without who.

    Of somebody: "he" or "she" comes before any name. Of something: it begins with "it", "they", "this". What is
    within quotation marks is the speaker's, and leans on nothing but on who speaks.
    """
    plain = _QUOTED.sub(" ", text)
    if len(plain.split()) < _BESIDE_QUOTE and plain != text and not _SAYS.search(plain):
        return True  # somebody's words, and nobody who says them
    if _IMPERSONAL.match(plain) or _TIME.match(plain):
        return False
    words = list(_WORD.finditer(plain))
    lower = [match.group().lower() for match in words]
    while lower and lower[0] in _LINKS:
        words, lower = words[1:], lower[1:]
    if not lower:
        return False
    if lower[0] in _OPENERS and not (lower[0] == "that" and len(lower) > 1 and lower[1] not in _VERBISH):
        return True
    for place, word in enumerate(lower):
        base = re.split("['’]", word)[0]
        if base in _PEOPLE:
            # "In winning his first final, Tiafoe became …" says who only then.
            return not (lower[0] in LEADING and _names_after(plain, words[place].end()))
        written = words[place].group()
        named = written[0].isupper() and (base not in STOP_WORDS or (len(written) > 1 and written.isupper()))
        if named and not (place == 0 and (base in LEADING or base in POINTING or base == "asked")):
            return False
    return False


def _names_after(text: str, place: int) -> bool:
    comma = text.find(",", place)
    return comma >= 0 and bool(re.match(r", [A-Z]", text[comma : comma + 3]))


_VERBISH = frozenset(["is", "was", "will", "would", "has", "had", "means", "meant", "came", "could", "can", "may"])


def _with_context(text: str, near: Sequence[Span], first: int, last: int) -> Span:
    """Return sentences with those beside them that they need: the rest of their quotation, then who they speak of."""
    first, last = _with_quotation(text, near, first, last)
    whole = (first, last)
    for _ in range(_BACK):
        if not leans(text[near[first].start : near[last].end]):
            break
        before = first - 1
        if before < 0 or not _fits(text, near, before, last) or not _WHOLE.search(text[: near[before].end][-4:]):
            break
        if _open_before(text, near, before):
            break
        first = before
    if leans(text[near[first].start : near[last].end]):
        first, last = whole
    # "… gave the cost as 1.4 million": what a correction corrects is wrong, and is not quoted without what is right.
    corrects = _CORRECTS.match(text, near[first].start)
    if corrects and last + 1 < len(near) and _fits(text, near, first, last + 1):
        last += 1
    return Span(near[first].start, near[last].end)


def _with_quotation(text: str, near: Sequence[Span], first: int, last: int) -> tuple[int, int]:
    """Return the places of sentences with the rest of the quotation that they are in, if it is not too long."""
    given = first, last
    while first > 0 and _open_before(text, near, first) and _fits(text, near, first - 1, last):
        first -= 1
    if _open_before(text, near, first):
        first = given[0]  # the whole quotation is too long
    elif balance(text[near[first].start : near[last].end]) > 0:
        while last + 1 < len(near) and _fits(text, near, first, last + 1):
            last += 1
            if balance(text[near[first].start : near[last].end]) <= 0:
                break
        else:
            last = given[1]
    return first, last


def _open_before(text: str, near: Sequence[Span], place: int) -> bool:
    """Tell whether a quotation is open where a sentence begins."""
    start = near[place].start
    line = text.rfind("\n", 0, start) + 1
    return balance(text[line:start]) > 0


def _fits(text: str, near: Sequence[Span], first: int, last: int) -> bool:
    return _count(text, near[first].start, near[last].end) <= MAX_QUOTE_WORDS


def _count(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _near(article: Article, start: int, end: int) -> list[Span]:
    """Return the sentences around a place: of its line and some lines before it."""
    text = article.text
    begin = text.rfind("\n", 0, start) + 1
    for _ in range(_LINES_BEFORE):
        earlier = text.rfind("\n", 0, max(0, begin - 1)) + 1
        if not begin or start - earlier > _NEAR_CHARS:
            break
        begin = earlier
    end = text.find("\n", end)
    end = len(text) if end < 0 else end
    if end - begin > 2 * _NEAR_CHARS:
        return []
    return [Span(begin + each.start, begin + each.end) for each in _sentences(text[begin:end], article.language)]


@lru_cache(maxsize=64)
def _sentences(text: str, language: str) -> tuple[Span, ...]:
    return tuple(sentences(text, language))


def _part(text: str, start: int, end: int, question: str) -> Span:
    """Return of a sentence that is too long the clauses in a row that hold most of the question."""
    cuts = [start, *(start + match.end() for match in _BREAK.finditer(text[start:end])), end]
    cuts = [cut for cut in cuts if cut in {start, end} or balance(text[start:cut]) <= 0]
    wanted = set(stems(question))
    best: tuple[int, int, int] | None = None
    chosen = Span(start, end)
    for first, begin in enumerate(cuts[:-1]):
        for stop in cuts[first + 1 :]:
            size = _count(text, begin, stop)
            if size > MAX_QUOTE_WORDS:
                break
            held = len(wanted & set(stems(text[begin:stop])))
            rank = (held, size, -begin)
            if best is None or rank > best:
                best, chosen = rank, Span(begin, stop)
    if best is None or not best[0] or best[1] < MAX_QUOTE_WORDS // 4:
        words = list(re.finditer(r"\S+", text[start:end]))
        return Span(start, start + words[MAX_QUOTE_WORDS - 1].end())
    inside = text[chosen.start : chosen.end]
    junk = _JUNK.match(inside)
    begin = chosen.start + (junk.end() if junk else 0)
    return Span(begin, begin + len(text[begin : chosen.end].rstrip(" ,;:—–")))
