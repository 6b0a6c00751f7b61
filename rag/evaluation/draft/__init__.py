"""Drafts a question set about an archive, without any model: for people who have no questions yet.

Questions are made of single sentences (see `forms`), at most a few of an article. A fifth of them is about articles
that are left out when they are asked (`without`), so that nothing answers them: another article that says the same, or
nearly, keeps such a question from being drafted. The same archive gives the same drafts in the same order.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import SettingsError
from rag.english import NAME, TITLE, Cases
from rag.evaluation.draft.archive import Archive, Candidate, texts, words
from rag.evaluation.draft.clauses import Known
from rag.evaluation.draft.forms import forms
from rag.evaluation.evaluate import folded
from rag.question import STOP_WORDS

UNANSWERABLE = "unanswerable_left_out"
_LEFT_OUT = 5  # one in so many drafts is about an article that is left out
_ARTICLES_A_DRAFT = 12  # articles looked at for each draft that is wanted
_LEAST_ARTICLES = 300
_AN_ARTICLE = 3  # most drafts of one article
_ALIKE = 0.6  # share of common words from which two questions are one
_TURNS = (
    "number", "date", "person", "who_said", "quoted", "number", "place", "statement", "date", "person", "number",
    "cloze",
)  # fmt: skip
_MOST = {"cloze": 0.2, "quoted": 0.35}  # of all drafts: easy to make, and easy to answer

Progress = Callable[[str, int, int], None]


def drafts(articles: Sequence[Article], count: int, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Return up to `count` records of a question set, the answerable ones first, each in order of its article's date.

    Raises:
        SettingsError: no sentence is clear enough to ask about.
    """
    by_id = {each.id: each for each in sorted(articles, key=lambda each: (each.id, each.digest))}
    english = [each for each in by_id.values() if each.language == "en"]
    looked_at = sorted(english, key=lambda each: _hash(each.id))[: max(_LEAST_ARTICLES, _ARTICLES_A_DRAFT * count)]
    found = sorted(_candidates(looked_at, progress), key=_clearest)
    archive, taken = Archive(english), _Taken()
    # Whether exact words are there is no question; and a gap names the article that is not there.
    unanswerable = [each for each in found if each.form.type != "cloze" and "“" not in each.form.question]
    missing = _chosen(unanswerable, count // _LEFT_OUT, taken, archive.nobody_answers, most_of=1)
    without = sorted({each.article.id for each in missing})
    present = [each for each in found if each.article.id not in without]
    answerable = _chosen(present, count - len(missing), taken, archive.one_answer)
    if not answerable:
        raise SettingsError(
            f"None of the {len(looked_at)} articles looked at has a sentence that is clear enough to ask about (the "
            "rules are for English news). Write questions by hand; the README says how, under `pullquote eval`."
        )
    records = [_answerable(each, archive.same(each)) for each in sorted(answerable, key=_in_order)]
    records += [_unanswerable(each, without) for each in sorted(missing, key=_in_order)]
    return [{"id": f"draft-{number:03d}"} | record for number, record in enumerate(records, 1)]


def pairs(
    articles: Sequence[Article], count: int, progress: Progress | None = None
) -> list[tuple[dict[str, Any], list[str]]]:
    """Return up to `count` answerable records, each with the ids of all articles that are likely to answer it.

    Without these the question has no answer. No gaps to fill, nor questions for exact words: people do not ask so.
    """
    english = sorted((each for each in articles if each.language == "en"), key=lambda each: (each.id, each.digest))
    looked_at = sorted(english, key=lambda each: _hash(each.id))[: max(_LEAST_ARTICLES, _ARTICLES_A_DRAFT * count)]
    found = sorted(_candidates(looked_at, progress), key=_clearest)
    asked = [each for each in found if each.form.type != "cloze" and "“" not in each.form.question]
    archive = Archive(english)
    chosen = _chosen(asked, count, _Taken(), archive.one_answer)
    made = []
    for number, each in enumerate(sorted(chosen, key=_in_order), 1):
        answering = sorted({each.article.id, *archive.answering(each)})
        made.append(({"id": f"draft-{number:03d}"} | _answerable(each, archive.same(each)), answering))
    return made


def write_drafts(file: Path, records: Iterable[dict[str, Any]]) -> None:
    """Write a question set.

    Raises:
        SettingsError: it cannot be written there.
    """
    try:
        file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), "utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: the drafts cannot be written there ({error.strerror}).") from error


