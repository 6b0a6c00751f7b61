"""Conversations in files: JSON, with each span as its article's id and digest and its offsets, never the words.

What is loaded is looked up in the archive again. A span whose article is gone, or no longer has these words there, is
left out and reported; the rest goes on. Fields that this program does not know are passed over, and those that a file
lacks take their defaults, so that files of one schema can be read by all programs of it.
"""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from index.article import Article
from index.errors import ChatError, SpanError
from rag.answer import Answer, Claim, Hit
from rag.files import write_whole
from rag.quotes import Quote
from rag.retrieve import Retriever
from rag.sources import Sources

SCHEMA = 1
_FORMAT = "pullquote conversation"
_MOST_BYTES = 100_000_000
_WORKING = frozenset({"sentences", "seconds"})  # what was computed on the way to an answer, and is no part of it


class _Gone(Exception):
    """A span can no longer be shown."""


def save(file: Path, turns: Sequence[Any], sources: Sources, version: str) -> None:
    """Write the turns of a conversation; the file is whole or as it was.

    Raises:
        ChatError: there is a file that is no saved conversation; it is left alone.
        SettingsError: it cannot be written there.
    """
    if file.exists() and not _is_ours(file):
        raise ChatError(f"{file}: there is such a file, and it is no saved conversation. Name another.")
    whole = whole_of([encoded(turn) for turn in turns], sources, version)
    write_whole(file, json.dumps(whole, ensure_ascii=True, indent=1) + "\n", "the conversation")


def whole_of(turns: Sequence[Any], sources: Sources, version: str = "") -> dict[str, Any]:
    """Return the object that a conversation's file holds, of turns as `encoded` has them."""
    return {
        "format": _FORMAT,
        "schema": SCHEMA,
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": version,
        "pinned": list(sources.pinned),
        "excluded": list(sources.excluded),
        "turns": list(turns),
    }


_T = TypeVar("_T")
Articles = Callable[[str], Article | None]
"""Looks an article up by its id; `Retriever.article` is one, `Index.article` another."""


def load(file: Path, retriever: Retriever, turn: type[_T]) -> tuple[tuple[_T, ...], Sources, tuple[str, ...]]:
    """Return the turns of a conversation, its sources, and what of it can no longer be shown, a line for each article.

    Raises:
        ChatError: the file cannot be read, is no conversation, or of a newer program.
    """
    return restored(_read(file), str(file), retriever.article, turn)


def restored(
    whole: Mapping[str, Any], name: str, articles: Articles, turn: type[_T]
) -> tuple[tuple[_T, ...], Sources, tuple[str, ...]]:
    """Return what `load` does, of the object that a file holds; errors call it `name`.

    Raises:
        ChatError: the object is damaged.
    """
    lookup = _Lookup(articles)
    try:
        turns = tuple(lookup.decoded(turn, each) for each in whole["turns"])
        sources = Sources(_names(whole.get("pinned", [])), _names(whole.get("excluded", [])))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError, _Gone) as error:
        raise ChatError(f"{name}: a damaged conversation ({type(error).__name__}: {error}).") from error
    return turns, sources, tuple(f"{key}: {what}" for key, what in lookup.missing.items())


