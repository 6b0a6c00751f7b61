"""What can be asked next: questions that the articles behind an answer can answer."""

from collections.abc import Iterator

from index.article import Article
from rag.answer import Answer
from rag.followups.people import named
from rag.speech import quotations

_READ = 2  # articles read for who is quoted in them: each takes up to 30 ms
_MOST = 3


def suggestions(answer: Answer, k: int = _MOST) -> list[str]:
    """Return at most `k` questions to ask next: what somebody quoted there said, and what is newer on the same.

    They are made from the articles quoted, of a refusal from those that came near, by English rules; of other
    languages there are none.
    """
    return list(dict.fromkeys(_made(answer)))[:k]


def _made(answer: Answer) -> Iterator[str]:
    hits = [each.hit for each in answer.near] if answer.refused else []
    sources = list(dict.fromkeys([quote.article for quote in answer.quotes] + [hit.article for hit in hits]))
    sources = [each for each in sources if each.language.startswith("en")][:_READ]
    asked = named(answer.searched)
    for article in sources:
        speakers = _speakers(article)
        things = (name for name in asked if name.removeprefix("the ") in article.text)
        thing = next((name for name in things if not _is_of(name, speakers)), "")
        for speaker in speakers:
            if not _is_of(speaker, asked):
                yield f"What did {speaker} say about {thing}?" if thing else f"What did {speaker} say?"
                break
        if thing and not answer.refused and _newer(answer, thing):
            yield f"What is the latest on {thing}?"


def _speakers(article: Article) -> list[str]:
    """Return who is quoted by full name in an article, in order."""
    known = (each.speaker for each in quotations(article) if each.speaker)
    names = dict.fromkeys(each.name for each in known)
    return [name for name in names if " " in name and all(word[0].isupper() for word in name.split())]


def _is_of(name: str, others: list[str]) -> bool:
    """Tell whether a name is one of the others, or the last word of one."""
    return any(name.split()[-1] == other.split()[-1] for other in others)


def _newer(answer: Answer, thing: str) -> bool:
    """Tell whether anything found is newer than what is quoted first, and of the same thing."""
    first = answer.quotes[0].article.published
    found = (hit.article for hit in answer.hits)
    return any(
        first and each.published and each.published > first and thing.removeprefix("the ") in each.text
        for each in found
    )
