"""Questions made of single sentences by rules: how many, how much, when, where, fill a gap; others in `people`.

Each rule takes only sentences of one clear build, and gives nothing where it is in doubt: out of a whole archive few
sentences are needed. Knows nothing of articles but the sentence and the full names of its people.
"""

import re
from collections.abc import Iterator

from rag.english import (
    ABOUT,
    COUNTED,
    DATE,
    JOINING,
    LEADING,
    MONEY,
    NAME,
    NUMBER,
    PARTICIPLES,
    PASTS,
    POINTING,
    is_verb,
)
from rag.evaluation.draft.clauses import OWN, Form, Known, has_verb, plain, scored, torn, trimmed, whole
from rag.evaluation.draft.people import how_old, said_that, who_did, who_is, who_said

_UNITS = "people|men|women|children|feet|police|crew|staff|geese|sheep"
_NOUN = rf"(?:[a-z’'-]+ ){{0,2}}?(?:[a-z’'-]{{3,}}s|{_UNITS})"
_PAST = "|".join(PASTS)
_NO_NOUN = {"of", "in", "or", "to", "and", "percent", "points", "times", "other", "more"}
_MOVED = {
    "rose": "rise", "fell": "fall", "climbed": "climb", "dropped": "drop", "jumped": "jump", "plunged": "plunge",
    "gained": "gain", "lost": "lose", "slipped": "slip", "grew": "grow", "increased": "increase",
    "declined": "decline", "tumbled": "tumble",
}  # fmt: skip
_MONEY_VERBS = "cost|paid|spent|raised|earned|donated|lost|received|won|invested|pledged|sold|generated"
_PLACED = "born|found|held|arrested|buried|raised|built|detained|discovered|filmed|staged|convicted|captured"
_ONCE = """
born built founded opened closed elected killed arrested released published launched created established married
convicted sentenced abolished demolished sunk sold stolen signed discovered executed buried hired
"""
_ALONE = "die open close begin end start retire resign reopen crash erupt launch premiere debut expire"
_ANOTHER = re.compile(r"\b(?:and|but|or|that|which|who|when|from|between|to be)\b")


def forms(known: Known, sentence: str) -> list[Form]:
    """Return the questions that a sentence answers, the clearest first; none where it is not clear by itself."""
    text = whole(sentence)
    if text is None:
        return []
    rules = [*_OF_PEOPLE]
    if re.search(rf"\b{NUMBER}\b", text, re.IGNORECASE):  # a quick look before the slow ones
        rules += [*_OF_NUMBERS, *(_OF_DATES if re.search(DATE, text) else ())]
    made = [form for rule in rules for form in rule(known, text)]
    return sorted((form for form in made if known.sound(form)), key=lambda form: -form.score)


def _how_many_do(_: Known, text: str) -> Iterator[Form]:
    """Ask "How many boats are registered at the port?" of "Twenty-six boats are registered at the port."."""
    match = re.match(rf"(?:{ABOUT} )?(?P<answer>{NUMBER}) (?P<noun>{_NOUN}) (?P<rest>.+)$", plain(text), re.IGNORECASE)
    if not match or match["noun"].split()[0].lower() in _NO_NOUN:
        return
    noun, rest = match["noun"], match["rest"]
    if of := re.match(r"(of (?:the )?(?:[A-Z][\w’'-]+ ?){1,3}[a-z]* ?)([a-z]+ .+)", rest):
        noun, rest = f"{noun} {of[1].strip()}", of[2]
    verb, *more = rest.split()
    if not more or not (verb in PASTS or verb in {"are", "were", "have", "had", "will"}):
        return
    rest, *after = re.split(r",(?!\d)| while | but | which ", rest, maxsplit=1)
    if not after or not re.search(r", (?:and|or) ", after[0]):  # else it was cut within a list
        yield scored("number", f"How many {noun} {rest}?", (match["answer"],), 1.2)


