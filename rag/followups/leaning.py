"""Whether a question leans on what was asked before it. Pure functions over its words."""

import re

from rag.dates import when
from rag.followups.pronouns import pointing
from rag.question import STOP_WORDS

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_OPENERS = re.compile(
    r"^(and|but|so|or|then|also|what about|how about|why not|how so|who else|what else|really|which one|how come)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^\W*(?:and|but|or|(?:what|how) about)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"\b(?:that|this|these|those|there|then|instead|else|(?:which|that|this|other|another|the|last|next|new|old) ones?|"
    r"the (?:same|other|former|latter)|the (?:first|second|third)(?=\W*$| (?:is|was|did|does|has|will)\b))\b"
    r"|\bones?\W*$",
    re.IGNORECASE,
)
# "the dog that was hired", "is there a bridge": grammar, which points at nothing said before.
_NOT_LEANING = re.compile(
    r"(?<!\babout)(?<!\bof)(?<!\bto)(?<!\bdid)(?<!\bwas)(?<!\bis)(?<!\bdoes) that "
    r"(?=(?:is|are|was|were|has|have|had|will|would|can|could|may|did|does|\w+ed|came|went|\w+s|the|an?|he|she|it|they|"
    r"we|you|his|her|its|their|for|in|on|at|with|no|all|some|many|people|nobody|[a-z]+ (?:is|are|was|were|has|had))\b)"
    r"|\b(?:is|are|was|were|be|been) there\b(?! [?.])(?= \w)|\bthere (?:is|are|was|were|has|have|will)\b",
    re.IGNORECASE,
)
# "What did Quill say about it?": whoever is named, "it" is what was asked about before.
_POINTING = re.compile(
    r"\b(?:about|after|at|before|by|for|from|in|of|on|over|than|to|with) (?:it|that|this|those|these|them|him|her)\W*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w’'-]+")
# "I meant the other one", "Oops, I mean …", "any other …": corrects or goes on from what was said.
_GOING_ON = re.compile(
    r"^\W*(?:oops|sorry|no,|yes,|i see|you (?:said|say|mean))\b|\bi mean(?:t)?\b|\bdo you mean\b"
    r"|\b(?:any|what|which|are there) other\b|\bother than\b|\b(?:any|every|some)thing (?:else|special|more)\b",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"^\W*what (?:is|are|was|were) (?:an? )?(?!the )[\w’'-]{3,}\W*$", re.IGNORECASE
)  # "What is an ETL?"
_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:now )?(?:for|on|to) (?:something|an?(?:other| different) (?:subject|topic|matter|note)|another thing)"
    r"(?: (?:else|different))?|(?:new|another|different|next) (?:subject|topic|question|thing)|"
    r"(?:to )?chang(?:e|ing) (?:of |the )?(?:subject|topic)|never ?mind(?: that)?|forget (?:that|it))\b\W*(?:then\W+)?",
    re.IGNORECASE,
)


def leans(question: str) -> bool:
    """Tell whether a question can only be understood after what was asked before it."""
    words = _WORD.findall(question)
    named = _NAME.search(question) is not None
    few = sum(word.lower() not in STOP_WORDS for word in words) <= 1
    question = _NOT_LEANING.sub(" ", when.without(question))
    if _POINTING.search(question) or _JOINED.match(question):
        return True
    return not named and (
        ((few or len(words) <= 3) and not _DEFINED.match(question))
        or _LEANING.search(question) is not None
        or _GOING_ON.search(question) is not None
        or (len(words) <= 6 and _OPENERS.match(question) is not None)
        or any(True for _ in pointing(question))
    )


def without_farewell(question: str) -> str:
    """Return a question without the words that say it is of something else ("Another question: …")."""
    rest = _NEW_SUBJECT.sub("", question, count=1)
    return rest if _WORD.search(rest) else question
