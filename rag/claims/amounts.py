"""The numbers of a claim, and which of them its quotes do not bear out.

A number is borne out by the same value in a quote, however it is written ("twelve", "12", "a dozen"), with the same
currency, percentage or measure where both name one. Rounded, it is so only where the claim says "about", "nearly",
"more than" and the like, in the right direction and by at most five in a hundred ("more than": at most a quarter less);
"1,200" alone is not borne out by 1,187. What is counted is not compared: paraphrases call it by other names. Years and
days are `rag.claims.times`'.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: float(number) for number, word in enumerate(_ONES.split())}
_VALUES |= {word: 10.0 * number for number, word in enumerate(_TENS.split(), 2)}
_VALUES |= {"nil": 0.0, "dozen": 12.0, "both": 2.0}
_ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
_ORDINAL_VALUES = {word: float(number) for number, word in enumerate(_ORDINALS.split(), 3)}
_ORDINAL_VALUES |= {"sixteenth": 16.0, "seventeenth": 17.0, "eighteenth": 18.0, "nineteenth": 19.0, "twentieth": 20.0}
_ORDINAL_VALUES |= {"first": 1.0, "second": 2.0}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
_SCALES |= {"trillion": 1e12, "tn": 1e12}
_FRACTIONS = {"half": 50.0, "a third": 100 / 3, "one third": 100 / 3, "two thirds": 200 / 3, "a quarter": 25.0}
_FRACTIONS |= {
    "one quarter": 25.0,
    "three quarters": 75.0,
    "a fifth": 20.0,
    "one in two": 50.0,
    "one in three": 100 / 3,
}
_FRACTIONS |= {"one in four": 25.0, "one in five": 20.0, "one in ten": 10.0}
_CURRENCIES = {"dollar": "$", "buck": "$", "pound": "£", "euro": "€", "cent": "cent", "pence": "pence"}
_CURRENCIES |= {each: each for each in ("crown", "yen", "yuan", "rupee", "franc", "krone", "krona", "peso", "rouble")}
_MEASURES = {
    "metre": "m", "meter": "m", "kilometre": "km", "kilometer": "km", "km": "km", "mile": "mile", "foot": "foot",
    "feet": "foot", "inch": "inch", "yard": "yard", "kilo": "kg", "kilogram": "kg", "kilogramme": "kg", "kg": "kg",
    "gram": "g", "tonne": "tonne", "ton": "tonne", "litre": "litre", "liter": "litre", "pint": "pint", "acre": "acre",
    "hectare": "hectare", "degree": "degree", "mph": "mph", "kph": "kph", "knot": "knot", "minute": "minute",
    "hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade",
    "second": "second", "megawatt": "mw", "point": "point",
}  # fmt: skip
_ABOUT = (
    r"about|around|roughly|approximately|some|an estimated|close to|almost|nearly|just under|just over|more or less"
)
_OVER = r"more than|over|above|at least|no fewer than|no less than|upwards of|in excess of|exceed\w*"
_UNDER = r"fewer than|less than|under|below|at most|up to|no more than|as many as"
_BEFORE = re.compile(rf"\b(?:(?P<over>{_OVER})|(?P<under>{_UNDER})|(?P<about>{_ABOUT}))\W*(?:the )?\Z", re.IGNORECASE)
_STRICT = re.compile(r"more than|over|above|exceed|in excess|fewer than|less than|under|below", re.IGNORECASE)
_WORDS = rf"(?:(?:{_TENS.replace(' ', '|')})(?:[- ](?:{'|'.join(_ONES.split()[1:10])}))?|{_ONES.replace(' ', '|')}|nil)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion)"
_NUMBER = re.compile(
    r"(?P<clock>(?<![\w.:])\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b\.?|(?<![\w.:])\d{1,2}:\d\d(?![\w:]))"
    r"|(?P<ordinal>(?<![\w.,])\d{1,4}(?:st|nd|rd|th)\b)"
    r"|(?P<money>(?:\b[A-Z]{1,2})?[$£€¥] ?)?(?<![\w.,])(?<!\w-)"
    r"(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\w*[^\W\d_]{3}\d)"
    rf"(?:[ \u00a0-]?(?P<scale>{_SCALE}|m|mn|bn|tn|k)\b)?"
    rf"|\b(?P<spelt>(?:half )?(?:a|{_WORDS})(?: and a half)? {_SCALE}(?: {_SCALE})?(?:(?:,| and|,? and)? {_WORDS})?|"
    rf"(?:half )?(?:a )?dozen|{_WORDS})\b"
    rf"|\b(?P<rank>{'|'.join(_ORDINAL_VALUES)})\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(rf"\b(?P<name>{'|'.join(_FRACTIONS).replace(' ', '[ -]')}) (?:of|the)\b", re.IGNORECASE)
_UNIT = re.compile(
    r"[ \u00a0-]?(?P<percent>%|per ?cent\b(?:age points?)?|percentage\b|pct\b)|[ \u00a0-](?P<noun>[^\W\d_]+)",
    re.IGNORECASE,
)
_SLACK = 0.05
_SLACK_OVER = 0.25


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text."""

    value: float
    unit: str
    """"%", a currency, a measure, "clock" or "rank"; "" where it counts something else, or nothing that is known."""
    text: str
    """As it is written, with its unit."""
    bound: str = ""
    """"about", "over" or "under", where the words before say so; "over" and "under" with "=" where it may be equal."""
    name: str = ""
    """The capitalised word right before it, with which it may be a name: "Route" of "Route 66"."""


