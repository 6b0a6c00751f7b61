"""Finds the passages that may answer: dense and lexical search, fused, dated, ranked again by late interaction."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from index.article import Article
from index.embed import Embedder
from index.errors import ModelMismatch, QuestionError
from index.reader import UNKNOWN_DAY, Index
from index.versions import Data
from rag import rank
from rag.absence import reach
from rag.answer import Hit, Reach
from rag.candidates import Clock, candidates
from rag.cross import READ, CrossEncoderReranker
from rag.dates import when
from rag.dates.dating import dating
from rag.dates.events import period_of
from rag.dates.when import Period
from rag.filters import Filters, parse
from rag.hits import beside, spread
from rag.late import LateInteraction
from rag.prints import NO_PRINTS, Prints
from rag.question import checked, is_question, only_stop_words, wants_several
from rag.scope import scope
from rag.sentences import unread
from rag.settings import Settings
from rag.terms import Terms

if TYPE_CHECKING:
    from rag.quotes import Quote
    from rag.stories.related import Relations
    from rag.stories.timeline import Timeline

K = 10
_DEEP = 40  # passages of each wording of a question that are joined
_CONTEXT = 0.5  # what the wording with the context counts, chosen by tests/bench/conversations.py
EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for there being an answer at all: the best that any of the first hits reached."""

    bm25: float
    """BM25 over the sum of the weights of the question's terms: 1 is about one full match of each."""
    late: float
    """Late interaction with a passage."""
    margin: float
    """How far the first hit's score is above the fourth's: an answer stands out, a mere topic does not."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the question as it was searched for, and the hits, best first."""

    question: str
    as_of: date | None
    hits: tuple[Hit, ...]
    articles: int
    """How many articles were searched."""
    evidence: Evidence
    filters: Filters = EVERYTHING
    """What the articles searched were chosen by: the filters given and those typed into the question."""
    periods: tuple[Period, ...] = ()
    """The days that the question speaks of: articles of these days go first."""
    notes: tuple[str, ...] = ()
    """What the person who asks should know of the filters, e.g. that no article has a publisher of this name."""
    seconds: dict[str, float] = field(default_factory=dict, compare=False)
    """How long each stage took."""
    version: str = ""
    """The version of the index that was searched."""
    reach: Callable[[], Reach] = field(default=Reach, compare=False)
    """Tells what was searched; only a refusal asks."""
    prints: Prints = field(default=NO_PRINTS, compare=False)
    """Tells which other articles print what is quoted, and which newer version stands for an article."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds. Dates are None where no article has one."""

    articles: int
    passages: int
    first: date | None
    last: date | None
    version: str


