"""Receipts: what an answer was made of, so that somebody else can check it later against the archive.

A receipt is one JSON object. It holds the words quoted, their places, and sha256 sums: of each article as it was
(`Article.digest`), of the words, and of the receipt itself. The sums find damage and careless edits. They are no
signature: whoever forges words can make new sums, and then the archive, which never had these words, tells.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.article import Article
from index.errors import IndexDamaged, ReceiptError
from index.versions import Manifest
from rag import __version__
from rag.answer import Answer
from rag.files import write_whole
from rag.quotes import Quote
from rag.retrieve import Retriever

SCHEMA = 1
"""Of the receipts that this program writes, and the only one that it reads."""
SEAL = "receipt_sha256"
_MOST_BYTES = 32_000_000  # no answer has so many; what is longer is some other file
_USER = re.compile(r"(?<=://)[^/@\s]*@")
_QUERY = re.compile(r"(://[^\s?#]*)[?#]\S*")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class QuotedWords(_Part):
    """Words that were quoted, and where from."""

    article_id: str
    article_sha256: str
    """`Article.digest` of the article as it was: of its text, title, date and all else that it says of itself."""
    start: int
    end: int
    text: str
    text_sha256: str
    """Of the words, in UTF-8."""
    title: str
    publisher: str | None
    published: date | None
    url: str | None


class PassageRead(_Part):
    """A passage that the search found."""

    article_id: str
    article_sha256: str
    start: int
    end: int


class Stated(_Part):
    """One statement of the answer; `quotes` are places in the receipt's list of them, from 0."""

    text: str
    supported: bool
    doubts: tuple[str, ...]
    quotes: tuple[int, ...]


class IndexUsed(_Part):
    """The version of the index that was searched; what is None was not known any more."""

    version: str
    articles_sha256: str | None
    """Of all articles of the version: two versions with the same sum hold the same articles."""
    articles: int | None
    passages: int | None
    created: str | None
    model: str | None
    """The embedding model: its name, @, and the beginning of the sha256 of its weights."""


class Searched(_Part):
    """What was searched, and for which words."""

    question: str
    """As it was searched for: made to stand alone, without its filters."""
    filters: str
    """As one types them."""
    as_of: date | None
    articles: int
    first: date | None
    last: date | None
    words: tuple[str, ...]
    words_in_no_article: tuple[str, ...]


class Receipt(_Part):
    """What an answer was made of."""

    receipt: Literal[1]
    """The schema."""
    program: str
    asked_at: datetime
    question: str
    searched: Searched
    notes: tuple[str, ...]
    index: IndexUsed
    reranker: str
    """The cross-encoder that ranked passages again, or empty."""
    written_by: str
    """The language model that wrote the statements, or empty: they are the articles' own sentences."""
    fallback: str
    """Why the articles' own sentences came instead of that model's, or empty."""
    refused: bool
    confidence: float
    refuse_below: float
    claims: tuple[Stated, ...]
    quotes: tuple[QuotedWords, ...]
    passages: tuple[PassageRead, ...]
    left_out: tuple[str, ...]
    """What a model put between quotation marks and no article holds: it was not shown."""
    receipt_sha256: str
    """Of all else, as canonical JSON: sorted keys, no white space, UTF-8."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that a receipt's file holds."""
        return self.model_dump(mode="json")