def amounts(text: str) -> Iterator[Amount]:
    """Yield the numbers of a text in which days and years were blanked; "one" alone, and "first", are none."""
    for match in _FRACTION.finditer(text):
        name = match["name"].lower().replace("-", " ")
        yield Amount(_FRACTIONS[name], "%", match["name"], _bound(text[: match.start()]))
    for match in _NUMBER.finditer(text):
        amount = _amount(text, match)
        if amount:
            yield amount


def unborne(claim: str, quotes: Sequence[str], article: str) -> Iterator[str]:
    """Yield what of a claim's numbers the quotes do not bear out, in words; days must be blanked in both."""
    there = [amount for quote in quotes for amount in amounts(quote)]
    for amount in amounts(claim):
        if any(_bears_out(other, amount) for other in there):
            continue
        if amount.name and re.search(rf"\b{re.escape(amount.name)}[ -]{re.escape(amount.text.split()[0])}\b", article):
            continue
        yield _says(amount, there)


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    bound = _bound(text[: match.start()])
    if match["clock"]:
        return Amount(_minutes(match["clock"]), "clock", match["clock"], bound)
    if match["ordinal"]:
        return Amount(float(re.sub(r"\D", "", match["ordinal"])), "rank", match["ordinal"])
    if match["rank"]:
        word = match["rank"].lower()
        return None if word in ("first", "second") else Amount(_ORDINAL_VALUES[word], "rank", match["rank"])
    value = _spelt(match["spelt"].lower()) if match["spelt"] else float(match["digits"].replace(",", ""))
    if match["scale"]:
        value *= _SCALES[match["scale"].lower()]
    unit, written = _unit(text, match)
    if match["spelt"] and value == 1 and unit not in ("%", *_CURRENCIES.values()):
        return None
    name = re.search(r"([A-Z][\w’'-]*)[ -]\Z", text[max(0, match.start() - 24) : match.start()])
    return Amount(value, unit, written, bound, name[1] if name else "")


def _unit(text: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the unit of a number, and how both are written."""
    after = _UNIT.match(text, match.end())
    end = match.end()
    unit = re.sub(r"[A-Z ]", "", match["money"]) if match["money"] else ""
    if after and after["percent"]:
        unit, end = "%", after.end()
    elif after and not unit:
        noun = after["noun"].lower()
        singular = noun if noun in _MEASURES else noun.removesuffix("s")
        unit = _CURRENCIES.get(singular) or _MEASURES.get(singular, "")
        end = after.end() if unit else end
    return unit, text[match.start() : end]


def _spelt(words: str) -> float:
    total, current = 0.0, 0.0
    half = words.startswith("half ")
    extra = " and a half" in words
    for word in re.findall(r"[a-z]+", words.replace(" and a half", "").removeprefix("half ")):
        if word == "a":
            current = 1.0
        elif word == "dozen":
            current = 12.0 * max(1.0, current)
        elif word in _SCALES:
            current = (max(1.0, current) + 0.5 * extra) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0.0
        elif word in _VALUES:
            current += _VALUES[word]
    return (total + current) * (0.5 if half else 1.0)


def _minutes(clock: str) -> float:
    hour, minute = [*re.findall(r"\d+", clock), "0"][:2]
    late = "p" in clock.lower() and int(hour) < 12
    return (int(hour) + 12 * late) * 60.0 + int(minute)


def _bound(before: str) -> str:
    match = _BEFORE.search(before[-40:])
    if not match:
        return ""
    kind = match.lastgroup or ""
    return (
        kind
        if kind == "about" or (_STRICT.match(match[kind]) and not re.match("no ", match[kind], re.I))
        else f"{kind}="
    )


def _bears_out(there: Amount, claimed: Amount) -> bool:
    """Tell whether a number in a quote bears out one in a claim."""
    if not _same_unit(there.unit, claimed.unit):
        return False
    if abs(there.value - claimed.value) <= 1e-6 * max(1.0, abs(claimed.value)) or (
        "%" == there.unit == claimed.unit and abs(there.value - claimed.value) < 0.5 and claimed.value % 1
    ):
        return _bounds_agree(there.bound, claimed.bound)
    apart = abs(there.value - claimed.value) / max(abs(there.value), 1e-9)
    if claimed.bound == "about":
        return apart <= _SLACK
    if claimed.bound.startswith("over"):
        return there.value > claimed.value and apart <= _SLACK_OVER and not there.bound.startswith("under")
    if claimed.bound.startswith("under"):
        return there.value < claimed.value and apart <= _SLACK_OVER and not there.bound.startswith("over")
    return False


def _bounds_agree(there: str, claimed: str) -> bool:
    if {there.rstrip("="), claimed.rstrip("=")} == {"over", "under"}:
        return False
    return not (claimed in ("over", "under") and there in ("", "over=", "under="))


def _same_unit(there: str, claimed: str) -> bool:
    if there == claimed:
        return True
    if "%" in (there, claimed) or "clock" in (there, claimed):
        return False
    return not there or not claimed or "rank" in (there, claimed)


def _says(amount: Amount, there: Iterable[Amount]) -> str:
    others = list(dict.fromkeys(each.text for each in there))
    has = f"; it has {', '.join(f'“{each}”' for each in others[:3])}" if others else ""
    bound = {"over": "more than ", "under": "less than ", "about": "about "}.get(amount.bound.rstrip("="), "")
    return f"the quote does not say “{bound}{amount.text}”{has}"
