"""Which articles are searched: by publisher, author, section, language, date, id, exact words. Pure; no index.

A person types filters into a question, `publisher:cnn.com after:2023-03-01 "exact words" -word`; a program passes
`Filters`. Values of one kind are alternatives; different kinds must all hold.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import lru_cache

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
_WITHOUT = re.compile(
    r"(?<!\S)-(?:(?P<word>[^\W\d_][\w'’-]*)(?!\S)|\"(?P<straight>[^\"]*\w[^\"]*)\"|“(?P<curly>[^“”]*\w[^“”]*)”)"
)
_WORDS = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
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
    """Words, or several in a row, that stand nowhere in the article, in none of their forms."""
    beside: "Filters | None" = None
    """Others that must hold, too; see `also`."""

    def __post_init__(self) -> None:
        """Take a single string for what may be several."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, str):
                object.__setattr__(self, each.name, (value,))
            elif isinstance(value, list):  # filters can be compared and kept
                object.__setattr__(self, each.name, tuple(value))

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
        parts += [f"-{words}" if _WITHOUT.fullmatch(f"-{words}") else f'-"{words}"' for words in self.without]
        parts += [str(self.beside)] if self.beside else []
        return " ".join(parts)

    @property
    def named(self) -> bool:
        """Tell whether only articles of certain publishers, authors, sections or languages pass."""
        return bool(self.publishers or self.authors or self.sections or self.languages)

    @property
    def dated(self) -> bool:
        """Tell whether only articles of certain days pass."""
        return self.since is not None or self.until is not None

    @property
    def parts(self) -> "tuple[Filters, ...]":
        """Return these filters without those beside them, and those beside them: all must hold."""
        return (replace(self, beside=None), *(self.beside.parts if self.beside else ()))

    def also(self, other: "Filters") -> "Filters":
        """Return filters that let through only what both do, so that neither can widen the other."""
        if not self or not other or other in self.parts:
            return self or other
        return replace(self, beside=self.beside.also(other) if self.beside else other)

    def pass_article(self, facts: Facts) -> bool:
        """Tell whether an article passes, as far as `facts` tell: not its date, nor the words that it holds."""
        return (
            _passes(self.publishers, lambda name: _named(name, facts.publisher) or _at_host(name, facts.host))
            and _passes(self.authors, lambda name: any(_named(name, author) for author in facts.authors))
            and _passes(self.sections, lambda name: _named(name, facts.section))
            and _passes(self.languages, lambda tag: _speaks(tag, facts.language))
        )


def holds(text: str, phrase: str) -> bool:
    """Tell whether a text has exactly these words; case, white space and the shape of marks do not count."""
    wanted, text = plain(phrase).casefold(), plain(text).casefold()
    if unspaced(wanted):  # what is a word there, no space tells
        return wanted in text
    return re.search(rf"(?<!\w)(?<!\d[.,:]){re.escape(wanted)}(?!\w)(?![.,:]\d)", text) is not None


def unspaced(text: str) -> bool:
    """Tell whether a text is in a script that puts no spaces between words: Chinese, Japanese, Thai, Lao, Khmer."""
    return _UNSPACED.search(text) is not None


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
    without = [next(filter(None, match.groups())).strip(_MARKS) for match in _WITHOUT.finditer(rest)]
    rest = _WITHOUT.sub(" ", rest)
    phrases = [next(filter(None, match.groups())).strip(_MARKS) for match in _PHRASE.finditer(rest)]
    made = Filters(
        since=max(since, default=None),
        until=min(until, default=None),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if re.search(r"\w", phrase))),
        without=tuple(dict.fromkeys(without)),
    )
    for name, values in given.items():
        made = replace(made, **{name: tuple(dict.fromkeys(values))})  # type: ignore[arg-type] # a name of ours
    return " ".join(rest.split()), made


def day_range(text: str) -> tuple[date, date]:
    """Return the first and the last day of a date: "2023-03-01", "2023-03" or "2023".

    Raises:
        ValueError: it is none of these.
    """
    parts = text.split("-")
    if not re.fullmatch(r"[1-9][0-9]{3}(-[0-9]{1,2}){0,2}", text):
        raise ValueError(f"{text!r} is not a date like 2023-03-01, 2023-03 or 2023")
    year = int(parts[0])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(parts[1])
    if len(parts) == 2:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = date(year, month, int(parts[2]))
    return day, day


def without_phrases(filters: Filters, phrases: Container[str] | None = None) -> Filters:
    """Return the filters without some of their phrases; without all of them where none are named."""
    kept = (phrase for phrase in filters.phrases if phrases is not None and phrase not in phrases)
    beside = without_phrases(filters.beside, phrases) if filters.beside else None
    return replace(filters, phrases=tuple(kept), beside=beside or None)


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
    words = _spaced(wanted)
    return bool(words.strip()) and words in _spaced(name or "")


@lru_cache(maxsize=32_768)  # an archive has few names, and each question with a filter reads those of every article
def _spaced(text: str) -> str:
    return f" {' '.join(_WORDS.findall(plain(text).casefold()))} "


def _at_host(wanted: str, host: str) -> bool:
    return "." in wanted and f".{host}".endswith(f".{wanted.casefold().removeprefix('www.')}")


def _speaks(wanted: str, language: str) -> bool:
    return f"{language.casefold()}-".startswith(f"{wanted.casefold()}-")