def receipt_of(answer: Answer, retriever: Retriever) -> Receipt:
    """Return the receipt of an answer that came from this archive; where it does not know when it was asked, now."""
    quotes = list(dict.fromkeys(answer.quotes))
    reach = answer.reach
    made: dict[str, Any] = {
        "receipt": SCHEMA,
        "program": f"pullquote {__version__}",
        "asked_at": (answer.asked_at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "question": answer.question,
        "searched": {
            "question": answer.searched,
            "filters": str(answer.filters),
            "as_of": _iso(answer.as_of),
            "articles": answer.articles_searched,
            "first": _iso(reach.first) if reach else None,
            "last": _iso(reach.last) if reach else None,
            "words": list(reach.words) if reach else [],
            "words_in_no_article": list(reach.unheld) if reach else [],
        },
        "notes": list(answer.notes),
        "index": _index(answer.version, retriever),
        "reranker": _public(retriever.settings.cross_encoder),
        "written_by": _public(answer.written_by),
        "fallback": _public(answer.fallback),
        "refused": answer.refused,
        "confidence": round(answer.confidence, 6),
        "refuse_below": retriever.settings.refuse_below,
        "claims": [
            {
                "text": claim.text,
                "supported": claim.supported,
                "doubts": list(claim.doubts),
                "quotes": [quotes.index(quote) for quote in claim.quotes],
            }
            for claim in answer.claims
        ],
        "quotes": [quoted_words(quote) for quote in quotes],
        "passages": [
            {
                "article_id": hit.article.id,
                "article_sha256": hit.article.digest,
                "start": hit.passage.start,
                "end": hit.passage.end,
            }
            for hit in answer.hits
        ],
        "left_out": list(answer.dropped),
    }
    unsealed = Receipt.model_validate(made | {SEAL: ""})
    return unsealed.model_copy(update={SEAL: seal(unsealed.to_json())})  # of the values as they are written


def write_receipt(file: Path, receipt: Receipt) -> None:
    """Write a receipt, whole or not at all.

    Raises:
        SettingsError: it cannot be written there.
    """
    write_whole(file, json.dumps(receipt.to_json(), ensure_ascii=False, indent=1) + "\n", "the receipt")


def read_receipt(file: Path) -> tuple[Receipt, bool]:
    """Return the receipt in a file, and whether it is as it was written: its own sha256 holds.

    Raises:
        ReceiptError: the file holds no receipt, or one of another schema; the message says which.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ReceiptError(f"{file}: too long for a receipt of Pullquote. {_NAME_ONE}")
        given = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        said = error.strerror if isinstance(error, OSError) else f"no JSON: {error}"
        raise ReceiptError(f"{file}: not a receipt that can be read ({said}). {_NAME_ONE}") from error
    if not isinstance(given, dict) or "receipt" not in given:
        raise ReceiptError(f"{file}: JSON, but no receipt of Pullquote. {_NAME_ONE}")
    if given["receipt"] != SCHEMA:
        raise ReceiptError(
            f"{file}: a receipt of schema {str(given['receipt'])[:20]!r}; this program reads schema {SCHEMA}. "
            f"It was written by {str(given.get('program', 'another program'))[:40]}: check it with that."
        )
    try:
        receipt = Receipt.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ReceiptError(f"{file}: a damaged receipt ({place}: {first['msg'].lower()}). {_NAME_ONE}") from error
    return receipt, receipt.receipt_sha256 == seal(given)


_NAME_ONE = "Name a file that `pullquote ask … --receipt FILE` wrote."


def seal(receipt: Mapping[str, Any]) -> str:
    """Return the sha256 of a receipt's object without the sum that it holds itself."""
    rest = {key: value for key, value in receipt.items() if key != SEAL}
    return sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def sha256(text: str) -> str:
    """Return the sha256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def source(article: Article) -> dict[str, Any]:
    """Return what a receipt says of the article that a quote is from, besides its id and sum."""
    return {
        "title": article.title,
        "publisher": article.publisher,
        "published": _iso(article.published),
        "url": _USER.sub("", article.url) if article.url else article.url,
    }


def quoted_words(quote: Quote) -> dict[str, Any]:
    """Return what a receipt keeps of a quote, as JSON has it."""
    return {
        "article_id": quote.article.id,
        "article_sha256": quote.article.digest,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "text_sha256": sha256(quote.text),
        **source(quote.article),
    }


def _index(version: str, retriever: Retriever) -> dict[str, Any]:
    index = retriever.index
    manifest: Manifest | None = index.manifest
    if version and version != index.manifest.name:  # another one was published since
        manifest = None
        with suppress(IndexDamaged):  # or swept away, too
            manifest = index.data.manifest(version)
    return {
        "version": version or index.manifest.name,
        "articles_sha256": manifest.digest if manifest else None,
        "articles": manifest.articles if manifest else None,
        "passages": manifest.passages if manifest else None,
        "created": manifest.created if manifest else None,
        "model": manifest.model if manifest else None,
    }


def _public(text: str) -> str:
    """Return a name or message without what a URL in it may tell: users, passwords, keys."""
    return _QUERY.sub(r"\1", _USER.sub("", text))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
