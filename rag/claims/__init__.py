"""What of a claim its quotes do not bear out: numbers, days, names, denials, directions, speakers. English rules.

Each doubt is for a reader to look at: the claim and the quotes stand beside each other. None is a proof that the claim
is false, and none found is no proof that it is true. The rules lean to silence, for a mark on every true paraphrase
would soon be overlooked; `tests/bench/claims.py` measures both.
"""

import re
from collections.abc import Sequence

from rag.claims import amounts, denial, names, times
from rag.quotes import Quote
from rag.verdicts.speakers import Same, same_speaker, speaker_of_quote

_NAME = r"(?:[A-Z][\w’'.-]*)(?: (?:(?:de|van|von|der|del|la|bin|al) )?[A-Z][\w’'.-]*){0,4}"
_SAYS = (
    r"(?:said|says|told|tells|added|adds|warned|argued|claimed|claims|insisted|wrote|announced|denied|admitted|called|"
    r"described|promised|vowed|explained|complained|joked|replied|conceded|stated|recalled|predicted|believes)"
)
_SPEAKER = (
    re.compile(rf"(?:\A|[.;,] |\bthat )(?P<name>{_NAME})(?:, [^,.]{{2,60}},)? {_SAYS}\b"),
    re.compile(rf"\b[Aa]ccording to (?P<name>{_NAME})"),
    re.compile(rf"\b{_SAYS} (?P<name>{_NAME})(?=[,.]|\Z)"),
)


def doubts(claim_text: str, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Return what of a claim its quotes do not bear out, each in words for a reader; nothing where all is borne out."""
    if not quotes:
        return ("no quote bears it out",) if claim_text.strip() else ()
    known = [speaker_of_quote(quote) for quote in quotes]
    found = [
        *_other_speakers(claim_text, known),
        *times.unborne(claim_text, quotes),
        *amounts.unborne(times.blanked(claim_text), [times.blanked(quote.text) for quote in quotes], _all(quotes)),
        *names.unborne(claim_text, quotes, [each for each in known if each]),
        *_contradictions(claim_text, quotes),
    ]
    return tuple(dict.fromkeys(found))


def speakers_named(claim_text: str) -> list[str]:
    """Return who is said to say something in a claim, by the name that it gives."""
    found = (match["name"] for pattern in _SPEAKER for match in pattern.finditer(claim_text))
    return list(dict.fromkeys(re.sub(r"['’]s\Z", "", name) for name in found))


def _all(quotes: Sequence[Quote]) -> str:
    return "\n".join(quote.article.text for quote in quotes)


def _contradictions(claim_text: str, quotes: Sequence[Quote]) -> list[str]:
    """Return where the quotes say the opposite; nothing where another quote bears the claim out as it stands."""
    each = [list(denial.contradicted(claim_text, quote.text)) for quote in quotes]
    return [said for one in each for said in one]


def _other_speakers(claim_text: str, known: Sequence[str | None]) -> list[str]:
    """Return who is said to speak while the articles give all quoted words to others."""
    found = []
    for name in speakers_named(claim_text):
        told = [same_speaker(name, each) for each in known]
        if told and all(each is Same.NO for each in told):
            found.append(f"the article gives these words to {known[0]}, not to {name}")
    return found
