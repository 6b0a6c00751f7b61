"""Which articles are searched: by publisher, author, section, language, date, id, exact words. Pure; no index.

A person types filters into a question, `publisher:cnn.com after:2023-03-01 "exact words" -word`; a program passes
`Filters`. Values of one kind are alternatives; different kinds must all hold.
"""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from index.catalog import Facts
from index.errors import QuestionError
from rag.quotes import plain

_KEYS = {
    "publisher": "publishers", "site": "publishers", "source": "publishers",
    "author": "authors", "by": "authors",
    "section": "sections",
    "language": "languages", "lang": "languages",
    "article": "articles", "id": "articles",
}  # fmt: skip
_DAYS = ("after", "since", "before", "until", "on")
_OPERATOR = re.compile(
    rf"(?<!\S)(?P<no>-?)(?P<key>{'|'.join((*_KEYS, *_DAYS))}):(?P<value>(?:\"[^\"]*\"|“[^”]*”)[,;]?|\S+)", re.IGNORECASE
)
_PHRASE = re.compile(r"\"(?P<straight>[^\"]+)\"|“(?P<curly>[^”]+)”|«(?P<angled>[^»]+)»|„(?P<low>[^“”]+)[“”]")
_WITHOUT = re.compile(r"(?<!\S)-(?P<word>[^\W\d_][\w'’-]*)(?!\S)")
_WORDS = re.compile(r"\w+")
_MARKS = ' ,.;:!?"“”«»„'


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be to be searched. Empty ones let every article through.

    A publisher, author, section, language or id that starts with "-" is one that the article must not have.
    """

    publishers: tuple[str, ...] = ()
    """Words of the publisher's name in any case, or the host of the article's address: "reuters", "cnn.com"."""
    authors: tuple[str, ...] = ()
    """Words of an author's name, in any case."""
    sections: tuple[str, ...] = ()
    """Words of the section's name, in any case."""
    languages: tuple[str, ...] = ()
    """Language tags; "en" takes "en-GB" too."""
    since: date | None = None
    """First day of publication. An article without a date passes no filter by date."""
    until: date | None = None
    """Last day of publication, itself included."""
    articles: tuple[str, ...] = ()
    """Article ids, exactly."""
    phrases: tuple[str, ...] = ()
    """Exact words, in any case: each must stand in the article's title or text."""
    without: tuple[str, ...] = ()
    """Words that stand nowhere in the article, in none of their forms."""

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return any(getattr(self, each.name) for each in fields(self))

    def __str__(self) -> str:
        """Return the filters as a person types them."""
        typed = {"publishers": "publisher", "authors": "author", "sections": "section", "languages": "language"}
        parts = [_typed(key, value) for name, key in typed.items() for value in getattr(self, name)]
        parts += [f"since:{self.since}"] if self.since else []
        parts += [f"until:{self.until}"] if self.until else []
        parts += [_typed("article", value) for value in self.articles]
        parts += [f"“{phrase}”" for phrase in self.phrases]
        parts += [f"-{word}" for word in self.without]
        return " ".join(parts)

    @property
    def named(self) -> bool:
        """Tell whether only articles of certain publishers, authors, sections or languages pass."""
        return bool(self.publishers or self.authors or self.sections or self.languages)

    @property
    def dated(self) -> bool:
        """Tell whether only articles of certain days pass."""
        return self.since is not None or self.until is not None

    def also(self, other: "Filters") -> "Filters":
        """Return filters that let through what both do; where both name values of a kind, either value passes."""
        joined = {
            each.name: tuple(dict.fromkeys([*getattr(self, each.name), *getattr(other, each.name)]))
            for each in fields(self)
            if each.name not in {"since", "until"}
        }
        since = max((day for day in (self.since, other.since) if day), default=None)
        until = min((day for day in (self.until, other.until) if day), default=None)
        return Filters(since=since, until=until, **joined)

    def pass_article(self, facts: Facts) -> bool:
        """Tell whether an article passes, as far as `facts` tell: not its date, nor the words that it holds."""
        return (
            _passes(self.publishers, lambda name: _named(name, facts.publisher) or _at_host(name, facts.url))
            and _passes(self.authors, lambda name: any(_named(name, author) for author in facts.authors))
            and _passes(self.sections, lambda name: _named(name, facts.section))
            and _passes(self.languages, lambda tag: _speaks(tag, facts.language))
        )


