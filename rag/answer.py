"""What comes back for a question: hits, claims with their quotes, and the answer that holds them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from index.article import Article
from index.reader import Passage
from rag.filters import Filters
from rag.quotes import Quote

MAX_QUOTE_WORDS = 60
"""Most words of a quote."""


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
    sentence: float | None = None
    """How well the best of its sentences answers (`rag.sentences`), any size; None where they were not read."""
    cross_encoder: float | None = None
    """What the cross-encoder says, 0 to 1; None where none is configured, or it did not read the passage."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage or two adjoining ones, half-open in characters of the article's text, and its match."""

    start: int
    end: int
    closeness: float
    """Late interaction with the question: cosine, at most 1. All tokens of the question count alike."""
    weighted: float
    """The same, the question's tokens weighed by how rare their words are."""
    coverage: float
    """Share of the question's words in it, weighted by how rare they are: 0 to 1."""
    pair: bool = False
    """Whether it is two sentences: the second of them often answers what only the first one names."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer, its article, its score (higher is better), and why it came."""

    passage: Passage
    article: Article
    score: float
    why: Why
    sentences: tuple[Sentence, ...] = ()
    """The passage's sentences and pairs of adjoining ones; computed for the first hits only."""
    copies: tuple[Article, ...] = ()
    """Other articles that print the same words."""
    report: str = ""
    """What its article prints, named by the article that printed it first; empty where no other one prints it."""

    @property
    def printed(self) -> str:
        """Return what its article prints, as `report` names it, else the article's own id: copies are one report."""
        return self.report or self.article.id

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
    doubts: tuple[str, ...] = ()
    """What in it its quotes do not bear out, each in words for a reader: a number, a name, a negation."""
    also_in: tuple[Article, ...] = ()
    """Other articles that print the words of its first quote: one report with it, and no further sources."""
    superseded: str = ""
    """Of words that a newer version of their article no longer has: what became of it, e.g. "corrected on 12 Feb 2026".
    The newer version is quoted before them."""

    @property
    def is_quote(self) -> bool:
        """Tell whether it merely is one of its quotes, and not a statement about them."""
        return self.text.strip() in {quote.text.strip() for quote in self.quotes}

    @property
    def warning(self) -> str:
        """Say what is not borne out, as a sentence; empty where all is."""
        if not self.quotes:
            return "No quote bears this out."
        if self.doubts:
            return f"Not borne out: {'; '.join(self.doubts).rstrip('.')}."
        return "" if self.supported else "Not borne out by the quotes."


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A passage that came near and does not answer. It is shown beside a refusal, and never cited."""

    hit: Hit
    lacks: str
    """What it has and what it lacks, in words for a reader: "mentions Quill, but not the ferry"."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was searched: which days, for which words, and which of these stand nowhere."""

    first: date | None = None
    """Of the articles searched, the day of the first; None where none has a date."""
    last: date | None = None
    undated: int = 0
    """How many of them have no date."""
    words: tuple[str, ...] = ()
    """The question's words of content, the rarest of the archive first."""
    unheld: tuple[str, ...] = ()
    """Those of them that no article searched has, in any of their forms; names whose words never stand together."""

    @property
    def days(self) -> str:
        """Return the days in words, e.g. "1 Sep 2025 to 30 Sep 2026"; empty where no article has a date."""
        known = dict.fromkeys(f"{day.day} {day:%b %Y}" for day in (self.first, self.last) if day)
        return " to ".join(known) + (f", {self.undated:,} of no known date" if known and self.undated else "")

    def to_json(self) -> dict[str, Any]:
        """Return what was searched as JSON has it."""
        return {
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "undated": self.undated,
            "words": list(self.words),
            "in_no_article": list(self.unheld),
        }

    @property
    def missing(self) -> str:
        """Say which words no article searched has; empty where each stands in some."""
        named = [f"“{word}”" for word in self.unheld]
        listed = " or ".join([", ".join(named[:-1]), named[-1]]) if named[1:] else "".join(named)
        return f"No article searched has {listed}." if listed else ""


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
    lead: str = ""
    """What the program says of the quotes before them, e.g. that the sources differ; no words of an article."""
    near: tuple[NearMiss, ...] = ()
    """Of a refused answer: what came nearest, each with what it lacks."""
    version: str = ""
    """The version of the index that was searched."""
    reach: Reach | None = None
    """What was searched; None where nobody has looked."""
    asked_at: datetime | None = field(default=None, compare=False)
    """The moment at which it was asked, in UTC."""
    written_by: str = ""
    """The model that wrote the claims; empty where they are the articles' own sentences."""
    fallback: str = ""
    """Why the articles' own sentences came instead of a model's answer, in words for a reader; else empty."""
    dropped: tuple[str, ...] = ()
    """What a model put between quotation marks and is not shown so: nothing that it cites has these words."""

    @property
    def begun(self) -> bool:
        """Tell whether there is anything to show yet; of an answer in the making there may be nothing."""
        return self.refused or bool(self.claims)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Return the quotes of all claims, in order."""
        return tuple(quote for claim in self.claims for quote in claim.quotes)

    @property
    def compares(self) -> bool:
        """Tell whether its quotes are to be read beside each other: their values differ, or each is of one side."""
        from rag.compose import BESIDE

        return self.lead in BESIDE

    @property
    def also_in(self) -> tuple[Article, ...]:
        """Return the other articles that print what is quoted, each once."""
        return tuple({each.id: each for claim in self.claims for each in claim.also_in}.values())

    @property
    def text(self) -> str:
        """Return the answer as plain text, each claim with where it is from."""
        if self.refused:
            chosen = f" ({self.filters})" if self.filters else ""
            days = f", {self.reach.days}," if self.reach and self.reach.days else ""
            said = [f"The {self.articles_searched:,} articles searched{chosen}{days} do not answer this."]
            said += [self.reach.missing] if self.reach and self.reach.missing else []
            near = [
                f"    {Quote(each.hit.article, each.hit.passage.start, each.hit.passage.end).source_line}, "
                f"“{each.hit.article.title}” {each.lacks}."
                for each in self.near
            ]
            said += ["\n".join(["Near, but no answer:", *near])] if near else []
        else:
            said = [self.lead] if self.lead else []
            said += [_claim_text(claim) for claim in self.claims]
            said += [f"Written by {self.written_by}, each sentence with its quotes."] if self.written_by else []
        unshown = "; ".join(f"“{words}”" for words in self.dropped)
        said += [f"Not shown as quotations, for nothing cited has these words: {unshown}."] if unshown else []
        return "\n\n".join([*said, *self.notes, *([self.fallback] if self.fallback else [])])

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
            "lead": self.lead,
            "answer": self.text,
            "claims": [
                {
                    "text": claim.text,
                    "supported": claim.supported,
                    "doubts": list(claim.doubts),
                    "quotes": [span_json(quote.article, quote.start, quote.end) for quote in claim.quotes],
                    "also_in": [article_json(each) for each in claim.also_in],
                    "superseded": claim.superseded,
                }
                for claim in self.claims
            ],
            "written_by": self.written_by,
            "fallback": self.fallback,
            "dropped": list(self.dropped),
            "quotes": [span_json(quote.article, quote.start, quote.end) for quote in self.quotes],
            "passages": [span_json(hit.article, hit.passage.start, hit.passage.end) for hit in self.hits],
            "articles_searched": self.articles_searched,
            "reach": self.reach.to_json() if self.reach else None,
            "near": [
                span_json(each.hit.article, each.hit.passage.start, each.hit.passage.end) | {"lacks": each.lacks}
                for each in self.near
            ],
        }


def _claim_text(claim: Claim) -> str:
    sources = [
        f"    — {quote.dated_line}" if claim.is_quote else f"    “{quote.text}” — {quote.dated_line}"
        for quote in claim.quotes
    ]
    said = [f"    ({claim.warning})"] if claim.warning else []
    said += [f"    (the article was {claim.superseded} since)"] if claim.superseded else []
    return "\n".join([claim.text, *said, *sources, *([f"    {also_line(claim)}"] if claim.also_in else [])])


def also_line(claim: Claim) -> str:
    """Return who else ran what a claim quotes, e.g. "Also in: Herald, Post (3 articles, 1 report)"; "" for nobody."""
    names = ", ".join(dict.fromkeys(each.publisher or each.id for each in claim.also_in))
    return f"Also in: {names} ({1 + len(claim.also_in)} articles, 1 report)" if names else ""


def article_json(article: Article) -> dict[str, Any]:
    """Return what names an article."""
    return {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
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
        "published_from": article.published_from,
        "modified": article.modified.isoformat() if article.modified else None,
        "modified_from": article.modified_from,
        "read": article.read.isoformat() if article.read else None,
        "url": article.url,
    }
