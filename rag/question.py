"""What a question asks for, as far as its words tell. Pure functions; knows nothing of the index."""

import re
from enum import StrEnum

from index.errors import QuestionError

# Words that carry grammar, not content. Short on purpose: BM25 weighs common words down by itself.
_STOP = """
a about after again all also am an and any are as at be because been before being below between both but by can could
did do does doing done down during each few for from further get got had happen happened happening happens has have
having he her here hers him his how i if in into is it its itself just me more most my no nor not now of off on once
only or other our out over own same say said says she should so some such tell than that the their them then there
these they this those through to too under until up us very was we were what when where which while who whom whose why
will with would you your
"""
STOP_WORDS = frozenset(_STOP.split())

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")


def names(question: str) -> list[str]:
    """Return the words that name somebody or something: capitalised, and not only because they come first."""
    found: list[str] = []
    for place, match in enumerate(_WORD.finditer(question)):
        word = re.sub(r"['’]s?$", "", match.group())
        if word[:1].isupper() and word.lower() not in STOP_WORDS and (place > 0 or not word[1:].islower()):
            found.append(word)
    return found


_QUESTION = re.compile(
    # What `rag.followups` adds stands in brackets after the question mark.
    r"\?\W*(?:\([^()?]*\))?$|"
    r"^\W*(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|"
    r"will|would|should)\b",
    re.IGNORECASE,
)


_SEVERAL = re.compile(
    r"\b(?:(?:news)?papers|outlets|publishers|media|sources|reports|accounts|versions|commentators|critics|reactions|"
    r"differ(?:s|ed|ent|ently)?|disagree[ds]?|compare[ds]?|conflicting|contradict\w*|in each|by each|"
    r"who else|what else)\b",
    re.IGNORECASE,
)


def wants_several(text: str) -> bool:
    """Tell whether a question wants several sources beside each other: "How do the papers' accounts differ?"."""
    return bool(_SEVERAL.search(text))


def is_question(text: str) -> bool:
    """Tell a question from a search for words: it ends in a question mark, or begins as a question does."""
    return bool(_QUESTION.search(text))


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    REASON = "reason"
    STATEMENT = "statement"
    OTHER = "other"


def checked(question: str, max_chars: int) -> str:
    """Return the question with its white space evened out.

    Raises:
        QuestionError: it is empty, too long, or holds no word.
    """
    text = " ".join(question.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    if not text:
        raise QuestionError("The question is empty. Type what you want to know.")
    if len(text) > max_chars:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_chars:,} are searched. "
            "Ask in a sentence or two, or raise max_question_chars."
        )
    if not _WORD.search(text):
        raise QuestionError(f"{text[:40]!r} holds no word to search for. Ask in words.")
    return text


def content_words(question: str) -> list[str]:
    """Return the words that carry content, in order; all of its words where it holds no other."""
    words = _WORD.findall(question)
    content = [word for word in words if word.lower() not in STOP_WORDS]
    return content or words


def only_stop_words(question: str) -> bool:
    """Tell whether the question holds no word of content, so that nothing can be looked up."""
    return all(word.lower() in STOP_WORDS for word in _WORD.findall(question))


def kind_of(question: str) -> Kind:
    """Return the kind of answer wanted, by the question word."""
    text = question.lower()
    if re.search(r"\bwh(at|om?) (did|does|do|has|have) .*\b(say|said|tell|told|think|call|describe|claim|argue)", text):
        return Kind.STATEMENT
    for pattern, kind in _KINDS:
        if re.search(pattern, text):
            return kind
    return Kind.OTHER


_KINDS = (
    (r"\bwhy\b|\bwhat (was|is) the (reason|cause)|\bwhat (caused|led)\b", Kind.REASON),
    (r"\bhow (many|much|long|old|far|fast|tall|high|big|large|often|heavy)\b|\bwhat (percent|share|number|score)"
     r"|\bwhat (is|was|were|are) the (number|cost|price|score|total|amount|toll|result)", Kind.NUMBER),
    (r"\bwhen\b|\bwh(at|ich) (day|date|year|month|time)\b|\bhow soon\b", Kind.TIME),
    (r"\bwhere\b|\bwh(at|ich) (country|city|state|town|place|venue|stadium|island)\b", Kind.PLACE),
    (r"\bwho(m|se)?\b|\bwh(at|ich) (man|woman|player|actor|actress|singer|politician|leader|president)\b",
     Kind.PERSON),
)  # fmt: skip