def _is_ours(file: Path) -> bool:
    """Tell whether a file begins as `save` writes it."""
    try:
        with file.open("rb") as stream:
            return stream.read(100).startswith(f'{{\n "format": "{_FORMAT}"'.encode())
    except OSError:
        return False


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("it is far too large for one")
        whole = json.loads(file.read_text("utf-8"))
    except (OSError, RecursionError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ChatError(f"{file}: no conversation can be read from it ({reason}).") from error
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT or not isinstance(whole.get("schema"), int):
        raise ChatError(
            f"{file}: not a saved conversation. `pullquote chat` writes one by /save, Python by chat.save()."
        )
    if whole["schema"] != SCHEMA:
        raise ChatError(
            f"{file}: a conversation of schema {whole['schema']}; this program reads {SCHEMA}. Load it with the "
            "version of Pullquote that saved it, or a newer one."
        )
    return whole


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("sources are a list of names")
    return tuple(value)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def encoded(value: Any) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return a value as JSON can hold it."""
    if isinstance(value, Article):
        return {"id": value.id, "digest": value.digest}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [encoded(each) for each in value]
    if isinstance(value, Mapping):
        return {key: encoded(each) for key, each in value.items()}
    if not dataclasses.is_dataclass(value):
        return value
    made = {
        each.name: encoded(getattr(value, each.name))
        for each in dataclasses.fields(value)
        if each.name not in _WORKING and getattr(value, each.name) != each.default
    }
    if isinstance(value, Quote | Hit):
        made["sha256"] = _digest(value.text)
    if isinstance(value, Claim) and [value.text] == [quote.text for quote in value.quotes[:1]]:
        del made["text"]  # the article's own words
    return made


class _Lookup:
    """Makes values of what JSON held, with the articles of an archive."""

    def __init__(self, articles: Articles) -> None:
        self.missing: dict[str, str] = {}
        self._look_up = articles
        self._articles: dict[str, Article | None] = {}

    def decoded(self, kind: Any, value: Any) -> Any:  # noqa: ANN401 - as `kind` says
        """Return a value of a type, as the fields of an answer have it."""
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return (
                None
                if value is None
                else self.decoded(next(each for each in arguments if each is not type(None)), value)
            )
        if origin is tuple:
            return tuple(self._several(arguments[0], value))
        if origin is dict:
            return {str(key): self.decoded(arguments[1], each) for key, each in value.items()}
        if kind in (date, datetime):
            return kind.fromisoformat(value)
        if dataclasses.is_dataclass(kind):
            return self._made(kind, value)
        if kind is float and isinstance(value, int):
            return float(value)
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    def _several(self, kind: Any, values: Any) -> typing.Iterator[Any]:  # noqa: ANN401 - as above
        for each in values:
            try:
                made = self.decoded(kind, each)
            except _Gone:
                continue
            yield made

    def _made(self, kind: Any, value: Any) -> Any:  # noqa: ANN401 - as above
        if kind is Article:
            return self._article(value["id"], value["digest"])
        if kind in (Quote, Hit):
            self._check(value, value if kind is Quote else value["passage"])
        hints = typing.get_type_hints(kind)
        given: dict[str, Any] = {}
        for name in [each.name for each in dataclasses.fields(kind) if each.name in value]:
            if name == "article" and kind in (Quote, Hit):  # whatever else of it has changed, these words have not
                given[name] = self._known(value[name]["id"])
            else:
                given[name] = self.decoded(hints[name], value[name])
        if kind is Claim:
            if value["quotes"] and not given["quotes"]:
                raise _Gone
            if "text" not in value:
                given["text"] = given["quotes"][0].text
        try:
            made = kind(**given)
        except SpanError as error:
            raise _Gone from error
        return _without_answer(made, value) if kind is Answer else made

    def _known(self, key: str) -> Article:
        if key not in self._articles:
            self._articles[key] = self._look_up(key)
        article = self._articles[key]
        if article is None:
            self.missing[key] = "its article is gone from the archive"
            raise _Gone
        return article

    def _article(self, key: str, digest: str) -> Article:
        article = self._known(key)
        if article.digest != digest:
            self.missing[key] = "its article has changed since"
        return article

    def _check(self, value: dict[str, Any], span: dict[str, Any]) -> None:
        """See to it that the article still has the same words at the same place."""
        key = value["article"]["id"]
        text = self._known(key).text[span["start"] : span["end"]]
        if _digest(text) != value["sha256"]:
            self.missing[key] = "its article has changed since, and no longer has the words that were quoted"
            raise _Gone


def _without_answer(answer: Answer, value: dict[str, Any]) -> Answer:
    """Return an answer; where all of its quotes are gone it says so, and answers nothing."""
    if answer.refused or answer.claims or not value.get("claims"):
        return answer
    note = "This was answered, but the words that answered it are no longer in the archive."
    return dataclasses.replace(answer, refused=True, articles_searched=0, notes=(*answer.notes, note))
