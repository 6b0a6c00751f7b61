"""The board of clippings: quotes put aside, each with a note, in an order of one's own.

A clipping is a place in one text of one article (id, digest, start, end), and its words are read from the archive when
they are shown. Where the article has changed since, the catalog still has the text that was clipped.
"""

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.catalog import Catalog, Member
from index.errors import NotebookError
from index.reader import Index
from rag.notebook.store import Store, now, storable
from rag.quotes import Quote
from rag.receipts import QuotedWords, quoted_words, sha256
from rag.receipts.check import Standing, check_quote, revision

_NOTE_CHARS = 20_000
_TAGS, _TAG_CHARS = 20, 60
_COLUMNS = "id, article, digest, start, end, sha256, note, tags, position, added"


@dataclass(frozen=True, slots=True)
class Clipping:
    """A quote that was put aside: a place in one text of one article, and what was noted beside it."""

    id: str
    article_id: str
    digest: str
    """`Article.digest` of the text that it was clipped from."""
    start: int
    end: int
    sha256: str
    """Of the words, in UTF-8: tells whether words found later are these."""
    note: str
    tags: tuple[str, ...]
    position: int
    """Its place on the board, from 0."""
    added: datetime


@dataclass(frozen=True, slots=True)
class ShownClipping:
    """A clipping with its words, as far as the archive still has them."""

    clipping: Clipping
    quote: Quote | None
    """The words in the text that they were clipped from; None where the archive has no such text any more."""
    standing: Standing
    says: str
    """How the words stand in the archive now."""


class Clippings:
    """The board of one owner. Nothing here reads or changes that of another."""

    def __init__(self, store: Store, owner: str) -> None:
        """Look at the board of `owner`, which is "" where there are no users."""
        self._store = store
        self._owner = owner

    def add(self, quote: Quote, note: str = "", tags: Iterable[str] = ()) -> Clipping:
        """Put a quote aside, last on the board. One that is there already gets the note and the tags added.

        Raises:
            NotebookError: the note is too long, or it cannot be written.
        """
        article, named = quote.article, _tags(tags)
        _check_note(note)
        with self._store.writing() as store:
            place = (self._owner, article.id, article.digest, quote.start, quote.end)
            same = store.rows(
                f"SELECT {_COLUMNS} FROM clippings WHERE owner = ? AND article = ? AND digest = ?"  # noqa: S608
                " AND start = ? AND end = ?",
                place,
            )
            if same:
                known = _clipping(same[0])
                key = known.id
                together = "\n".join(dict.fromkeys(filter(None, (known.note, note))))
                _check_note(together)
                self._set(key, together, _tags([*known.tags, *named]))
            else:
                key = secrets.token_hex(8)
                store.run(
                    "INSERT INTO clippings SELECT ?,?,?,?,?,?,?,?,?, count(*), ? FROM clippings WHERE owner = ?",
                    (key, *place, sha256(quote.text), note, json.dumps(named), now(), self._owner),
                )
        return self.get(key)

    def get(self, clipping: str) -> Clipping:
        """Return one clipping.

        Raises:
            NotebookError: there is none of this id.
        """
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM clippings WHERE id = ? AND owner = ?",  # noqa: S608
            (clipping, self._owner),
        )
        if not rows:
            raise NotebookError(f"{clipping!r}: no such clipping is kept. List them: `pullquote clippings`.")
        return _clipping(rows[0])

    def board(self, tag: str | None = None) -> list[Clipping]:
        """Return the clippings in their order; only those of a tag, where one is named."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM clippings WHERE owner = ? ORDER BY position",  # noqa: S608
            (self._owner,),
        )
        wanted = _tags([tag]) if tag is not None else ()
        return [each for each in map(_clipping, rows) if set(wanted) <= set(each.tags)]

    def edit(self, clipping: str, *, note: str | None = None, tags: Iterable[str] | None = None) -> Clipping:
        """Give a clipping another note, other tags, or both.

        Raises:
            NotebookError: there is none of this id, or the note is too long.
        """
        with self._store.writing():
            known = self.get(clipping)
            _check_note(note or "")
            self._set(clipping, known.note if note is None else note, known.tags if tags is None else _tags(tags))
        return self.get(clipping)

    def move(self, clipping: str, position: int) -> None:
        """Put a clipping at a place of the board, from 0; the others keep their order.

        Raises:
            NotebookError: there is none of this id.
        """
        with self._store.writing():
            self.get(clipping)
            order = [each.id for each in self.board() if each.id != clipping]
            order.insert(max(0, position), clipping)
            self._renumber(order)

    def remove(self, clipping: str) -> None:
        """Take a clipping off the board.

        Raises:
            NotebookError: there is none of this id.
        """
        with self._store.writing() as store:
            self.get(clipping)
            store.run("DELETE FROM clippings WHERE id = ?", (clipping,))
            self._renumber([each.id for each in self.board()])
        self._store.forget()

    def _set(self, key: str, note: str, tags: Sequence[str]) -> None:
        self._store.run("UPDATE clippings SET note = ?, tags = ? WHERE id = ?", (note, json.dumps(tags), key))

    def _renumber(self, order: Sequence[str]) -> None:
        for place, key in enumerate(order):
            self._store.run("UPDATE clippings SET position = ? WHERE id = ?", (place, key))


def shown(clippings: Sequence[Clipping], index: Index) -> list[ShownClipping]:
    """Return clippings with their words out of an opened archive, and how these stand in it now.

    Raises:
        IndexDamaged: the archive's catalog cannot be read.
    """
    with closing(Catalog(index.data.catalog)) as catalog:
        return [_shown(each, index, catalog) for each in clippings]


def _shown(clipping: Clipping, index: Index, catalog: Catalog) -> ShownClipping:
    article = revision(catalog, Member(clipping.article_id, clipping.digest))
    if article is None:  # the catalog was made anew: the words may still stand where they stood
        article = index.article(clipping.article_id)
    if article is None:
        return ShownClipping(clipping, None, Standing.GONE, "the archive has no such article any more")
    if not 0 <= clipping.start < clipping.end <= len(article.text):
        return ShownClipping(clipping, None, Standing.CHANGED, _CHANGED)
    quote = Quote(article, clipping.start, clipping.end)
    if sha256(quote.text) != clipping.sha256:
        return ShownClipping(clipping, None, Standing.CHANGED, _CHANGED)
    found = check_quote(QuotedWords.model_validate(quoted_words(quote)), index, catalog)
    return ShownClipping(clipping, quote, found.standing, found.says)


_CHANGED = "the article was changed, and the archive does not have the text that was clipped"


def _clipping(row: Sequence[Any]) -> Clipping:
    key, article, digest, start, end, sha, note, tags, position, added = row
    moment = datetime.fromisoformat(added)
    return Clipping(key, article, digest, start, end, sha, note, tuple(json.loads(tags)), position, moment)


def _check_note(note: str) -> None:
    if len(note) > _NOTE_CHARS:
        raise NotebookError(f"A note of {len(note):,} characters is too long; at most {_NOTE_CHARS:,}.")


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in one form: without white space around, # before, or commas, each once."""
    parts = (part for tag in tags for part in re.split(r"[,\n]", str(storable(tag))))
    made = [" ".join(part.split()).lstrip("#").casefold()[:_TAG_CHARS] for part in parts]
    return tuple(dict.fromkeys(filter(None, made)))[:_TAGS]
