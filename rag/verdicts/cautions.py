"""What a true quotation may hide because of where it was cut: verbatim, and yet it tells another thing.

Flagged, never refused: "reopen" of "will not reopen", "the bridge is safe" of "denied that the bridge is safe", "5" of
"5 million", a part of a question. What goes before counts within the clause, up to seven words back.
"""

import re

from rag.quotes import Quote

_REACH = 80  # characters
_WORDS = 7
_NEGATION = (
    r"not|cannot|\w+n['’]t|never|no|none|nobody|nothing|neither|nor|without|hardly|unlikely|"
    r"den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|fail(?:s|ed|ing)?|false(?:ly)?|untrue|wrongly|doubt(?:s|ed)?|"
    r"reject(?:s|ed)?|rul(?:e|es|ed|ing) out"
)
_CONDITION = r"if|unless|whether|would have|could have|should have|might have"
_NEGATED = re.compile(rf"\b({_NEGATION})\b", re.IGNORECASE)
_CONDITIONAL = re.compile(rf"\b({_CONDITION})\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;:!?,\n()–—”]|\s-\s|\b(?:but|although|though|because|while|and then)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\A[ ,]{1,2}(not\b(?! only)|never\b|unless\b|only if\b|if\b(?! not)|except\b|but not\b|no(?:thing|body| one)\b)",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\A[ \u00a0\u202f-](hundred|thousand|million|billion|trillion|m|bn|per ?cent|percent|percentage)\b", re.IGNORECASE
)
_COUNT = r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|\w+teen|twenty|thirty|forty|fifty|\w+ty|hundred))"
_ENDS_IN_NUMBER = re.compile(rf"{_COUNT}\Z", re.IGNORECASE)
_SCALE_FIRST = re.compile(r"\A(?:hundred|thousand|million|billion|trillion|per ?cent|percent)\b", re.IGNORECASE)
_MARKS = "“”\"‘’' \u00a0"


def cautions(quote: Quote) -> tuple[str, ...]:
    """Return what a reader of the quote should know of the words around it, each in words."""
    text = quote.article.text
    before, after = text[max(0, quote.start - _REACH) : quote.start], text[quote.end : quote.end + _REACH]
    found: list[str] = []
    clause = _clause_before(before)
    if negated := _last(_NEGATED, clause):
        found.append(
            f"in the article “{clause[negated.start() :].strip(_MARKS)}” goes before these words and may deny them"
        )
    elif condition := _last(_CONDITIONAL, clause):
        found.append(f"in the article “{condition.group()}” goes before these words: they are no plain statement")
    if follows := _AFTER.match(after):
        found.append(f"the article goes on: “{_until_clause_ends(after, follows.start(1))}”")
    if (_ENDS_IN_NUMBER.search(quote.text) and (scale := _SCALE.match(after))) or (
        _SCALE_FIRST.match(quote.text) and re.search(rf"{_COUNT}[ \u00a0-]?\Z", before, re.IGNORECASE)
    ):
        found.append(f"a number is cut: the article has “{_number_around(quote, scale.end() if scale else 0)}”")
    if not re.search(r"[.?!]", quote.text[-2:]) and re.match(r"[^.?!\n]*\?", text[quote.end : quote.end + 300]):
        found.append("in the article these words are part of a question")
    return tuple(found)


def _clause_before(before: str) -> str:
    """Return the last words of what goes before, within the clause."""
    cut = 0
    for match in _CLAUSE.finditer(before.rstrip("“\"‘' \u00a0")):
        cut = match.end()
    # A colon or comma may lead into a quotation that is denied all the same: "denied it: “…”" is left to the reader.
    words = list(re.finditer(r"\S+", before[cut:]))[-_WORDS:]
    return before[cut + words[0].start() :] if words else ""


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def _until_clause_ends(after: str, start: int) -> str:
    return re.split(r"[.;:!?\n”\"]", after[start:])[0].strip()


def _number_around(quote: Quote, more: int) -> str:
    text = quote.article.text
    start = quote.start
    if not more:
        start = text.rfind(" ", 0, max(0, quote.start - 1)) + 1
        return " ".join(text[start : quote.end].split()[:3])
    return " ".join(text[max(start, quote.end - 24) : quote.end + more].split()[-3:])
