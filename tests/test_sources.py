import pytest

from index.errors import ArticleUnknown, ChatError
from rag.filters import Filters
from rag.retrieve import Retriever
from rag.sources import Sources, check

BLUES = "publisher:The Blue Paper"


def test_nothing_is_left_out_at_first() -> None:
    assert not Sources()
    assert Sources().filters == Filters()


def test_what_is_pinned_is_asked_alone() -> None:
    made = Sources().pin("a", "b").pin("b", "c")
    assert made.pinned == ("a", "b", "c")
    assert made.filters == Filters(articles=("a", "b", "c"))
    assert Sources().pin(BLUES).filters == Filters(publishers=("The Blue Paper",))


def test_what_is_excluded_is_not_asked() -> None:
    made = Sources().exclude("a", BLUES)
    assert made.filters == Filters(articles=("-a",), publishers=("-The Blue Paper",))


def test_pinned_and_excluded_hold_together() -> None:
    parts = Sources().pin(BLUES).exclude("a").filters.parts
    assert set(parts) == {Filters(publishers=("The Blue Paper",)), Filters(articles=("-a",))}


def test_a_source_is_never_both() -> None:
    assert Sources().exclude("a", "b").pin("a") == Sources(("a",), ("b",))
    assert Sources().pin("a", "b").exclude("a") == Sources(("b",), ("a",))


def test_what_is_freed_is_neither() -> None:
    made = Sources(("a", "b"), ("c",))
    assert made.free("a", "c") == Sources(("b",))
    assert made.free() == Sources()
    assert made.pinned == ("a", "b")


def test_articles_and_publishers_are_not_pinned_together() -> None:
    for first, second in (("a", BLUES), (BLUES, "a")):
        with pytest.raises(ChatError, match=f"Free {first} first"):
            Sources().pin(first).pin(second)
    with pytest.raises(ChatError, match="articles and publishers cannot be pinned together"):
        Sources().pin("a", BLUES)


def test_what_the_archive_does_not_have_is_named(quick: Retriever) -> None:
    check(quick, ["wire-0004", "publisher:courier", "publisher:lantern"])
    with pytest.raises(ArticleUnknown, match="'wire-9999'"):
        check(quick, ["wire-0004", "wire-9999"])
    with pytest.raises(
        ChatError, match=r"publisher:times: no article has this publisher; there are, for one: .*Courier"
    ):
        check(quick, ["publisher:times"])
