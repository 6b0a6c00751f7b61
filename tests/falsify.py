"""Makes false quotations out of articles, six kinds of them, and true ones that only look different.

What is true of each is known from how it was made, and not from the code that is tested. What turns out to stand in an
article all the same is thrown away, by comparing letters and digits alone.
"""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.article import Article
from index.passage import sentences
from rag.speech import quotations
from rag.verdicts import Verdict
from rag.verdicts.speakers import Same, same_speaker

LEAST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation that was made, the article that it is said to be from, and the verdict that it deserves."""

    kind: str
    words: str
    cited: Article
    verdict: Verdict
    speaker: str | None = None
    text: str = ""
    """Of a true one, the words as printed."""


_LETTERS = re.compile(r"[^\W_]+")


def bare(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\u200b", "").casefold()
    return f" {' '.join(_LETTERS.findall(text))} "


class Maker:
    """Makes quotations from the articles of one archive, the same ones every time."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self._bare = {article.id: bare(article.text) for article in articles}
        self._sentences = {article.id: _sentences(article) for article in articles}
        self._runs: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._by_id = {article.id: article for article in articles}
        for article in articles:
            words = self._bare[article.id].split()
            for at in range(len(words) - 2):
                self._runs[tuple(words[at : at + 3])].add(article.id)

    def find(self, words: str) -> Iterator[Article]:
        """Give the articles that hold words, as an index would."""
        wanted = bare(words)
        run = wanted.split()
        if len(run) < 3:
            return iter(())
        return (self._by_id[key] for key in sorted(self._runs[tuple(run[:3])]) if wanted in self._bare[key])

    def stands(self, words: str) -> bool:
        """Tell whether the letters and digits of words stand anywhere in a row."""
        return next(iter(self.find(words)), None) is not None

    def false(self, article: Article, each: int) -> Iterator[Made]:
        """Yield at most `each` false quotations of each kind from one article."""
        for make in (self.negated, self.numbered, self.swapped, self.invented, self.stitched, self.foreign):
            rng = random.Random(f"{make.__name__} {article.id}")  # noqa: S311 - the same ones every time
            made: dict[str, Made] = {}
            for quotation in make(article, rng):
                if quotation.kind in {"foreign", "swapped"} or not self.stands(quotation.words):
                    made.setdefault(quotation.words, quotation)
                if len(made) == each:
                    break
            yield from made.values()

    def negated(self, article: Article, rng: random.Random) -> Iterator[Made]:
        for sentence in _shuffled(self._sentences[article.id], rng):
            for pattern, becomes in _NEGATIONS:
                hits = list(re.finditer(pattern, sentence))
                if hits:
                    hit = rng.choice(hits)
                    changed = sentence[: hit.start()] + hit.expand(becomes) + sentence[hit.end() :]
                    yield Made("negated", changed, article, Verdict.NOT_FOUND)
                    break

    def numbered(self, article: Article, rng: random.Random) -> Iterator[Made]:
        for sentence in _shuffled(self._sentences[article.id], rng):
            hits = list(re.finditer(_NUMBER, sentence))
            if hits:
                hit = rng.choice(hits)
                changed = sentence[: hit.start()] + other_number(hit.group(), rng) + sentence[hit.end() :]
                yield Made("number", changed, article, Verdict.NOT_FOUND)

    def swapped(self, article: Article, rng: random.Random) -> Iterator[Made]:
        said = [(each.quote.text, each.speaker.name) for each in quotations(article) if each.speaker]
        names = sorted({name for _, name in said} | set(_FULL_NAME.findall(article.text)))
        for text, speaker in _shuffled(said, rng):
            others = [name for name in names if same_speaker(name, speaker) is Same.NO]
            by = {name for each, name in said if bare(text) in bare(each)}
            others = [name for name in others if all(same_speaker(name, each) is Same.NO for each in by)]
            if others and len(text.split()) >= 4 and bare(self._bare[article.id]).count(bare(text)) == 1:
                yield Made("swapped", text, article, Verdict.MISATTRIBUTED, rng.choice(others))

    def invented(self, article: Article, rng: random.Random) -> Iterator[Made]:
        vocabulary = article.text.split()
        for sentence in _shuffled(self._sentences[article.id], rng):
            words = rng.sample(vocabulary, min(len(vocabulary), rng.randint(8, 16)))
            yield Made("invented", " ".join(words).strip(" ,.;"), article, Verdict.NOT_FOUND)
            told = _SYNONYM.sub(lambda match: _SYNONYMS[match.group()], sentence)
            if sum(one != other for one, other in zip(told.split(), sentence.split(), strict=False)) >= 2:
                yield Made("invented", told, article, Verdict.NOT_FOUND)

    def stitched(self, article: Article, rng: random.Random) -> Iterator[Made]:
        own = self._sentences[article.id]
        while len(own) > 1:
            one = rng.choice(own)
            other = rng.choice(own if rng.random() < 0.6 else self._sentences[rng.choice(self.articles).id] or own)
            if one == other:
                words = one.split()
                if len(words) < 15:
                    continue
                yield Made("stitched", f"{_joined(words[:5])} … {_joined(words[-6:])}", article, Verdict.STITCHED)
                continue
            joint = rng.choice([" ", " … ", " ... ", "… ", " [...] ", ", ", ". "])
            first, second = one.split(), other.split()
            halves = _joined(first[: max(5, len(first) // 2)]), _joined(second[-max(5, len(second) // 2) :])
            yield Made("stitched", joint.join(halves), article, Verdict.STITCHED)

    def foreign(self, article: Article, rng: random.Random) -> Iterator[Made]:
        for _ in range(40):
            other = rng.choice(self.articles)
            if other.id != article.id and self._sentences[other.id]:
                words = rng.choice(self._sentences[other.id])
                if bare(words) not in self._bare[article.id]:
                    yield Made("foreign", words, article, Verdict.MISATTRIBUTED)

    def true(self, article: Article, each: int) -> Iterator[Made]:
        """Yield at most `each` true quotations as printed, and as many set in another way."""
        rng = random.Random(f"true {article.id}")  # noqa: S311 - the same ones every time
        for sentence in _shuffled(self._sentences[article.id], rng)[:each]:
            words = list(re.finditer(r"\S+", sentence))
            start = rng.randrange(len(words) - 3)
            end = rng.randrange(start + 3, len(words))
            part = sentence[words[start].start() : words[end].end()]
            yield Made("exact", rng.choice([sentence, part]), article, Verdict.EXACT)
            for set_otherwise in rng.sample(TYPOGRAPHY, len(TYPOGRAPHY)):
                changed = set_otherwise(sentence)
                if changed not in (sentence, ""):
                    kind = Verdict.EXACT if changed.strip() in article.text else Verdict.TYPOGRAPHY
                    yield Made("typography", changed, article, kind, text=sentence)
                    break


def _sentences(article: Article) -> list[str]:
    found = [article.text[each.start : each.end] for each in sentences(article.text, article.language)]
    return [each for each in dict.fromkeys(found) if LEAST_WORDS <= len(bare(each).split()) <= 60]


def _shuffled(values: Iterable, rng: random.Random) -> list:  # type: ignore[type-arg] # any kind, the same comes back
    values = list(values)
    return rng.sample(values, len(values))


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).strip(" ,.;:")


_AUX = r"will|would|was|were|is|are|has|have|had|can|could|should|must|might"
_NEGATIONS = (
    (rf"\b({_AUX}|did|does|do) (?:not|never) ", r"\1 "),
    (r"\b(did|does|do|was|were|is|are|has|have|had|would|could|should)n['’]t\b", r"\1"),
    (r"\bnever ", ""),
    (rf"\b({_AUX})\b(?! not| never|n['’])", r"\1 not"),
    (rf"\b({_AUX})\b(?! not| never|n['’])", r"\1 never"),
    (r"\b([a-z]{3,})ed\b", r"did not \1"),
    (r"\bsaid\b", "never said"),
)
_SPELT = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "twenty",
    "thirty",
]
_NUMBER = rf"(?<![\w.,])\d+(?:,\d{{3}})*(?:\.\d+)?(?![\w]|[.,]\d)|\b(?:{'|'.join(_SPELT)}|million|billion)\b"
_FULL_NAME = re.compile(r"\b[A-Z][a-z]{2,} [A-Z][a-z]{3,}\b")


def other_number(number: str, rng: random.Random) -> str:
    """Return another number than the one given, of the same form."""
    if number in ("million", "billion"):
        return "billion" if number == "million" else "million"
    if number in _SPELT:
        return rng.choice([each for each in _SPELT if each != number])
    at = rng.choice([place for place, each in enumerate(number) if each.isdigit()])
    digit = rng.choice([each for each in "123456789" if each != number[at]])
    changed = number[:at] + digit + number[at + 1 :]
    return changed if "," in number else rng.choice([changed, f"1{number}"])


_SYNONYMS = {
    "said": "stated", "people": "residents", "big": "large", "small": "little", "town": "city", "house": "home",
    "began": "started", "start": "begin", "help": "assist", "many": "numerous", "children": "kids", "money": "funds",
    "told": "informed", "about": "around", "would": "might", "because": "since", "asked": "questioned", "had": "held",
    "new": "recent", "first": "earliest", "last": "final", "found": "discovered", "was": "seemed", "were": "appeared",
    "and": "plus", "year": "season", "the": "a", "for": "towards", "after": "following", "before": "ahead of",
}  # fmt: skip
_SYNONYM = re.compile(rf"\b(?:{'|'.join(_SYNONYMS)})\b")


def _marks(text: str) -> str:
    if re.search("[“”‘’]", text):
        for one, other in zip("“”‘’", "\"\"''", strict=True):
            text = text.replace(one, other)
        return text
    return re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r'"([^"]*)"', "“\\1”", text))


