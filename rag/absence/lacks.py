"""What a passage that came near has, and what it lacks, in words for a reader. Pure; says only what it has checked."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.article import Article
from rag.absence.parts import TITLES, Part, holds, laid_out, stands
from rag.answer import Hit
from rag.dates.when import Period, When
from rag.question import STOP_WORDS, Kind, kind_of

_SHOWN = 3
_LONG = 5  # letters of a name that may be a slip: of shorter ones any is like another
_ALIKE = 0.8  # share of letters in common from which one name may be a slip for another
_CAPITAL = r"[A-Z][\w’'-]+"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?"
_DATES = re.compile(
    rf"\b(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH} \d{{4}}|(?:1[5-9]|20)\d\d|\d{{1,2}}[:.]\d\d ?(?:[ap]\.?m\.?)?|\d{{1,2}} ?[ap]\.?m\b\.?)"
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|quarters?|thirds?|once|twice|"
    r"both|couple|several|few|none|no|nil|zero|single|double|triple|pair)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\b(?:{_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:1[5-9]|20)\d\d|\d{{1,2}}[:.]\d\d|\d+ ?[ap]\.?m"
    r"|today|yesterday|tomorrow|tonight|now|later|soon|earlier|before|after|since|until|ago|when|while|during|then"
    r"|(?:day|night|week|month|year|season|spring|summer|autumn|fall|winter|morning|afternoon|evening|noon|midnight"
    r"|hour|minute|decade|centur|Christmas|Easter|weekend)\w*)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"[\"“”«»„]|\b(?:sa(?:y|id|ys)|t(?:ell|old)s?|add(?:s|ed)|ask(?:s|ed)|wr(?:ote|ites?)|call(?:s|ed)|claim(?:s|ed)"
    r"|argu(?:e[sd]?)|accord\w*|announc\w*|warn\w*|think\w*|thought|describ\w*|insist\w*|spoke\w*|quot\w*|stat(?:e[sd]?)"
    r"|repl\w*|answer\w*|respon\w*|tweet\w*|post\w*|express\w*|prais\w*|critici\w*|condemn\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Held:
    """Which parts of a question a passage has, and which it lacks."""

    here: tuple[Part, ...]
    """In the passage, or in its article's title."""
    apart: tuple[Part, ...]
    """Elsewhere in the article."""
    absent: tuple[Part, ...]
    """Nowhere in the article."""
    scattered: tuple[Part, ...]
    """Names whose words the article has, but never together."""
    text: str
    """The terms of the article, laid out."""

    @property
    def weight(self) -> float:
        """Return how much of the question is there: a name counts twice, what stands elsewhere half."""
        return sum(1.0 + part.name for part in self.here) + sum(1.0 + part.name for part in self.apart) / 2


def held(asked: Sequence[Part], hit: Hit) -> Held:
    """Look for the parts of a question in a passage and its article."""
    article, language = hit.article, hit.article.language
    said = (article.title, article.publisher or "", hit.text, article.text)
    title, publisher, passage, text = (laid_out(each, language) for each in said)
    found: dict[str, list[Part]] = {"here": [], "apart": [], "absent": [], "scattered": []}
    for part in asked:
        if part.name and stands(part, publisher, language):
            continue  # nobody writes of himself by name
        if stands(part, passage, language) or stands(part, title, language):
            found["here"].append(part)
        elif stands(part, text, language):
            found["apart"].append(part)
        elif all(holds(text, word, language) or holds(title, word, language) for word in part.words):
            found["scattered"].append(part)
        else:
            found["absent"].append(part)
    return Held(**{name: tuple(each) for name, each in found.items()}, text=title + text)


def lacks(question: str, found: Held, hit: Hit, periods: Sequence[Period]) -> str:
    """Return what a passage has and what it lacks of a question, as the rest of a sentence about it."""
    said = [*_words(found, hit.article)]
    if wrong := _days(hit.article, periods):
        said.append(wrong)
    if not found.absent and not wrong and (missing := _missing_kind(question, kind_of(question), hit)):
        said.append(missing)
    if said:
        return "; ".join(said)
    if sum(1 + part.name for part in found.here) < 2:  # one word in common is no subject
        return "is on something near, but has no sentence that clearly answers"
    return f"mentions {_listed(found.here, 'and')}, but has no sentence that clearly answers"


