"""What a question speaks of, part by part: its names and its words of content, without what only asks. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from index.lexical import stems
from rag.dates import when
from rag.question import STOP_WORDS

# Words that ask, or that any answer can do without: that an article lacks them says nothing.
_LIGHT_WORDS = """
according actually ago allegedly alone amount another answer around article articles ask asked became become becomes
call called came case come comes compared currently describe described different difference else ever exactly explain
finally first gave get gets getting give given gives giving go goes going gone got happen happened happening happens
including information involved kind know known last later latest let like likely list made main make makes making many
mean means much name named names new next number old once one ones outcome outlined part people person place primary
put question really reason receive received recent recently regarding said same saying says second several sort take
taken takes taking thing things time times took total told type upcoming use used using version want wanted way well
went word words year years month months week weeks day days today yesterday tomorrow now two three four five six seven
eight nine ten
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
_MEASURES = "old long far fast tall high big large often heavy many much soon deep wide late early"
_MEASURED = frozenset(_MEASURES.split())
_IRREGULAR = """
beat beaten; began begin begun; bit bite bitten; blew blow blown; bore born bear; bought buy buys buying; break broke
broken; bring brought; build built; catch caught; choose chose chosen choice; deal dealt; die died dying dead death;
drank drink drunk; draw drawn drew; drive driven drove; eat ate eaten; fall fallen fell; fed feed; feel felt; fight
fought; find found; fled flee; flew flown fly; forbade forbid forbidden; forgot forget forgotten; freeze froze frozen;
grew grow grown; hear heard; held hold; hid hidden hide; keep kept; knew know known; laid lay; lead led; leave left
leaving; lend lent; lose lost losing; meet met; paid pay; ran run running; rang ring rung; ridden ride rode; rise risen
rose; sang sing sung; sank sink sunk; saw see seen; seek sought; sell sold; send sent; shake shaken shook; shoot shot;
sleep slept; slid slide; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck; strike struck
stricken; swam swim swum; swear swore sworn; sweep swept; taught teach; tear tore torn; think thought; threw throw
thrown; wear wore worn; win won winning; withdraw withdrawn withdrew; write written wrote; man men; woman women; child
children; foot feet; life lives; wife wives; colour color; organise organize; centre center; programme program; defence
defense; favour favor; labour labor; honour honor; licence license; metre meter
"""
_FORMS = {form: tuple(group.split()) for group in _IRREGULAR.split(";") for form in group.split()}
_TITLE_WORDS = """
mr mrs ms miss dr prof professor sir dame mayor councillor president senator sen rep representative gov governor judge
captain capt detective sergeant inspector officer councilman councilwoman congressman congresswoman
"""
TITLES = frozenset(_TITLE_WORDS.split())
"""What stands before people's names, and changes with who speaks; none that also begins a name of something else."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:-\w+)*|\w+(?:[-'’.&]{1,2}\w+)*")
_TITLED = re.compile(rf"^(?:(?:{'|'.join(sorted(TITLES))})\.? (?=[A-Z]))+", re.IGNORECASE)
_SMALL = "of the|of|da|de|del|della|der|di|do|dos|du|la|van|van der|von|bin|al|el"
_JOINS = re.compile(rf"['’]? (?:(?:{_SMALL}) )?")
_JOINING = re.compile(rf"['’]? (?:{_SMALL}|van der?)")
_BEGINNING = re.compile(r"(?:^|[.?!:;]['”\"’)]*\s)[\s'\"“‘(]*\Z")
_NOUN_ASKED_FOR = re.compile(r"\b(?:what|which|whose|how many|how much)(?: \w+)??\s*\Z", re.IGNORECASE)
_BETWEEN = r"\S+"  # one word may stand between two of a name: a middle name, a year


@dataclass(frozen=True, slots=True)
class Part:
    """A name, or a word of content, of a question."""

    text: str
    """As it was typed, but for what only grammar adds: “Holt” of “Holt's”."""
    name: bool
    asked_for: bool = False
    """Whether it says what is asked for ("which supermarket"): an answer need not have it."""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of a name without titles before it; of a word, itself."""
        return tuple(match.group() for match in _WORD.finditer(str(self))) if self.name else (self.text,)

    def __str__(self) -> str:
        """Return the part as it is set in a sentence: a name without titles before it, a word between marks."""
        return _TITLED.sub("", self.text) if self.name else f"“{self.text}”"


def parts(question: str, as_of: date | None = None) -> list[Part]:
    """Return what a question speaks of: names first, each in the order of the words; days are no part of it."""
    text = question
    for period in reversed(when.periods(question, as_of or date.today())):
        text = text[: period.span[0]] + " | " + text[period.span[1] :]
    found: list[Part] = []
    taken = 0
    for match in _WORD.finditer(text):
        word, before = match.group(), text[: match.start()]
        if match.start() < taken:
            continue
        end = _name_end(text, match)
        if _is_name(word, first=bool(_BEGINNING.search(before)), alone=end == match.end()):
            taken = end
            found.append(Part(_bare(text[match.start() : taken]), name=True))
        elif _has_content(word, before):
            found.append(Part(_bare(word), name=False, asked_for=bool(_NOUN_ASKED_FOR.search(before))))
    unique = {part.text.lower(): part for part in reversed(found)}
    names = [set(part.words) for part in found if part.name]
    kept = [
        part
        for part in found
        if unique[part.text.lower()] is part and not any(set(part.words) < name for name in names)
    ]
    return sorted(kept, key=lambda part: (not part.name, part.asked_for))


def laid_out(text: str, language: str) -> str:
    """Return the terms of a text in a row, a space before and after each: what parts are looked for in."""
    return f" {' '.join(stems(text, language))} "


def stands(part: Part, text: str, language: str) -> bool:
    """Tell whether a text that was laid out has a part: a word in any of its forms, a name's words in order."""
    if not part.name:
        return holds(text, part.text, language)
    terms = [re.escape(term) for word in part.words for term in stems(word, language)]
    return bool(terms) and re.search(f" {rf'(?: {_BETWEEN})? '.join(terms)} ", text) is not None