def _how_many_there(_: Known, text: str) -> Iterator[Form]:
    """Ask "How many geese were there on the quay?" of "There were 240 geese on the quay."."""
    match = re.match(
        rf"There (?P<verb>are|were) (?:{ABOUT} )?(?P<answer>{NUMBER}) (?P<noun>{_NOUN}) "
        r"(?P<rest>(?:in|on|at|of|for|with|from|among|across|under|aboard|\w+ing|\w+ed) .+)$",
        plain(text),
    )
    if match and match["noun"].split()[0] not in _NO_NOUN:
        question = f"How many {match['noun']} {match['verb']} there {trimmed(match['rest'])}?"
        yield scored("number", question, (match["answer"],), 1.1)


def _how_many_did(known: Known, text: str) -> Iterator[Form]:
    """Ask "How many games did the town lose?" of "The town lost 12 games."."""
    match = re.match(
        rf"(?P<subject>.+?) (?P<verb>[a-z]+) (?:{ABOUT} )?(?P<answer>{NUMBER}) (?P<noun>{_NOUN})(?P<rest>(?:[ ,].*)?)$",
        plain(text),
    )
    if not match or match["noun"].split()[0] in _NO_NOUN or match["rest"].startswith(" and ") or torn(match["rest"]):
        return
    verb, subject, rest = match["verb"], known.subject(match["subject"]), trimmed(match["rest"])
    if not subject:
        return
    noun = match["noun"]
    if of := re.match(r"of (?!(?:the|a|an|any|its|their|his|her)\b)[a-z]+\b", rest):  # tonnes of herring
        noun, rest = f"{noun} {of[0]}", rest[of.end() :]
    if verb in {"has", "have"}:
        question = f"How many {noun} {'does' if verb == 'has' else 'do'} {subject} have {rest}?"
        yield scored("number", question, (match["answer"],), 1.1)
    elif verb in PASTS and verb not in _MOVED.keys() - {"lost", "gained"} | {"moved", "finished"}:
        question = f"How many {noun} did {subject} {PASTS[verb]} {rest}?"
        yield scored("number", question, (match["answer"],), 1.2)


def _how_much(known: Known, text: str) -> Iterator[Form]:
    """Ask "How much did the club pay for Carraw?" of "The club paid $12,000 for Carraw."."""
    match = re.match(
        rf"(?P<subject>.+?) (?P<verb>{_MONEY_VERBS}) (?:{ABOUT} )?(?P<answer>{MONEY})"
        r"(?P<rest>(?: (?:to|for|in|on|from|at|by|over|a|per|last) .*|,.*)?)$",
        plain(text),
    )
    if match and not torn(match["rest"]) and (subject := known.subject(match["subject"])):
        question = f"How much did {subject} {PASTS[match['verb']]} {trimmed(match['rest'])}?"
        yield scored("number", question, (match["answer"],), 1.3)


def _by_how_much(known: Known, text: str) -> Iterator[Form]:
    """Ask "By what percentage did the Dow fall on Friday?" of "The Dow fell 2.5% on Friday."."""
    match = re.match(
        rf"(?P<subject>.+?) (?P<verb>{'|'.join(_MOVED)}) (?:by )?(?:{ABOUT} )?"
        r"(?P<answer>\d[\d,.]*(?:%| percent| per cent| (?P<points>points)))(?P<rest>.*)$",
        plain(text),
    )
    if match and (subject := known.subject(match["subject"])):
        what = "how many points" if match["points"] else "what percentage"
        question = f"By {what} did {subject} {_MOVED[match['verb']]} {trimmed(match['rest'])}?"
        yield scored("number", question, (match["answer"],), 1.2)


def _when_was(known: Known, text: str) -> Iterator[Form]:
    """Ask "When was West Nile first found in Ohio?" of "West Nile was first found in Ohio in 2002."."""
    match = re.match(
        rf"(?P<subject>.+?) (?P<be>was|were|will|is|are) (?P<what>[a-z][^,]*?) (?:on|in) (?P<answer>{DATE})"
        r"(?P<rest>.*)$",
        plain(text),
    )
    if not match or _ANOTHER.search(what := match["what"]) or re.search(r"\b(?:also|then|later)\b", what):
        return
    subject = known.subject(match["subject"])
    verb, *more = [word for word in what.split() if word not in {"first", "officially", "originally"}] or [""]
    passive = match["be"] in {"was", "were"} and (verb in PARTICIPLES or verb in PASTS or verb.endswith("ed"))
    ahead = match["be"] != "was" and re.match(
        r"(?:be [a-z]+|begin|open|reopen|close|start|end|expected to|due to)\b", what
    )
    if not subject or not (passive or ahead) or any(word in PASTS for word in more):
        return
    if _goes_on(match["rest"]) or re.match(r"The (?:two|three|four) ", text):
        return
    if passive and not more and verb not in _ONCE.split():
        return
    rest = trimmed(match["rest"]) if match["rest"].startswith((" at ", " by ", " for ")) else ""
    yield scored("date", f"When {match['be']} {subject} {what} {rest}?", (match["answer"],), 1.2)


