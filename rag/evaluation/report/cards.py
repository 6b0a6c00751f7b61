"""The part of an evaluation's report that shows single questions: what was known, and what came first."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Any

from index.article import Article
from rag.evaluation.evaluate import Question, folded
from rag.evaluation.figures import NEVER, Comparison, Outcomes, short
from rag.evaluation.report.cases import Cases, flips, worst

_SHOWN = 10  # of each kind in full; the others by their question alone
_EVIDENCE = 2
_CHARS = 420  # of a passage
# NUL and lone surrogates are in no HTML document: the first is dropped by browsers, the others cannot be encoded.
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")

Lookup = Callable[[str], Article | None]


def said(text: str) -> str:
    """Return `text` escaped, for between tags and for within a double-quoted attribute."""
    return escape(_UNENCODABLE.sub("\ufffd", text))


def cases_part(run: Outcomes, article: Lookup, comparison: Comparison | None) -> str:
    """Return the questions to look at: those that another run handled otherwise, then the worst of each kind."""
    parts = ['<h2 id="cases">Questions to look at</h2>']
    if comparison:
        parts += [_kind(each, comparison.now, article) for each in flips(comparison)]
    parts += [_kind(each, run, article) for each in worst(run)]
    return "".join(parts)


def _kind(cases: Cases, run: Outcomes, article: Lookup) -> str:
    head = f'<h3 id="{cases.name}">{cases.title}: {len(cases.places):,}</h3>'
    if not cases.places:
        return f'{head}<p class="soft">None.</p>'
    shown = "".join(_case(run, place, article) for place in cases.places[:_SHOWN])
    rest = "".join(
        f'<li>{said(run.questions[place].question)} <span class="soft">{said(run.questions[place].id)}</span></li>'
        for place in cases.places[_SHOWN:]
    )
    more = f"<details><summary>{len(cases.places) - _SHOWN:,} more</summary><ul>{rest}</ul></details>" if rest else ""
    return f'{head}<p class="soft">{cases.says}</p>{shown}{more}'


def _case(run: Outcomes, place: int, article: Lookup) -> str:
    question, row = run.questions[place], run.rows[place] or {"passages": [], "quotes": []}
    turns = "".join(f'<p class="soft">after: {said(each)}</p>' for each in question.earlier)
    facts = [said(question.id), said(question.type), f"asked as of {_day(question.asked)}" if question.asked else ""]
    facts += ["refused" if run.refused[place] else "answered", f"confidence {short(run.confidence[place])}"]
    if question.answerable:
        facts.append(_came(run, place))
    entries = [("Known answers", [said(" · ".join(question.answers))])] if question.answers else []
    if question.proof:
        more = [f'<span class="soft">and {len(question.proof) - _EVIDENCE} more</span>']
        proofs = [_proof(*each, question, article) for each in question.proof[:_EVIDENCE]]
        entries.append(("Evidence", proofs + (more if len(question.proof) > _EVIDENCE else [])))
    if question.without:
        entries.append(("Left out", [_source(key, article) for key in sorted(question.without)[:_EVIDENCE]]))
    for what, spans in (("First quote", row["quotes"]), ("First passage", row["passages"])):
        entries.append((what, [_span(spans[0], question, article)] if spans else ['<span class="soft">none</span>']))
    listed = "".join(
        f"<dt>{name}</dt>{''.join(f'<dd>{each}</dd>' for each in each_said)}" for name, each_said in entries
    )
    return (
        f'<article class="case">{turns}<p class="question">{said(question.question)}</p>'
        f'<p class="meta">{" · ".join(filter(None, facts))}</p><dl>{listed}</dl></article>'
    )


def _came(run: Outcomes, place: int) -> str:
    ranks = {kind: int(run.ranks[kind][place]) for kind in ("article", "passage", "quote")}
    named = [f"{kind} {rank}" if rank < NEVER else f"no {kind}" for kind, rank in ranks.items()]
    return f"what answers came as {', '.join(named)}"


def _proof(key: str, quote: str, question: Question, article: Lookup) -> str:
    return f"{_quoted(quote, question)}{_source(key, article)}"


def _span(span: dict[str, Any], question: Question, article: Lookup) -> str:
    return f"{_quoted(span['text'], question)}{_source(span['article_id'], article)}"


def _quoted(text: str, question: Question) -> str:
    """Return words of an article, cut where they are many, with the known answers marked."""
    text = " ".join(text.split())
    if len(text) > _CHARS:
        text = f"{text[:_CHARS].rsplit(' ', 1)[0]} …"
    return f"“{marked(text, question.answers)}”<br>" if text else ""


def marked(text: str, answers: Sequence[str]) -> str:
    """Return `text` escaped, each answer in it within <mark>; as for hits, only words and numbers count."""
    words = [folded(answer).split() for answer in answers]
    patterns = [r"\W+".join(map(re.escape, each)) for each in words if each]
    if not patterns:
        return said(text)
    pieces = re.split(rf"(?<!\w)({'|'.join(patterns)})(?!\w)", text, flags=re.IGNORECASE)
    return "".join(f"<mark>{said(each)}</mark>" if place % 2 else said(each) for place, each in enumerate(pieces))


def _source(key: str, article: Lookup) -> str:
    found = article(key)
    if found is None:
        return f'<span class="soft">{said(key)} (not in the archive)</span>'
    names = [found.publisher, _day(found.published) if found.published else "date unknown", key]
    return f'<span class="soft">{said(found.title)} — {said(", ".join(filter(None, names)))}</span>'


def _day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"