def holds(text: str, phrase: str) -> bool:
    """Tell whether a text has exactly these words; case, white space and the shape of marks do not count."""
    wanted = re.escape(plain(phrase).casefold())
    return re.search(rf"(?<!\w)(?<!\d[.,:]){wanted}(?!\w)(?![.,:]\d)", plain(text).casefold()) is not None


def parse(question: str) -> tuple[str, Filters]:
    """Return a question without the filters typed into it, and the filters.

    Words in quotation marks stay in the question, since they are searched for, too.

    Raises:
        QuestionError: a filter's value cannot be understood; the message names it.
    """
    given: dict[str, list[str]] = {}
    since: list[date] = []
    until: list[date] = []
    for match in _OPERATOR.finditer(question):
        key, value = match["key"].lower(), match["value"].strip(_MARKS if match["value"][0] in '"“' else ",;")
        if key in _KEYS:
            given.setdefault(_KEYS[key], []).append(match["no"] + value)
            continue
        if match["no"]:
            raise QuestionError(f"{match.group()}: a date cannot be excluded. Name the days to search in.")
        first, last = _days(match.group(), value)
        if key in {"after", "since", "on"}:
            since.append(first)
        if key in {"until", "on"}:
            until.append(last)
        if key == "before":
            until.append(first - timedelta(days=1))
    rest = _OPERATOR.sub(" ", question)
    without = [match["word"] for match in _WITHOUT.finditer(rest)]
    rest = _WITHOUT.sub(" ", rest)
    phrases = [next(filter(None, match.groups())).strip(_MARKS) for match in _PHRASE.finditer(rest)]
    return " ".join(rest.split()), Filters(
        since=max(since, default=None),
        until=min(until, default=None),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if re.search(r"\w", phrase))),
        without=tuple(dict.fromkeys(without)),
        **{name: tuple(dict.fromkeys(values)) for name, values in given.items()},
    )


def day_range(text: str) -> tuple[date, date]:
    """Return the first and the last day of a date: "2023-03-01", "2023-03" or "2023".

    Raises:
        ValueError: it is none of these.
    """
    parts = text.split("-")
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{1,2}){0,2}", text):
        raise ValueError(f"{text!r} is not a date like 2023-03-01, 2023-03 or 2023")
    year = int(parts[0])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(parts[1])
    if len(parts) == 2:
        first = date(year, month, 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day = date(year, month, int(parts[2]))
    return day, day


def without_phrases(filters: Filters, phrases: Container[str] | None = None) -> Filters:
    """Return the filters without some of their phrases; without all of them where none are named."""
    kept = (phrase for phrase in filters.phrases if phrases is not None and phrase not in phrases)
    return replace(filters, phrases=tuple(kept))


def _days(typed: str, value: str) -> tuple[date, date]:
    try:
        return day_range(value)
    except ValueError:
        raise QuestionError(f"{typed}: {value!r} is not a date like 2023-03-01, 2023-03 or 2023.") from None


def _typed(key: str, value: str) -> str:
    no, name = ("-", value[1:]) if value.startswith("-") else ("", value)
    return f'{no}{key}:"{name}"' if re.search(r"\s", name) else f"{no}{key}:{name}"


def _passes(wanted: Sequence[str], matches: Callable[[str], bool]) -> bool:
    no = [value[1:] for value in wanted if value.startswith("-")]
    yes = [value for value in wanted if not value.startswith("-")]
    return not any(map(matches, no)) and (not yes or any(map(matches, yes)))


def _named(wanted: str, name: str | None) -> bool:
    """Tell whether all words of `wanted` are words of `name`, next to each other."""
    words, whole = (f" {' '.join(_WORDS.findall(plain(text or '').casefold()))} " for text in (wanted, name))
    return bool(words.strip()) and words in whole


def _at_host(wanted: str, url: str | None) -> bool:
    host = (urlsplit(url).hostname or "") if url else ""
    return f".{host}".endswith(f".{wanted.casefold().removeprefix('www.')}") and "." in wanted


def _speaks(wanted: str, language: str) -> bool:
    return f"{language.casefold()}-".startswith(f"{wanted.casefold()}-")
