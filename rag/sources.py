"""Which sources a conversation keeps to: articles or publishers that are pinned, and those that are left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ArticleUnknown, ChatError
from rag.filters import Filters
from rag.retrieve import Retriever

PUBLISHER = "publisher:"
"""What a source begins with that is a publisher and no article's id."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that only are asked, and those that never are: article ids, or `publisher:NAME`."""

    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.pinned or self.excluded)

    @property
    def filters(self) -> Filters:
        """Return what an article must be to be asked."""
        return _filters(self.pinned).also(_filters(self.excluded, no="-"))

    def pin(self, *sources: str) -> "Sources":
        """Return these with more that are pinned: only what is pinned is asked.

        Raises:
            ChatError: articles and publishers would both be pinned, which nothing would be.
        """
        made = Sources(_more(self.pinned, sources), _less(self.excluded, sources))
        if len({each.startswith(PUBLISHER) for each in made.pinned}) > 1:
            raise ChatError(
                f"{', '.join(sources)}: articles and publishers cannot be pinned together. Free "
                f"{', '.join(self.pinned)} first."
            )
        return made

    def exclude(self, *sources: str) -> "Sources":
        """Return these with more that are left out."""
        return Sources(_less(self.pinned, sources), _more(self.excluded, sources))

    def free(self, *sources: str) -> "Sources":
        """Return these without some: they are neither pinned nor left out. Without naming any, all are freed."""
        return Sources(_less(self.pinned, sources), _less(self.excluded, sources)) if sources else Sources()


def check(retriever: Retriever, sources: Sequence[str]) -> None:
    """See to it that the archive has each of the sources.

    Raises:
        ArticleUnknown: an id that no article has.
        ChatError: a publisher that no article has.
    """
    for source in sources:
        if not source.startswith(PUBLISHER):
            if retriever.article(source) is None:
                raise ArticleUnknown(
                    f"{source!r}: no article here has this id. `pullquote search` lists articles with theirs."
                )
            continue
        named = Filters(publishers=(source.removeprefix(PUBLISHER),))
        known = set(retriever.index.facts)
        if not any(named.pass_article(facts) for facts in known):
            there = sorted({facts.publisher for facts in known if facts.publisher})[:5]
            raise ChatError(
                f"{source}: no article has this publisher; there are, for one: {', '.join(there) or 'none'}."
            )


def _filters(sources: Sequence[str], no: str = "") -> Filters:
    publishers = [f"{no}{each.removeprefix(PUBLISHER)}" for each in sources if each.startswith(PUBLISHER)]
    articles = [f"{no}{each}" for each in sources if not each.startswith(PUBLISHER)]
    return Filters(publishers=tuple(publishers), articles=tuple(articles))


def _more(sources: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*sources, *others)))


def _less(sources: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in sources if each not in others)
