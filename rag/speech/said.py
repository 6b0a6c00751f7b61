"""What somebody said, over a whole archive: in their own words, not what others said of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from index.article import Article
from index.errors import QuestionError
from index.reader import Index
from rag.answer import span_json
from rag.compose.words import stems
from rag.filters import Filters, parse
from rag.scope import scope
from rag.speech import Quotation, Speaker, quotations
from rag.verdicts.speakers import Same, same_speaker, surname

if TYPE_CHECKING:
    from rag.retrieve import Retriever

EVERYTHING = Filters()
_READ = 60  # passages about a topic in which quotations are looked for


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation that was looked for."""

    quotation: Quotation
    score: float
    """How much it is about the topic asked for, higher is more; 0 where none was."""

    def to_json(self) -> dict[str, Any]:
        """Return it as `pullquote quotes --json` prints it."""
        quote, speaker = self.quotation.quote, self.quotation.speaker
        return span_json(quote.article, quote.start, quote.end) | {
            "speaker": speaker.name if speaker else None,
            "speaker_title": speaker.title if speaker else None,
            "sentence": list(self.quotation.sentence),
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Voices:
    """Somebody who is quoted in an archive, and how often."""

    speaker: Speaker
    quotations: int
    articles: int


def said(
    retriever: "Retriever",
    speaker: str = "",
    about: str = "",
    *,
    k: int = 20,
    as_of: date | None = None,
    filters: Filters = EVERYTHING,
) -> list[Said]:
    """Return at most `k` quotations, of `speaker` where given: best first where a topic is given, else newest first.

    `speaker` is a name as articles have it, "Holt" for everybody of this surname, or what is said for a name: "police".

    Raises:
        QuestionError: neither a speaker nor a topic is given, or the topic cannot be searched for.
    """
    if not speaker.strip() and not about.strip():
        raise QuestionError("Say whose quotations are wanted, or about what: a speaker, a topic, or both.")
    if about.strip():
        found = _about(retriever, speaker, about, as_of, filters)
    else:
        index = retriever.index
        found = [
            Said(each, 0.0)
            for article in _articles(index, filters, as_of, speaker)
            for each in quotations(article)
            if _by(each, speaker)
        ]
        found.sort(key=lambda each: each.quotation.quote.article.published or date.min, reverse=True)
    return found[:k]


def speakers(retriever: "Retriever", *, as_of: date | None = None, filters: Filters = EVERYTHING) -> list[Voices]:
    """Return everybody who is quoted by name, the most quoted first; every article is read, which takes a while."""
    counts: dict[str, tuple[Speaker, int, set[str]]] = {}
    for article in _articles(retriever.index, filters, as_of, ""):
        for each in quotations(article):
            if each.speaker and each.speaker.name[:1].isupper():
                known, count, articles = counts.get(each.speaker.name, (each.speaker, 0, set()))
                counts[each.speaker.name] = (known if known.title else each.speaker, count + 1, articles | {article.id})
    found = [Voices(known, count, len(articles)) for known, count, articles in counts.values()]
    return sorted(found, key=lambda each: (-each.quotations, each.speaker.name))


def _about(retriever: "Retriever", speaker: str, about: str, as_of: date | None, filters: Filters) -> list[Said]:
    topic, typed = parse(about)
    filters = filters.also(typed)
    wanted = set(stems(topic))
    name = surname(speaker)
    # The name is asked for with the topic, and not as exact words: "he said" stands where the name does not.
    hits = retriever.find(f"{topic} {name}".strip(), k=_READ, as_of=as_of, filters=filters).hits
    best = max((hit.score for hit in hits), default=0.0)
    found: dict[tuple[str, int], Said] = {}
    for hit in hits:
        beside = len(wanted & set(stems(f"{hit.article.title} {hit.text}"))) / max(1, len(wanted))
        for each in quotations(hit.article):
            quote = each.quote
            if quote.start >= hit.passage.end or quote.end <= hit.passage.start or not _by(each, speaker):
                continue
            start, end = each.sentence
            own = len(wanted & set(stems(quote.article.text[start:end]))) / max(1, len(wanted))
            if own or beside:
                score = own + beside / 2 + (hit.score - best) / 10
                key = (quote.article.id, quote.start)
                if key not in found or found[key].score < score:
                    found[key] = Said(each, score)
    return sorted(found.values(), key=lambda each: -each.score)


def _by(quotation: Quotation, speaker: str) -> bool:
    """Tell whether a quotation is by somebody; by anybody where nobody is asked for."""
    if not speaker.strip():
        return True
    if quotation.speaker is None:
        return False
    same = same_speaker(speaker, quotation.speaker.name)
    if same is Same.UNKNOWN:  # no name: "police", "a spokesman"
        return set(stems(speaker)) <= set(stems(f"{quotation.speaker.name} {quotation.speaker.title}"))
    return same is Same.YES


def _articles(index: Index, filters: Filters, as_of: date | None, speaker: str) -> Iterator[Article]:
    """Yield the articles that pass, where a speaker is asked for those that have the surname."""
    rows = scope(index, filters, as_of.toordinal() if as_of else None).rows
    chosen = np.arange(len(index.rows)) if rows is None else np.asarray(rows)
    if name := surname(speaker):
        chosen = np.intersect1d(chosen, np.asarray(index.holding(name)))
    for place in np.unique(index.rows[chosen, 0]):
        yield index.article_at(int(place))