def _words(found: Held, article: Article) -> Iterator[str]:
    """Say which parts are there, and which are not; nothing where all are."""
    here = _listed(found.here, "and")
    telling = [part for part in found.absent if not part.asked_for] or list(found.absent)
    other, part = next(((name, each) for each in telling if (name := _other_name(each, found, article))), ("", None))
    if other:
        yield f"names {other}, not {part}"
        if here:
            yield f"mentions {here}"
    elif telling:
        missing = _listed(telling, "or")
        yield f"mentions {here}, but not {missing}" if here else f"mentions nothing of {missing}"
    elif found.scattered and here:
        yield f"mentions {here}"
    if found.scattered and not other:
        yield f"has the words of {_listed(found.scattered, 'and')}, but never together"
    away = [each for each in found.apart if each.name or not telling]
    if away and not other:
        only = f"{_listed(away, 'and')} only elsewhere in the article"
        yield only if telling or found.scattered or not here else f"mentions {here}, but {only}"


def _other_name(part: Part, found: Held, article: Article) -> str:
    """Return a name of the article that shares a word with a name that it lacks, or looks like it."""
    if not part.name:
        return ""
    words, text = part.words, f"{article.title}\n{article.text}"
    for place, word in enumerate(words):
        if holds(found.text, word, article.language):
            continue
        alike = Counter(each for each in re.findall(rf"\b{_CAPITAL}", text) if _slip(word, each))
        for other, _ in alike.most_common():
            name = " ".join([*words[:place], other, *words[place + 1 :]])
            if re.search(rf"\b{re.escape(name)}\b", text):
                return name
    if len(words) == 2:  # another first name of the same last name
        pattern = rf"(?<![.?!”\"’:\n] )(?<!\n)(?<!^)\b((?:{_CAPITAL} ){{1,2}}){re.escape(words[1])}\b(?! [A-Z])"
        for other, _ in Counter(re.findall(pattern, text)).most_common():
            first = other.split()
            if words[0] not in first and not {each.lower() for each in first} & (STOP_WORDS | TITLES):
                return f"{other}{words[1]}"
    return ""


def _slip(word: str, other: str) -> bool:
    one, two = word.lower(), other.lower()
    if one == two or one[0] != two[0] or len(word) < _LONG:
        return False
    return SequenceMatcher(None, one, two).ratio() >= _ALIKE


def _days(article: Article, periods: Sequence[Period]) -> str:
    """Say that an article is from before the days asked about: what comes after them may well tell of them."""
    asked = [each for each in periods if each.kind in (When.EXACT, When.SINCE, When.UNTIL)]
    day = article.published
    if not day or not asked:
        return ""
    if all(each.first and day < each.first for each in asked):
        return f"is from {day.day} {day:%b %Y}, before the days asked about"
    return ""


def _missing_kind(question: str, kind: Kind, hit: Hit) -> str:
    """Say that a passage has nothing of the kind asked for; nothing where it may have."""
    text = hit.text
    if kind is Kind.NUMBER and not _NUMBER.search(_DATES.sub(" ", text)):
        return "gives no number but dates" if _DATES.search(text) else "gives no number"
    if kind is Kind.TIME and not _TIME.search(text):
        return "gives no day or time"
    if kind is Kind.STATEMENT and not _SPEECH.search(text):
        return "reports no words of anybody"
    if kind in (Kind.PERSON, Kind.PLACE) and not _named(text, question):
        return "names nobody else" if kind is Kind.PERSON else "names no other place"
    return ""


def _named(text: str, question: str) -> bool:
    """Tell whether a text has a name that the question does not have, in any place of a sentence."""
    asked = {word.lower() for word in re.findall(r"\w+", question)}
    return any(word.lower() not in asked | STOP_WORDS for word in re.findall(r"\b[^\W\d_a-z]\w*", text))


def _listed(found: Sequence[Part | str], joined: str) -> str:
    names = [str(each) for each in found[:_SHOWN]]
    return f" {joined} ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else "".join(names)
