"""The articles and questions that all contenders get: the same file, as JSON Lines."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.article import Article
from index.load import SourceFile, find, load
from rag.evaluation.evaluate import Question


def articles_of(source: Path) -> list[Article]:
    """Read the articles of a file or folder as a build does."""
    files = [found for found in find([source]) if isinstance(found, SourceFile)]
    return [article for file in files for article in load(file) if isinstance(article, Article)]


def askable(questions: Iterable[Question]) -> list[Question]:
    """Return the questions that any search can be measured by: answerable, standing alone, of the whole archive."""
    return [each for each in questions if each.answerable and not each.earlier and not each.without]


def sampled(
    articles: Sequence[Article], questions: Sequence[Question], most: int
) -> tuple[list[Article], list[Question]]:
    """Return at most `most` articles, and the questions that they answer: half of them evidence, half by chance.

    Chance is a hash of the ids: the same sample on every machine.
    """
    if len(articles) <= most:
        return list(articles), list(questions)
    there = {each.id for each in articles}
    kept: set[str] = set()
    for question in sorted(questions, key=lambda each: _draw(each.id)):
        evidence = question.evidence & there
        if evidence and len(kept | evidence) <= most // 2:
            kept |= evidence
    chosen = [each for each in questions if each.evidence & there and each.evidence & there <= kept]
    others = sorted((each.id for each in articles if each.id not in kept), key=_draw)
    kept |= set(others[: most - len(kept)])
    return [each for each in articles if each.id in kept], chosen


def write_articles(file: Path, articles: Iterable[Article]) -> None:
    """Write articles as records, with all that is known of them."""
    _write(file, (_record(each) for each in articles))


def write_questions(file: Path, questions: Iterable[Question], *, dated: bool) -> None:
    """Write what is asked, with the day or without; never what would be right."""
    days = ((each, each.asked.isoformat() if each.asked and dated else None) for each in questions)
    _write(file, ({"id": each.id, "question": each.question, "date": day} for each, day in days))


def _record(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "date": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "authors": list(article.authors),
        "publisher": article.publisher,
        "section": article.section,
        "url": article.url,
        "language": article.language,
    }


def _write(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _draw(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