def _answerable(each: Candidate, others: Sequence[tuple[str, str]]) -> dict[str, Any]:
    article, form, question = each.article, each.form, each.form.question
    if form.type == "cloze":
        day = f"{article.published.day} {article.published:%B %Y}" if article.published else None
        if place := ", ".join(filter(None, (article.publisher, day))):
            question = f"{question} ({place})"
    return {
        "question": question,
        "answer": form.answers[0],
        "answers": list(form.answers),
        "answerable": True,
        "type": form.type,
        "date": article.published.isoformat() if article.published else None,
        "evidence": [{"doc_id": key, "quote": quote} for key, quote in [(article.id, each.sentence), *others]],
    }


def _unanswerable(each: Candidate, without: Sequence[str]) -> dict[str, Any]:
    record = _answerable(each, ())
    changed = {"answers": [], "answerable": False, "type": UNANSWERABLE, "evidence": [], "without": list(without)}
    return record | changed | {"left_out": record["evidence"][0]}


# Finding


def _candidates(articles: Sequence[Article], progress: Progress | None) -> Iterator[Candidate]:
    cases = Cases(article.text for article in articles)
    for number, article in enumerate(articles):
        if progress:
            progress("drafting", number, len(articles))
        known = Known(cases, _full_names(article.text))
        for sentence in _sentences(article):
            for form in forms(known, sentence):
                yield Candidate(article, sentence, form)
    if progress:
        progress("drafting", len(articles), len(articles))


def _sentences(article: Article) -> Iterator[str]:
    """Yield the sentences of an article, but those that may be the rest of one torn after an abbreviation."""
    before = ""
    for text in texts(article):
        torn = re.search(r"\b(?:[A-Z]\.)+$|\b(?:Dr|Mr|Ms|Mrs|Gov|Sen|Rep|Lt|Sgt|St|Jr|No|vs)\.$", before)
        if not torn and not (article.title and text.startswith(article.title)):
            yield text
        before = text


def _full_names(text: str) -> Callable[[str], str]:
    """Return a function that gives the one full name in `text` that a last name belongs to, else what it is given."""
    full: dict[str, set[str]] = {}
    alone = set(re.findall(rf"(?<![A-Z]\. )({NAME})(?! (?:[A-Z]\. )?[A-Z])", text))
    for match in re.finditer(rf"(?<=[a-z,.“\"’] )(?!{TITLE})({NAME}) (?:[A-Z]\. )?({NAME})(?! [A-Z])", f". {text}"):
        # A first name that also stands alone may be another person's: Prince William, Charles.
        if match[1] not in alone and match[1].lower() not in STOP_WORDS:
            full.setdefault(match[2], set()).add(match[0])

    def named(name: str) -> str:
        found = full.get(name, set())
        return next(iter(found)) if len(found) == 1 else name

    return named


# Choosing


class _Taken:
    """What was chosen, so that nothing is asked twice and no article too often."""

    def __init__(self) -> None:
        self.sentences: set[str] = set()
        self.asked: list[frozenset[str]] = []
        self.of: Counter[str] = Counter()

    def add(self, each: Candidate) -> None:
        self.sentences.add(folded(each.sentence))
        self.asked.append(frozenset(words(each.form.question)))
        self.of[each.article.id] += 1

    def has(self, each: Candidate) -> bool:
        own = frozenset(words(each.form.question))
        alike = any(len(own & other) > _ALIKE * len(own | other) for other in self.asked)
        return alike or folded(each.sentence) in self.sentences


def _chosen(
    found: Sequence[Candidate], count: int, taken: _Taken, fits: Callable[[Candidate], bool], most_of: int = _AN_ARTICLE
) -> list[Candidate]:
    """Return up to `count` candidates: of every kind in turn the clearest, first one of an article, then a second."""
    chosen: list[Candidate] = []
    kinds = {kind: [each for each in found if _kind(each) == kind] for kind in _TURNS}
    room = {kind: math.ceil(count * _MOST.get(kind, 1)) for kind in _TURNS}
    for most in range(1, most_of + 1):
        waiting = {kind: iter(each) for kind, each in kinds.items()}
        going = set(_TURNS)
        while going:
            for kind in _TURNS:
                if len(chosen) == count:
                    return chosen
                free = (each for each in waiting[kind] if taken.of[each.article.id] < most and not taken.has(each))
                best = next(filter(fits, free), None) if room[kind] else None
                if best is None:
                    going.discard(kind)
                    continue
                taken.add(best)
                chosen.append(best)
                room[kind] -= 1
    return chosen


def _kind(each: Candidate) -> str:
    return "quoted" if "“" in each.form.question else each.form.type


def _clearest(each: Candidate) -> tuple[float, str, str]:
    """Return what candidates are ordered by: the clearest first, then by chance, but always the same."""
    return -each.form.score, _hash(each.article.id), each.sentence


def _in_order(each: Candidate) -> tuple[str, str, str]:
    return each.article.published.isoformat() if each.article.published else "", each.article.id, each.sentence


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
