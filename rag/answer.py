"""What comes back for a question: hits, claims with their quotes, and the answer that holds them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.article import Article
from index.reader import Passage
from rag.filters import Filters
from rag.quotes import Quote


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage came: what each stage of the ranking made of it."""

    dense_rank: int | None
    """Place among the nearest vectors, from 1; None where it was not among them."""
    lexical_rank: int | None
    """Place among the BM25 matches, from 1; None where it was not among them."""
    words: tuple[str, ...]
    """The question's terms that the passage or its title holds."""
    cosine: float
    """Of the vectors of question and passage, at most 1."""
    bm25: float
    """Its BM25 score over the sum of the weights of the question's terms: 1 is about one full match of each."""
    coverage: float
    """Share of the question's terms in passage or title, weighted by how rare they are: 0 to 1."""
    proximity: float
    """The same within the best 25 words in a row: do they stand together? 0 to 1."""
    position: int
    """Which passage of its article it is, from 0."""
    date_factor: float
    """What the distance between the article's date and the days asked about leaves: 1 is no loss."""
    late_interaction: float | None = None
    """How well the passage's tokens match the question's (cosine, at most 1); None where not computed."""
    cross_encoder: float | None = None
    """What the cross-encoder says, 0 to 1; None where none is configured, or it did not read the passage."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, half-open in characters of the article's text, and how well it matches."""

    start: int
    end: int
    closeness: float
    """Late interaction with the question: cosine, at most 1."""
    coverage: float
    """Share of the question's words in it, weighted by how rare they are: 0 to 1."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer, its article, its score (higher is better), and why it came."""

    passage: Passage
    article: Article
    score: float
    why: Why
    sentences: tuple[Sentence, ...] = ()
    """The passage's sentences; computed for the first hits only."""
    copies: tuple[Article, ...] = ()
    """Other articles that print the same words."""

    @property
    def text(self) -> str:
        """Return the words of the passage."""
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the quotes that prove it."""

    text: str
    quotes: tuple[Quote, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the statement that the articles do not say.

    A refused answer has no claims; its hits are what came nearest, and answer nothing.
    """

    question: str
    searched: str
    """What was searched for: the question, made to stand alone where it leaned on earlier turns."""
    as_of: date | None
    refused: bool
    confidence: float
    """How sure it is that the articles answer, from 0 to 1."""
    claims: tuple[Claim, ...] = ()
    hits: tuple[Hit, ...] = ()
    articles_searched: int = 0
    considered: tuple[Quote, ...] = ()
    """The quotes that were weighed, best first. Those of a refused answer tell why it was refused; cite none."""
    filters: Filters = field(default_factory=Filters)
    """What the articles searched were chosen by."""
    notes: tuple[str, ...] = ()
    """What the person who asks should know of the filters, e.g. that no article has a publisher of this name."""
    seconds: dict[str, float] = field(default_factory=dict, compare=False)
    """How long each stage of the search took."""
    dropped: tuple[str, ...] = ()
    """What a model put between quotation marks that stands in no article."""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Return the quotes of all claims, in order."""
        return tuple(quote for claim in self.claims for quote in claim.quotes)

    @property
    def text(self) -> str:
        """Return the answer as plain text, each claim with where it is from."""
        if self.refused:
            chosen = f" ({self.filters})" if self.filters else ""
            said = [f"The {self.articles_searched:,} articles searched{chosen} do not answer this."]
        else:
            said = [
                "\n".join([claim.text, *(f"    — {quote.source_line}" for quote in claim.quotes)])
                for claim in self.claims
            ]
        return "\n\n".join([*said, *self.notes])

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote ask --json` prints."""
        return {
            "question": self.question,
            "searched": self.searched,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "filters": str(self.filters),
            "notes": list(self.notes),
            "refused": self.refused,
            "confidence": round(self.confidence, 4),
            "answer": self.text,
            "quotes": [span_json(quote.article, quote.start, quote.end) for quote in self.quotes],
            "passages": [span_json(hit.article, hit.passage.start, hit.passage.end) for hit in self.hits],
            "articles_searched": self.articles_searched,
        }


def span_json(article: Article, start: int, end: int) -> dict[str, Any]:
    """Return a span of an article with what a citation needs."""
    return {
        "article_id": article.id,
        "start": start,
        "end": end,
        "text": article.text[start:end],
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
    }
