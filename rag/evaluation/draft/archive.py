"""Who else in an archive says what a question asks: by the words that articles and sentences share with it."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from index.article import Article
from index.passage import sentences
from rag.evaluation.draft.clauses import Form
from rag.evaluation.evaluate import folded
from rag.question import STOP_WORDS
from rag.rank import AFTER_DAYS

# Shares of the words of content of a question, each weighted by how rare it is in the archive.
_SAME = 0.7  # from here on a sentence with the answer says the same
_NEAR = 0.8  # from here on an article, or a sentence without the answer, may answer in other words
_TOUCHED = 0.4  # from here on an article answers if it holds the answer
_SAME_WEEK = 0.15  # likewise one of the same week: it may tell the same in other words
_ASKING = frozenset({"old", "percentag", "fill", "gap"})  # words of a question that no answer has
_NOT = re.compile(r"\b(?:not|never|no)\b|n[’']t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the sentence of an article that answers it."""

    article: Article
    sentence: str
    form: Form

    def of_the_same_week(self, other: Article) -> bool:
        """Tell whether another article was published within a week of this one, or may have been."""
        if not other.published or not self.article.published:
            return True
        return abs((other.published - self.article.published).days) <= AFTER_DAYS


class Archive:
    """All articles as sets of words."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Read the articles."""
        self._articles = articles
        self._words = [frozenset(words(f"{each.title} {each.text}")) for each in articles]
        counts = Counter(word for held in self._words for word in held)
        self._weights = {
            word: math.log(1 + len(articles) / count) for word, count in counts.items() if word not in _ASKING
        }

    def same(self, each: Candidate) -> list[tuple[str, str]]:
        """Return (article id, sentence) of other articles that say the same, one of each article: evidence, too."""
        found = []
        denied = bool(_NOT.search(each.sentence))
        for article in self._near(each, _SAME):
            if each.sentence in article.text:
                found.append((article.id, each.sentence))
                continue
            for text in texts(article):
                if _answers(each, text) and bool(_NOT.search(text)) == denied and self._share(each, text) >= _SAME:
                    found.append((article.id, text))
                    break
        return found

    def nobody_answers(self, each: Candidate) -> bool:
        """Tell whether no other article is likely to answer the question, in whatever words."""
        return not self.answering(each)

    def answering(self, each: Candidate) -> set[str]:
        """Return the ids of the other articles that are likely to answer the question, in whatever words."""
        near = {*self._near(each, _TOUCHED), *filter(each.of_the_same_week, self._near(each, _SAME_WEEK))}
        answers = (article for article in near if _answers(each, article.text))
        return {article.id for article in (*self._near(each, _NEAR), *answers)}

    def one_answer(self, each: Candidate) -> bool:
        """Tell whether no other sentence of the same article is likely to answer otherwise."""
        return not any(
            text != each.sentence and not _answers(each, text) and self._share(each, text) >= _NEAR
            for text in texts(each.article)
        )

    def _near(self, each: Candidate, least: float) -> list[Article]:
        """Return the other articles that hold this share of the question's words, but for those of later weeks.

        They are not there on the day that the question is asked on.
        """
        weights, day = self._asked(each), each.article.published
        total = sum(weights.values()) or 1.0
        return [
            article
            for article, held in zip(self._articles, self._words, strict=True)
            if (
                sum(weight for word, weight in weights.items() if word in held) >= least * total
                or each.sentence in article.text
            )
            and article.id != each.article.id
            and not (day and article.published and (article.published - day).days > AFTER_DAYS)
        ]

    def _share(self, each: Candidate, text: str) -> float:
        weights, held = self._asked(each), frozenset(words(text))
        return sum(weight for word, weight in weights.items() if word in held) / (sum(weights.values()) or 1.0)

    def _asked(self, each: Candidate) -> dict[str, float]:
        return {word: self._weights[word] for word in words(each.form.question) if word in self._weights}


def texts(article: Article) -> Iterator[str]:
    """Yield the sentences of an article."""
    return (article.text[span.start : span.end] for span in sentences(article.text, article.language))


def words(text: str) -> Iterator[str]:
    """Yield the words of content in lower case, without the commonest endings."""
    for word in re.findall(r"\w+", text.lower()):
        if word not in STOP_WORDS:
            yield _stem(word)


@cache
def _stem(word: str) -> str:
    return re.sub(r"(?<=\w{3})(?:ies|ed|es|s|ing|e)$", "", word)


def _answers(each: Candidate, text: str) -> bool:
    said = folded(text)
    return any(folded(answer) in said for answer in each.form.answers)
