"""Questions about people, made of single sentences by rules: who is, who did, how old, who said, what was said."""

import re
from collections.abc import Iterator

from rag.english import JOINING, LEADING, NAME, PARTICIPLES, PASTS, PERSON, POINTING, TITLE, is_verb
from rag.evaluation.draft.clauses import OWN, Form, Known, is_person, plain, scored, trimmed, vague

_SOLE = (
    "president|director|secretary|chair|chairman|chairwoman|chairperson|mayor|CEO|chief [a-z]+(?: officer)?|head|"
    "leader|founder|owner|captain|manager|coach|head coach|governor|superintendent|commissioner|sheriff|treasurer|"
    "executive director|managing director|general secretary|prime minister|minister|ambassador|principal|"
    "editor-in-chief|harbour master|chief executive|attorney general|secretary-general"
)  # of which there is one at a time
_BEFORE_A_NAME = "CEO|founder|chair|chairman|chairwoman|head coach|mayor|captain|manager"
_NO_BODY = re.compile(
    r"(?:an|ian|ish|ese|ench|[’']s?|The|Former|Ex-\w+)$|^(?:The|Former|And|But|If|As|When)\b"
)  # Russian President: not the president of Russian
_SAID = "(?:said|says)"
_OWN = POINTING | OWN
_ROLE_WORDS, _QUOTE_WORDS, _SAID_WORDS, _DONE_WORDS, _STATEMENT_WORDS, _TOPIC_WORDS = 12, 7, 6, 4, 4, 8


def who_is(_: Known, text: str) -> Iterator[Form]:
    """Ask "Who is the secretary of the Skippers' Association?" of "Harald Finn, secretary of …, said so."."""
    for match in re.finditer(
        rf"(?<![\w’'-] )(?P<name>{PERSON}), (?:the )?"
        rf"(?P<role>(?:{_SOLE}) (?:of|at|for) (?:the )?[A-Z][^,“”\"]+?)(?:, |\.$|,[”\"])",
        text,
    ):
        name, role = match["name"], match["role"]
        words = re.findall(r"[\w’'-]+", role)
        if not is_person(name) or set(name.split()) & set(re.findall(r"\w+", role)) or len(words) > _ROLE_WORDS:
            continue
        if not any(is_verb(word) or word in POINTING for word in words):
            yield scored("person", f"Who is the {role}?", (name, name.split()[-1]), 1.4)
    for match in re.finditer(
        rf"(?<![\w-] )(?P<body>(?:[A-Z][\w&’'-]+ ){{1,3}})(?P<role>{_BEFORE_A_NAME}) (?P<name>{PERSON})"
        r"(?=[ ,.])(?! [A-Z])",
        text,
    ):
        body, name = match["body"].strip(), match["name"]
        if not _NO_BODY.search(body):
            yield scored("person", f"Who is the {match['role']} of {body}?", (name, name.split()[-1]), 1.3)


def how_old(known: Known, text: str) -> Iterator[Form]:
    """Ask "How old is Hesper Dunn?" of "Hesper Dunn, 67, won."."""
    for match in re.finditer(rf"(?<![\w’'-] )(?P<name>{PERSON}), (?P<answer>[1-9]\d), ", text):
        name = known.person(match["name"])
        trade = match.start() == 0 and name.count(" ") > 1  # Scaffolder Dexter Gorse
        if is_person(name) and not trade:
            yield scored("number", f"How old is {name}?", (match["answer"],), 0.7)


def who_did(known: Known, text: str) -> Iterator[Form]:
    """Ask "Who won the class at the Varrow Show?" of "Hesper Dunn won the class at the Varrow Show."."""
    match = re.match(
        rf"{TITLE}?(?P<name>{PERSON}|{NAME})(?:, [^,]+,)? (?P<verb>(?:was |has been )?[a-z]+) (?P<rest>.+)$",
        plain(text),
    )
    name = known.person(match["name"]) if match else ""
    if not match or not is_person(name) or known.cases.is_place(name) or text.split()[0].lower() in LEADING:
        return
    *passive, verb = match["verb"].split()
    rest = trimmed(match["rest"])
    words = re.findall(r"[\w’'-]+", rest.lower())
    if len(words) < _DONE_WORDS or any(word in _OWN for word in words):
        return
    if verb in PASTS or (passive and verb in PARTICIPLES):
        yield scored("person", f"Who {match['verb']} {rest}?", (name, match["name"].split()[-1]), 0.9)


def who_said(known: Known, text: str) -> Iterator[Form]:
    """Ask "Who said “It is good exercise”?" of "“It is good exercise,” said Harald Finn."."""
    match = re.match(
        rf"[“\"](?P<quote>[^“”\"‘]{{35,190}})[,.!?]?[”\"] (?:{_SAID} (?P<after>{PERSON}|{NAME})(?:,[^“”\"]*)?|"
        rf"(?P<before>{PERSON}|{NAME}) {_SAID}(?: [a-z][^“”\"]*)?)\.$",
        text,
    )
    if not match:
        return
    name = match["after"] or match["before"]
    full, quote = known.person(name), match["quote"].rstrip(",.")
    if is_person(full) and len(quote.split()) >= _QUOTE_WORDS:
        yield scored("who_said", f"Who said “{quote}”?", (full, name.split()[-1]), 0.9)


def said_that(known: Known, text: str) -> Iterator[Form]:
    """Ask "Who said that the Navy was reviewing it?" and "What did Garas say about the Navy?"."""
    match = re.match(
        rf"{TITLE}?(?P<name>{PERSON}|{NAME})(?:, [^,]+(?:,? of [^,]+)?,)? {_SAID}(?: that)? (?P<said>.+)$", plain(text)
    )
    name = known.person(match["name"]) if match else ""
    if not match or not is_person(name):
        return
    said = match["said"]
    words = re.findall(r"[\w’'-]+", said.lower())
    two = any(is_verb(word) for word in re.findall(r" and ([a-z]+)", said))  # things that were done, or said
    if len(words) < _SAID_WORDS or two or any(word in _OWN for word in words):
        return
    parts = re.match(
        r"(?P<topic>[^,]+?) (?P<answer>(?:would|will|was|is|had|has|could|should|were|are|must|can|may|might) .+)$",
        said,
    )
    if not parts:
        return
    topic, answer = parts["topic"], parts["answer"]
    lower = topic.lower().split()
    unclear = any(is_verb(word) or word in POINTING | JOINING | LEADING for word in lower)
    if unclear or len(lower) > _TOPIC_WORDS or lower[0].endswith("ly"):
        return
    if any(known.cases.is_name(word) for word in said.split()):
        yield scored("who_said", f"Who said that {said}?", (name, match["name"].split()[-1]), 1.2)
    if len(answer.split()) >= _STATEMENT_WORDS and not vague(topic):
        yield scored("statement", f"What did {name} say about {topic}?", (answer,), 0.8)
