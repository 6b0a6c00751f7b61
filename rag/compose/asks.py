"""In which form a question wants its answer: yes or no, a list, two sides beside each other, the first, the latest.

Pure functions of the question's words. Precision first: a question in no clear form is a plain one.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.compose.speaking import speaker_asked
from rag.dates import when
from rag.dates.when import When


class Ask(StrEnum):
    """The form of an answer."""

    PLAIN = "plain"
    YES_NO = "yes_no"
    LIST = "list"
    COMPARISON = "comparison"
    FIRST = "first"
    LATEST = "latest"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Form:
    """What a question wants."""

    ask: Ask
    sides: tuple[str, ...] = ()
    """Of a comparison what is compared, of what somebody said who, in the question's words."""


_AUXILIARY = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)(?:n['’]t)?"
_STARTS = re.compile(
    rf"^(?:(?:and|so|but|then)\b,? )?(?:(?:in|on|at|after|before|during|by|since) [^,?]{{2,60}}, )?{_AUXILIARY} \w",
    re.IGNORECASE,
)
_MORE_ASKED = re.compile(
    r"\bor\b(?! not\b)|\b(?:and|,) ?(?:if so,? |with |in |to )?(?:what|who|whom|when|where|why|how|which)\b|\? ?\w",
    re.IGNORECASE,
)
_COMPARATIVE = r"(?:\w{2,}er|more|less|fewer|better|worse|further|farther)"
_ABOUT = r"(?: (?:on|in|about|over|of|when|for)\b|[?.]|$)"
_EITHER = r"[^?]*?[,:] ?(?P<a>[^,?]+?),? or (?P<b>[^,?]+?)\?*$"
_SIDES = (
    re.compile(
        r"\bhow (?:do|does|did|are|were) (?P<a>.+?) and (?P<b>.+?)(?:['’]s?)?(?: (?:reports?|accounts?|"
        r"versions?|views?|"
        r"figures?|stories|claims|positions?|coverage|counts?))? (?:differ|compare|disagree|contrast|diverge)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bwhat do (?P<a>.+?) and (?P<b>.+?) (?:disagree|differ)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bdifferences? (?:is |was |are |were )?(?:there )?between (?P<a>.+?) and (?P<b>.+?){_ABOUT}", re.IGNORECASE
    ),
    re.compile(rf"^(?:please )?compare (?P<a>.+?) (?:and|with|to|against) (?P<b>.+?){_ABOUT}", re.IGNORECASE),
    re.compile(
        rf"^(?:is|are|was|were) (?P<a>.+?) (?:much |far |even |any )?{_COMPARATIVE}\b.*? than (?P<b>.+?)[?.]?$",
        re.IGNORECASE,
    ),
    re.compile(rf"^{_AUXILIARY} (?P<a>.+?) (?:\w+ )?{_COMPARATIVE}\b.*? than (?P<b>.+?)[?.]?$", re.IGNORECASE),
    re.compile(rf"^(?:which|who|what)\b.*?\b{_COMPARATIVE}\b{_EITHER}", re.IGNORECASE),
    re.compile(rf"^(?:which|who|what)\b.*?\bmost\b{_EITHER}", re.IGNORECASE),
)  # fmt: skip
_BE_DO = r"(?:are|were|have|had|do|did|will|would|can|could)"
_LIST = re.compile(
    rf"^(?:please )?(?:list|name|enumerate)\b(?! (?:of|is|was)\b)"
    rf"|\bwho (?:are|were) (?:the|all)\b|\bwho all\b|\bwh(?:at|ich) (?:are|were) the (?:\w+ ){{0,3}}\w+[^s\W]s\b"
    rf"|\bwh(?:at|ich) (?:other |two |three |four |five |six |ten |new )?(?:\w+ ){{0,2}}?(?:\w+[^s\W]s|people|"
    rf"women|men|children)"
    rf"(?: \w+)? {_BE_DO}\b",
    re.IGNORECASE,
)  # fmt: skip
_FIRST = re.compile(
    r"\bwhen\b[^?]*\bfirst\b(?! time (?:in|since))|\b(?:earliest|first) (?:report|date|estimate|announce|"
    r"mention|time)",
    re.IGNORECASE,
)
_FIRST_OF_ALL = re.compile(
    r"\bthe first (?!time|date|report|day|estimate|figure)\w|\bfor the first time\b", re.IGNORECASE
)
_ANY_DAY = date(2000, 1, 1)


def form_of(question: str) -> Form:
    """Return the form in which a question wants its answer."""
    text = " ".join(question.split())
    for pattern in _SIDES:
        if match := pattern.search(text):
            sides = tuple(_side(match[name]) for name in "ab")
            if all(sides) and sides[0].lower() != sides[1].lower():
                return Form(Ask.COMPARISON, sides)
    if _STARTS.match(text) and not _MORE_ASKED.search(text):
        return Form(Ask.YES_NO)
    if speaker := speaker_asked(text):
        return Form(Ask.SAID, (speaker,))
    if _FIRST.search(text) and not _FIRST_OF_ALL.search(text):
        return Form(Ask.FIRST)
    if any(period.kind is When.NEWEST for period in when.periods(text, _ANY_DAY)):
        return Form(Ask.LATEST)
    if _LIST.search(text):
        return Form(Ask.LIST)
    return Form(Ask.PLAIN)


def _side(words: str) -> str:
    return re.sub(r"^(?:the|a|an|both|what|that of)\b ", "", words.strip(" ,"), flags=re.IGNORECASE)
