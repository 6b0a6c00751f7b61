"""Parts of sentences: subjects, people, what comes after; and whether a question made of them is sound."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.english import (
    ABOUT,
    AUXILIARIES,
    CALENDAR,
    DETERMINERS,
    JOINING,
    LEADING,
    MONEY,
    NAME,
    NUMBER,
    POINTING,
    TITLE,
    Cases,
    is_verb,
)
from rag.evaluation.evaluate import folded

_WORDS = (7, 34)  # of a sentence that is asked about
_ASKED_WORDS = (5, 40)
_SUBJECT_WORDS = 9
_LONG = 18  # words of a question from which on it gets worse
_DATELINE = re.compile(r"^(?:[A-Z][\w.’' -]{2,30},? )?(?:[A-Z][a-z]+\.? \d{1,2} )?(?:\([A-Z]{2,8}\) )?[—–-]{1,2} ")
_UNCLEAR = re.compile(
    r"[\n|…/©()\[\]{}*_#@;<>]|\.\.|https?:|--| [–—-] |"
    r"\b(?:photo|getty|file|video|read more|click|subscribe|newsletter)\b",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"\b(?:[A-Z]\.)+$|\b(?:Dr|Mr|Ms|Mrs|Gov|Sen|Rep|Lt|Sgt|Gen|St|Jr|No|vs|Inc|Co|Corp|[ap]\.m)\.$")
_CUT = re.compile(
    r"[,:](?!\d)|(?<!connection) (?:while|but|which|who|that|when|after|before|as|because|since|with|including|"
    r"compared|according|although|though|where|whose|if|until|than|following|despite|"
    r"and is|and are|and was|and were|and has|and will)\b"
)
_RELATIVE_TIME = re.compile(r"\b(?:yesterday|today|tomorrow|tonight|ago|now|the same)\b", re.IGNORECASE)
_VAGUE_NOUNS = """
company report study bill game team attack group event incident suspect victim man woman agency department move plan
project case building city state country school court law deal show film movie book series season match race program
programme campaign article interview statement author storm fire crash shooting trial service network store product
device vehicle hearing vote poll survey spokesman spokesperson couple pair duo trio brand firm focus recovery seat title
position rise increase union period strike
"""
_VAGUE = re.compile(rf"\bthe (?:{'|'.join(_VAGUE_NOUNS.split())})\b(?! (?:of|for|in|at|on) )", re.IGNORECASE)
_BODIES = """
association tribune university department times post news journal council committee court police county city state
bureau agency office house senate company group institute center centre foundation board party union league club bank
college school hospital church service services inc corp commission ministry press herald courier star wire society
airlines motors health energy international national federal united new north south east west street road the
"""
OWN = frozenset({"his", "her", "their", "its"})
_ASKING = {"that", "who", "what", "when", "where", "how", "there", "so"}


@dataclass(frozen=True, slots=True)
class Form:
    """A question that a sentence answers, and how clear it is likely to be (higher is better)."""

    type: str
    question: str
    answers: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Known:
    """What of an archive and an article tells how the words of a sentence are meant."""

    cases: Cases
    full_name: Callable[[str], str]
    """Gives the name in full of somebody whom the article also calls by the last name, else what it is given."""

    def subject(self, text: str) -> str | None:
        """Return a subject as it is written within a sentence; None where it may be more or less than one, or vague."""
        words = text.split()
        lower = [word.lower() for word in words]
        if not 1 <= len(words) <= _SUBJECT_WORDS or re.search(r"[,:“”\"]", text) or not self._names(words):
            return None
        if any(word in POINTING or word in JOINING - {"and", "as"} for word in lower):
            return None
        if any(is_verb(word) for word in words if word.islower()):
            return None
        if any(word[:1].isupper() and word.lower() in DETERMINERS for word in words[1:]):
            return None
        starts = lower[0] in {"the", "a", "an", "both", "all"} or words[0][0].isupper()
        if not starts or lower[0] in LEADING | OWN or words[0] in CALENDAR:
            return None
        if lower[-1] in LEADING | DETERMINERS or "ly" in (lower[0][-2:], lower[-1][-2:]):
            return None
        inside = self.cases.inside(text)
        return inside and self.full_name(inside)

    def person(self, name: str) -> str:
        """Return the name of somebody in full, without a title, as far as the article gives it."""
        name = re.sub(rf"^{TITLE}+", "", name)
        shorter = self.full_name(name.split()[-1])  # Organizer Hamid Abdullah, and elsewhere Hamid Abdullah
        return shorter if name.endswith(shorter) and " " in shorter else self.full_name(name)

    def sound(self, form: Form) -> bool:
        """Tell whether a question can be understood by itself, and does not hold its answer."""
        words = re.findall(r"[\w’'-]+", form.question)
        if not _ASKED_WORDS[0] <= len(words) <= _ASKED_WORDS[1] or form.question.count("“") != form.question.count("”"):
            return False
        if re.search(r"(?<!\S)-\w|\w:\S", form.question):
            return False  # would be read as a filter
        said = words[3:] if form.type == "cloze" else words[1:]
        pointing = any(re.split("['’]", word.lower())[0] in POINTING - _ASKING for word in said)
        if "“" not in form.question and (pointing or _RELATIVE_TIME.search(form.question)):
            return False
        if form.type == "number" and re.search(rf" and (?:{ABOUT} )?(?:{NUMBER}|{MONEY})\b", form.question):
            return False  # the rest of a list
        second = re.search(r" and (?:[A-Z][\w’'-]+ )+([a-z]+)", form.question)
        if second and is_verb(second[1]):
            return False  # of somebody else
        names = {word for word in words[1:] if self._names([word])}
        if not names or (len(names) == 1 and vague(form.question)):
            return False
        asked = folded(form.question)
        return not any(folded(answer) in asked for answer in form.answers)

    def _names(self, words: list[str]) -> bool:
        return any(self.cases.is_name(word) for word in words if word not in CALENDAR)


def whole(sentence: str) -> str | None:
    """Return a sentence without the place and date that agencies begin with; None where it is not clear by itself."""
    text = _DATELINE.sub("", sentence)
    clear = (
        _WORDS[0] <= len(text.split()) <= _WORDS[1]
        and re.match(r"[A-Z0-9$£€“\"]", text)
        and text[-1] in '.”"'
        and not _UNCLEAR.search(text)
        and not _BROKEN.search(text)
    )
    return text if clear else None


def plain(text: str) -> str:
    """Return a sentence without its full stop; nothing where it quotes somebody."""
    return "" if re.search(r"[“”\"]", text) or not text.endswith(".") else text[:-1]


def trimmed(rest: str) -> str:
    """Return what comes after a verb, up to where another thought begins."""
    cut = _CUT.search(rest)
    rest = rest[: cut.start()] if cut else rest
    joined = re.search(r" and ([a-z]+)", rest)
    if joined and (is_verb(joined[1]) or joined[1] in POINTING):
        rest = rest[: joined.start()]
    return rest.strip(" .")


def torn(rest: str) -> bool:
    """Tell whether `trimmed` would cut within a list of names: in Ohio, Iowa and Maine."""
    cut = _CUT.search(rest)
    return bool(cut and re.match(r", [A-Z][\w’'. -]*(?:, [A-Z][\w’'. -]*)*,? (?:and|or) [A-Z]", rest[cut.start() :]))


def is_person(name: str) -> bool:
    """Tell whether a name in full may be somebody's, as far as its words tell."""
    lower = name.lower().split()
    return len(lower) > 1 and lower[0] not in LEADING and set(lower).isdisjoint(_BODIES.split())


def has_verb(sentence: str) -> bool:
    """Tell whether a sentence has a finite verb that is known: a caption or a headline has none."""
    return any(is_verb(word) for word in sentence.split() if word in AUXILIARIES or not word.endswith("s"))


def vague(question: str) -> int:
    """Return how often a question speaks of something as known that only its article tells: "the company"."""
    return len(_VAGUE.findall(question))


def scored(kind: str, question: str, answers: tuple[str, ...], clear: float) -> Form:
    """Return a question with its score: `clear` of its form, more for what it names, less for length and vagueness."""
    question = " ".join(question.split()).replace(" ?", "?")
    named = min(4, len(set(re.findall(rf"(?<=\s)(?:the )?{NAME}", question)))) / 4
    long = max(0, len(question.split()) - _LONG) / 12
    return Form(kind, question, tuple(dict.fromkeys(answers)), clear + named - 0.8 * vague(question) - long)