def holds(text: str, word: str, language: str) -> bool:
    """Tell whether a text that was laid out has a word in any of its forms; one with a hyphen as it is written."""
    return any(wanted in text for wanted in _wanted(word, language))


@lru_cache(maxsize=4096)
def _wanted(word: str, language: str) -> tuple[str, ...]:
    return tuple(laid for form in forms(word) if (laid := laid_out(form, language)).strip())


@cache
def forms(word: str) -> tuple[str, ...]:
    """Return a word and its forms that do not come of its ending: bought, buy."""
    return (word, *(form for form in _FORMS.get(word.lower(), ()) if form != word.lower()))


def _is_name(word: str, *, first: bool, alone: bool) -> bool:
    """Tell whether a capital makes a name: the first of a sentence does only if others follow, or are in the word."""
    bare = _bare(word)
    if not word[:1].isupper() or bare.lower() in STOP_WORDS:
        return False
    return not first or not bare[1:].islower() or not (alone or bare.lower() in _LIGHT)


def _name_end(text: str, first: re.Match[str]) -> int:
    """Return where the name ends that begins with a word: it goes on while capitals do, over "of the" and the like."""
    end = first.end()
    for match in _WORD.finditer(text, end):
        capital = match.group()[:1].isupper() and match.group().lower() not in STOP_WORDS
        if capital and _JOINS.fullmatch(text[end : match.start()]):
            end = match.end()
        elif not _JOINING.fullmatch(text[end : match.end()]):
            break
    return end


def _has_content(word: str, before: str) -> bool:
    lower = _bare(word).lower()
    if lower in STOP_WORDS or lower in _LIGHT or len(lower) < 2 or re.split("['’]", lower)[0] in STOP_WORDS:
        return False
    return not (lower in _MEASURED and re.search(r"\bhow\s+\Z", before, re.IGNORECASE))


def _bare(text: str) -> str:
    return re.sub(r"['’]s?\Z", "", text.strip())