def _when_did(known: Known, text: str) -> Iterator[Form]:
    """Ask "When did Holt join the council?" of "Holt joined the council in 2018."."""
    early = re.match(rf"(?:In|On) (?P<answer>{DATE}), (?P<subject>.+?) (?P<verb>{_PAST})(?P<what> .+)$", plain(text))
    late = re.match(
        rf"(?P<subject>.+?) (?P<verb>{_PAST})(?P<what>(?: [^,]*?)?) (?:on|in) (?P<answer>{DATE})(?P<rest>.*)$",
        plain(text),
    )
    for match in filter(None, (early, late)):
        subject, verb, what = known.subject(match["subject"]), PASTS[match["verb"]], trimmed(match["what"])
        if not subject or _ANOTHER.search(what) or any(is_verb(word) for word in what.split()):
            continue
        if not what and verb not in _ALONE.split():
            continue
        if match is late and (what != match["what"].strip() or _goes_on(match["rest"])):
            continue
        yield scored("date", f"When did {subject} {verb} {what}?", (match["answer"],), 1.1)


def _goes_on(rest: str) -> bool:
    """Tell whether a date was only a part of what was claimed, said or announced: … in March violated their rights."""
    word = re.match(r" ([a-z]+)", rest)
    return bool(word and (word[1] == "that" or is_verb(word[1])))


def _where_was(known: Known, text: str) -> Iterator[Form]:
    """Ask "Where was the tuba found?" of "The tuba was found in Pikehithe."."""
    match = re.match(
        rf"(?P<subject>.+?) (?P<be>was|were) (?P<verb>{_PLACED}) in (?P<answer>{NAME}(?: {NAME})?)"
        r"(?P<rest>(?:,? .*)?)$",
        plain(text),
    )
    if match and known.cases.is_place(match["answer"]) and (subject := known.subject(match["subject"])):
        when = re.match(rf"(?:, [A-Z][\w. ]+?,)? (?:on|in) ({DATE})", match["rest"])
        rest = "" if not when else f"{'in' if when[1].isdigit() else 'on'} {when[1]}"
        yield scored("place", f"Where {match['be']} {subject} {match['verb']} {rest}?", (match["answer"],), 1.2)


def _gap(_: Known, text: str) -> Iterator[Form]:
    """Ask "Fill the gap: The bridge cost ____ crowns." of a sentence with one number."""
    sentence = plain(text)
    first = sentence.split()[0].lower() if sentence else ""
    if not first or first in LEADING | POINTING | JOINING | OWN or first.endswith("ly") or not has_verb(sentence):
        return
    if re.match(r"the (?:two|three|four) ", sentence, re.IGNORECASE):
        return
    numbers = re.compile(r"\d[\d,.]*\d|\d")
    found = re.search(rf"(?<![\w$£€.,-])(?:{MONEY}|{DATE}|{COUNTED})(?![\w-])", sentence)
    if not found or len(numbers.findall(sentence)) > len(numbers.findall(found[0])):
        return
    if len(re.findall(rf"(?<=\s){NAME}", sentence)) > 1:
        gap = f"{sentence[: found.start()]}____{sentence[found.end() :]}"
        yield scored("cloze", f"Fill the gap: {gap}.", (found[0],), 0.2)


_OF_NUMBERS = (_how_many_do, _how_many_there, _how_many_did, _how_much, _by_how_much, _gap)
_OF_DATES = (_when_was, _when_did)
_OF_PEOPLE = (_where_was, how_old, who_did, who_is, who_said, said_that)