def _soft(text: str) -> str:
    return re.sub(r"\b([a-z]{4})([a-z]{4,})\b", "\\1\u00ad\\2", text, count=1)


def _capital(text: str) -> str:
    """Begin the sentence as the quotation's middle does: a small letter for its capital."""
    return text[0].lower() + text[1:] if text[0].isupper() and text[1:2].islower() else ""


TYPOGRAPHY: list[Callable[[str], str]] = [
    _marks,
    lambda text: re.sub(r" [–—-] |—", lambda match: {"—": "-"}.get(match.group(), " — "), text),
    lambda text: text.replace("…", "...") if "…" in text else text.replace("...", "…"),
    lambda text: re.sub(r" ", "  ", text, count=3),
    lambda text: text.replace(" ", "\n", 1).replace(" ", "\u00a0", 1),
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: re.sub("ffi", "ﬃ", text).replace("fi", "ﬁ").replace("fl", "ﬂ"),
    _soft,
    _capital,
    lambda text: re.sub(r"(?<=\w)[.,]?\Z", ",", text),
    lambda text: f"…{text}…",
    lambda text: re.sub(r"\A(\w)(?=[a-z])", lambda match: f"[{match[1].lower()}]", text),
    lambda text: text.replace("“", "‘").replace("”", "’").replace('"', "'"),
]
