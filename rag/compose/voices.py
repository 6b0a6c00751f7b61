"""Whether a sentence states something itself or lets somebody say it, and who that is where the sentence names them."""

import re
from typing import NamedTuple

_SAYS = (
    r"(?:said|says|told|tells|added|adds|claimed|claims|insisted|insists|argued|argues|warned|warns|announced|wrote|"
    r"denied|denies|admitted|confirmed|estimated|maintained|alleged|explained|replied|stated)"
)
_REPORTED = re.compile(rf"\b{_SAYS}\b|\baccording to\b|[“\"][^“”\"]{{20,}}", re.IGNORECASE)
_WORD = r"[A-Z][\w’'&.-]*"
_NAME = rf"(?:(?:the )?{_WORD}(?: (?:of|and|de|van|von|al|bin|& )?(?:{_WORD}|of the {_WORD}))*)"
_BODY = r"(?:the (?:[a-z]+ ){0,2}[a-z]+)"
_BEFORE = re.compile(rf"(?P<name>{_NAME}|{_BODY})(?:, [^,“”\"]{{2,80}},)? (?:had |has |also |later |would )?{_SAYS}\b")
_AFTER = re.compile(rf"[”\",] {_SAYS} (?P<name>{_NAME})")
_ACCORDING = re.compile(rf"\b[Aa]ccording to (?P<name>{_NAME}|{_BODY})")
_NOBODY = frozenset(["he", "she", "they", "it", "who", "which", "that", "we", "i", "you", "the", "and", "but"])


class Reported(NamedTuple):
    """How a sentence says something."""

    attributed: bool
    """It lets somebody say it."""
    speaker: str
    """Who, in the sentence's words; empty where it does not name them."""


def reported(sentence: str) -> Reported:
    """Tell whether a sentence lets somebody say what it says, and who."""
    if not _REPORTED.search(sentence):
        return Reported(attributed=False, speaker="")
    for pattern in (_ACCORDING, _AFTER, _BEFORE):
        if match := pattern.search(sentence):
            name = match["name"].strip(" .,")
            if name.lower() not in _NOBODY:
                return Reported(attributed=True, speaker=name[0].lower() + name[1:] if name[:4] == "The " else name)
    return Reported(attributed=True, speaker="")
