from dataclasses import fields, replace
from datetime import date

import pytest

from rag import Article

ARTICLE = Article("a", "Title", "Text", "here.txt", date(2026, 1, 2), ("Ann",), "http://a", "Courier", "News", "en")
OTHER: dict[str, object] = {
    "id": "b", "title": "T", "text": "Text ", "published": None, "authors": ("An", "n"), "url": None,
    "publisher": "News", "section": "Courier", "language": "fr",
}  # fmt: skip


@pytest.mark.parametrize("field", OTHER)
def test_the_digest_covers_everything_that_is_said(field: str) -> None:
    assert replace(ARTICLE, **{field: OTHER[field]}).digest != ARTICLE.digest


def test_no_field_is_forgotten_here() -> None:
    assert {each.name for each in fields(Article)} == {*OTHER, "source"}


def test_where_it_was_read_from_does_not_count() -> None:
    assert replace(ARTICLE, source="elsewhere.txt").digest == ARTICLE.digest


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert Article("a", "Títle", "Text").digest == "22cbe326a6eff6ea6d545fe3688abe9f388fe1a7ce279e303e1468af625129bc"


def test_a_lone_surrogate_has_a_digest_too() -> None:
    assert len(Article("a", "T", "\ud800").digest) == 64
