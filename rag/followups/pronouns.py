"""Which pronouns of a question point out of it. Pure functions over its words.

"Which company said it would close?" names what "it" is; "When did it close?" does not. A pronoun is taken to be bound
by a noun that stands before it in the question, but where grammar forbids that: as the subject of the main clause
("What day did she leave?"), as an object beside its subject ("When did the police arrest him?"), or within the very
words that would name it ("the name of her dog").
"""

import re
from collections.abc import Iterator

from rag.english import is_verb

_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|it|its)\b", re.IGNORECASE)
_SUBJECTS = frozenset({"he", "she", "they"})
_OWNERS = frozenset({"his", "hers", "its", "their", "theirs"})
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t| not)? $",
    re.IGNORECASE,
)
_NO_NOUN = (
    "ones?|others?|else|same|time|day|year|month|week|date|way|is|are|was|were|do|does|did|has|have|had|can|could|"
    "will|would|should|may|might|must"
)
_NOUN = re.compile(
    rf"\b(?:(?:the|an?|which|what|whose|these|those|any|every|each) (?!(?:{_NO_NOUN})\b)[\w’'-]+"
    r"|(?P<owner>[\w-]+(?:['’]s|s['’]))(?= )"
    rf"|who (?!(?:{_NO_NOUN})\b)[\w’'-]+)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[.!?;:,]|\b(?:and|but|that|who|which|because|since|after|before|when|while|if|where|as|until|said|says|say)\b",
    re.IGNORECASE,
)
_AFTER_HER = re.compile(
    r" (?:a|about|after|again|an|and|as|at|because|before|but|by|during|for|from|if|in|into|of|off|on|or|out|over|"
    r"since|so|than|that|the|then|this|to|until|up|what|when|where|while|who|why|with|would)\b|\W*$",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"it (?:\w+ )?(?:true|possible|likely|known|clear|right|legal|safe|rain\w*|snow\w*)\b|it \w+ (?:that|to)\b",
    re.IGNORECASE,
)


def pointing(question: str) -> Iterator[re.Match[str]]:
    """Yield the pronouns that nothing before them in the question can be meant by, in order."""
    for match in _PRONOUN.finditer(question):
        if not _bound(question, match) and not _EXPLETIVE.match(question, match.start()):
            yield match


def owns(question: str, pronoun: re.Match[str]) -> bool:
    """Tell whether a pronoun stands for somebody's ("her majority"), and not for somebody ("told her that")."""
    word = pronoun.group().lower()
    if word != "her":
        return word in _OWNERS
    return not _AFTER_HER.match(question, pronoun.end())


def _bound(question: str, pronoun: re.Match[str]) -> bool:
    before = question[: pronoun.start()]
    nouns = list(_NOUN.finditer(before))
    if not nouns:
        return False
    apart = _CLAUSE.search(before, nouns[0].end()) is not None
    if _AUXILIARY.search(before) and not apart:
        return False
    word = pronoun.group().lower()
    if owns(question, pronoun):
        between = before[nouns[-1].end() :].split()
        return bool(nouns[1:] or apart or nouns[-1]["owner"] or any(is_verb(each.lower()) for each in between))
    after = re.match(r" ?([\w’'-]+)", question[pronoun.end() :])
    clause = word in _SUBJECTS or (
        word == "it"
        and after is not None
        and (is_verb(after[1].lower()) or after[1].startswith(("'", "’")))
        and not re.search(r"\b(?:about|after|at|by|for|from|in|of|on|to|with) $", before)
    )
    return apart or clause
