"""Whether a claim affirms what its quotes deny, or the other way round, and words of the opposite direction.

A denial governs what comes next: "will not reopen" denies "reopen", "no injuries" denies "injuries", "denied that the
bridge was unsafe" all of its clause. A claim contradicts where it has the same words the other way. That two words are
opposites is told by a short list; both are weighed only where claim and quote share what they speak of. English rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.claims.words import Word, content, stem, words

_NOT = {"not", "never", "cannot", "hardly", "scarcely", "neither", "nor", "without"}
_NO_ONE = {"nobody", "none", "nothing"}
_REFUSING = {"refuse", "refuses", "refused", "fail", "fails", "failed", "decline", "declines", "declined", "unable"}
_REFUSING |= {"unlikely"}
_DENYING = {"deny", "denies", "denied", "denying"}
_CLAUSE = re.compile(
    r"[.;:!?()–—]| but | although | though | while | whereas | because | until | before | after | unless "
)
_REACH = 4  # words after a denial among which the first of content is denied


@dataclass(frozen=True, slots=True)
class _Denial:
    cue: str
    stems: frozenset[str]


def contradicted(claim: str, quote: str) -> Iterator[str]:
    """Yield where a claim says the opposite of a quote, in words; nothing where they do not speak of the same."""
    ours, theirs = content(claim), content(quote)
    shared = ours & theirs
    if len(shared) < 2 and len(shared) < 0.5 * len(ours):
        return
    denied_here, denied_there = _denials(claim), _denials(quote)
    here = frozenset().union(*(each.stems for each in denied_here))
    there = frozenset().union(*(each.stems for each in denied_there))
    for denial in denied_there:
        if _affirmed(denial, ours, here):
            yield f"the quote denies it: “{denial.cue}”"
            return
    for denial in denied_here:
        if _affirmed(denial, theirs, there):
            yield f"the claim says “{denial.cue}”, the quote does not"
            return
    yield from _opposite(claim, quote, here, there)


def _affirmed(denial: _Denial, stems: frozenset[str], denied: frozenset[str]) -> bool:
    """Tell whether what is denied stands in another text without a denial."""
    return bool(denial.stems) and denial.stems <= stems and not denial.stems & denied


def _denials(text: str) -> list[_Denial]:
    found: list[_Denial] = []
    for clause in _CLAUSE.split(text.replace("’", "'")):
        inside = words(clause)
        for place, word in enumerate(inside):
            governed = _governed(inside, place, word)
            if governed:
                cue = clause[word.start : governed[-1].end]
                found.append(_Denial(cue, frozenset(each.stem for each in governed)))
    return found


def _governed(inside: tuple[Word, ...], place: int, word: Word) -> list[Word]:
    """Return the words that a denial at a place governs; none where there is no denial."""
    rest = list(inside[place + 1 :])
    following = rest[0].text if rest else ""
    if word.text in _NOT or word.text.endswith("n't"):
        if following in ("only", "just", "least", "to"):
            return []
        return [each for each in rest[:_REACH] if each.content][:1]
    if word.text == "no" and following not in ("", "doubt", "longer"):
        if following == "one":
            return [each for each in rest[1:] if each.content][:1]
        return [each for each in rest[:_REACH] if each.content][:1]
    if word.text == "no" and following == "longer":
        return [each for each in rest[1 : _REACH + 1] if each.content and each.text != "longer"][:1]
    if word.text in _NO_ONE:
        return [each for each in rest if each.content][:1]
    if word.text in _REFUSING and following == "to":
        return [each for each in rest[1 : _REACH + 1] if each.content][:1]
    if word.text in _DENYING and (following == "that" or following.endswith("ing") or _has_verb(rest)):
        return [each for each in rest if each.content]
    return []


def _has_verb(rest: list[Word]) -> bool:
    return any(each.text in ("is", "are", "was", "were", "had", "has", "would", "will") for each in rest)


_PAIRS = """
rise increase climb grow jump surge soar gain | fall drop decrease decline shrink plunge slump tumble
win | lose
approve accept back support endorse | reject oppose
open reopen | close
buy purchase | sell
hire appoint | sack fire dismiss
guilty | innocent
convict | acquit clear
alive | die
north | south
northern | southern
east | west
eastern | western
highest | lowest
higher | lower
best | worst
better | worse
biggest largest | smallest
longest | shortest
oldest | youngest
heaviest | lightest
hottest | coldest
fastest | slowest
first | last
above over | below under
begin start | end finish
safe | unsafe
legal | illegal
possible | impossible
likely | unlikely
able | unable
profit | loss
majority | minority
raise | lower cut reduce
strengthen | weaken
allow permit | ban forbid prohibit
arrive | leave depart
join | quit leave
import | export
admit confirm | deny
before | after
for | against
more | fewer less
most | least
early earlier | late later
free | jail
"""
_OPPOSITES = [
    tuple(frozenset(stem(word) for word in side.split()) for side in line.split("|"))
    for line in _PAIRS.strip().splitlines()
]
_LINKS = {"before", "after", "for", "against", "above", "over", "below", "under", "more", "fewer", "less"}
_VOTE = re.compile(r"\b(?:vot\w+|campaign\w+|argu\w+|evidence|case)\b", re.IGNORECASE)


def _opposite(claim: str, quote: str, denied_here: frozenset[str], denied_there: frozenset[str]) -> Iterator[str]:
    ours, theirs = words(claim), words(quote)
    mine, others = {word.stem for word in ours}, {word.stem for word in theirs}
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            said, printed = mine & here, others & there
            if not said or not printed or mine & there or others & here:
                continue
            if bool(said & denied_here) != bool(printed & denied_there):
                continue  # "did not rise" is no opposite of "fell"
            ours_at = next(place for place, word in enumerate(ours) if word.stem in said)
            theirs_at = next(place for place, word in enumerate(theirs) if word.stem in printed)
            if _same_matter(ours, ours_at, theirs, theirs_at, quote):
                yield f"the claim says “{ours[ours_at].text}”, the quote “{theirs[theirs_at].text}”"
                return


def _same_matter(ours: tuple[Word, ...], ours_at: int, theirs: tuple[Word, ...], theirs_at: int, quote: str) -> bool:
    """Tell whether two opposite words are said of the same: both stand beside the same word of content."""
    mine, other = ours[ours_at], theirs[theirs_at]
    if {mine.text, other.text} & {"for", "against"} and not _VOTE.search(quote):
        return False
    reach = 4 if {mine.text, other.text} & _LINKS else 5
    back = 0 if {mine.text, other.text} & (_LINKS - {"for", "against"}) else reach
    near_mine = {word.stem for word in ours[max(0, ours_at - back) : ours_at + reach + 1] if word.content} - {mine.stem}
    near_other = {w.stem for w in theirs[max(0, theirs_at - back) : theirs_at + reach + 1] if w.content} - {other.stem}
    return bool(near_mine & near_other)