class Retriever:
    """An open archive. It follows newly published versions by itself, and may be used by many threads."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        """Open the index in `settings.data`.

        Raises:
            IndexMissing: nothing was built there yet.
            IndexDamaged: a file of it is not what was written.
            ModelMismatch: it was built with another model.
        """
        self.settings = settings
        self._embedder = embedder
        self._data = Data(settings.data)
        self._opening = threading.Lock()
        self._late = LateInteraction(embedder, settings.reranked)
        self._cross = CrossEncoderReranker(settings.cross_encoder) if settings.cross_encoder else None
        self._index = self._opened(self._data.current_name())

    @property
    def index(self) -> Index:
        """Return the version being served, opening it where it is newer than the one in hand."""
        if self._data.current_name() != self._index.manifest.name and self._opening.acquire(blocking=False):
            # One thread opens it; the others go on with the one in hand, which is not closed: they read it.
            try:
                self._index = self._opened(self._data.current_name())
            finally:
                self._opening.release()
        return self._index

    @property
    def summary(self) -> Summary:
        """Return what the archive holds."""
        index = self.index
        first, last = _known(index)
        return Summary(index.manifest.articles, index.manifest.passages, first, last, index.manifest.name)

    def article(self, article_id: str) -> Article | None:
        """Return the article of this id, or None where the archive holds none."""
        return self.index.article(article_id)

    def examples(self, count: int = 5) -> list[str]:
        """Return questions that this archive can be asked."""
        from rag.examples import examples

        return examples(self.index, self._data, count)

    def related(self, about: "str | Hit | Quote", k: int = K, at: int | None = None) -> "Relations":
        """Return the `k` articles most related to an article, or to a passage of it, and its copies.

        `about` is an article's id, with the character `at` for the passage there, or a hit or quote for its passage.

        Raises:
            ArticleUnknown: the archive holds no article of this id.
            SpanError: `at` is no character of the article.
        """
        from rag.stories.related import related

        return related(self.index, about, k, at)

    def timeline(self, about: "str | Hit | Quote", k: int = 20) -> "Timeline":
        """Return the story of an article, or the one that a question is about: at most `k` articles, by date.

        Raises:
            ArticleUnknown: `about` looks like the id of an article, and none has it.
            QuestionError: it is a question that cannot be searched for.
        """
        from rag.stories.timeline import timeline

        return timeline(self.index, about, self.search, k)

    def search(self, question: str, k: int = K, as_of: date | None = None, filters: Filters = EVERYTHING) -> list[Hit]:
        """Return the `k` passages that answer best, or fewer where the articles searched have fewer.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        return list(self.find(question, k=k, as_of=as_of, filters=filters).hits)

    def find(
        self,
        question: str,
        *,
        k: int = K,
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
        context: str | None = None,
    ) -> Found:
        """Return the `k` passages that answer best, with what was searched for.

        `context` is the question with what was asked before it: what is found for it counts by half.

        `as_of` is the day the question is asked on. Without it today counts, but only for a question that
        speaks of time ("latest", "last week"). `filters` hold beside those typed into the question.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        if context:
            found, other = (self.find(each, k=_DEEP, as_of=as_of, filters=filters) for each in (question, context))
            return replace(found, hits=tuple(beside(found.hits, other.hits, _CONTEXT)[:k]))
        clock = Clock()
        text, typed = parse(checked(question, self.settings.max_question_chars))
        given = {phrase for part in filters.parts for phrase in part.phrases}
        filters = filters.also(typed)
        text = _searchable(text, filters)
        index = self.index
        dated = dating(text, as_of, datetime.now(UTC).astimezone().date(), _known(index))
        # What a program asks for must hold; what a question quotes may be quoted wrongly.
        loose = [each for each in typed.phrases if each not in given] if is_question(text) else []
        searched = scope(index, filters, dated.until, loose=loose)
        if not dated.periods and (period := period_of(index, text, searched.rows)):
            dated = replace(dated, periods=(period,))
        terms = Terms.of(index, _undated(text))
        clock.lap("question")
        [vector] = self._embedder.questions([text])
        clock.lap("embed")
        # A question for several sources chooses among all that was found; else articles are read of the first alone.
        read = None if wants_several(text) else max(k, self.settings.reranked, READ if self._cross else 0)
        wanted = k + 2 * max(self.settings.reranked, READ)  # more than asked for, since copies of a text count once
        while True:
            made = candidates(index, terms, dated, searched, vector, wanted, clock)
            groups = made.groups()
            if len(groups) >= k or len(made.rows) < wanted:
                break
            wanted *= 4
        hits = made.hits(groups[:read])
        clock.lap("fuse")
        if self._cross:
            hits = self._cross.rerank(text, hits)
            clock.lap("cross-encoder")
        hits = self._late.rerank(index, text, terms, hits)
        clock.lap("rerank")
        evidence = _evidence(hits[: self.settings.reranked])
        if read is None:
            hits = spread(hits)
        return Found(
            question=text,
            as_of=dated.day,
            periods=dated.periods,
            hits=tuple(hits[:k]),
            articles=searched.articles,
            evidence=evidence,
            filters=searched.filters,
            notes=searched.notes,
            seconds=clock.seconds,
            version=index.manifest.name,
            reach=lambda: reach(index, text, searched.rows),
            prints=Prints(index, searched.rows),
        )

    def _opened(self, name: str) -> Index:
        manifest = self._data.manifest(name)
        if manifest.model != self._embedder.name:
            raise ModelMismatch(
                f"{self._data.root}: this index was built with the model {manifest.model}, but "
                f"{self._embedder.name} is configured. Name that model, or build the index again with this one."
            )
        return Index(self._data, manifest)


def _known(index: Index) -> tuple[date, date] | tuple[None, None]:
    """Return the first and the last date of the articles, or nothing where none has one."""
    known = index.days[index.days != UNKNOWN_DAY]
    if not len(known):
        return None, None
    return date.fromordinal(int(known.min())), date.fromordinal(int(known.max()))


def _searchable(text: str, filters: Filters) -> str:
    """Return what is looked up for a question without its filters.

    Raises:
        QuestionError: nothing is left of it.
    """
    text = text or " ".join(phrase for part in filters.parts for phrase in part.phrases)
    if filters and not any(char.isalnum() for char in text):
        raise QuestionError(f"{filters}: says where to look, and not what for. Add a word or a question.")
    if only_stop_words(text):
        raise QuestionError(
            f"{text[:80]!r} holds only words that are in every article. Name the person, place or thing."
        )
    return text


def _undated(text: str) -> str:
    """Return what is looked up as words: all of it but what only dates it, if that leaves any."""
    blanked = when.blanked(text)
    return text if only_stop_words(blanked) else blanked


def _evidence(hits: Sequence[Hit]) -> Evidence:
    """Return what speaks for an answer; of scores without cross-encoder and best sentence, since it is fitted so."""
    scores = sorted((unread(hit) - rank.WEIGHTS.cross * (hit.why.cross_encoder or 0.0) for hit in hits), reverse=True)
    return Evidence(
        bm25=max((hit.why.bm25 for hit in hits), default=0.0),
        late=max((hit.why.late_interaction or 0.0 for hit in hits), default=0.0),
        margin=scores[0] - scores[min(3, len(scores) - 1)] if scores else 0.0,
    )
