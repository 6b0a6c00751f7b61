from dataclasses import fields, replace
from datetime import date

import pytest

from rag import Article

ARTICLE = Article("a", "Title", "Text", "here.txt", date(2026, 1, 2), ("Ann",), "http://a", "Courier", "News", "en")
OTHER: dict[str, object] = {
    "id": "b", "title": "T", "text": "Text ", "published": None, "authors": ("An", "n"), "url": None,
    "publisher": "News", "section": "Courier", "language": "fr",
    "modified": date(2026, 1, 3),
}  # fmt: skip
BESIDE: dict[str, object] = {
    "source": "elsewhere.txt", "published_from": "meta", "modified_from": "json-ld", "read": date(2026, 5, 1),
}  # fmt: skip


@pytest.mark.parametrize("field", OTHER)
def test_the_digest_covers_everything_that_is_said(field: str) -> None:
    assert replace(ARTICLE, **{field: OTHER[field]}).digest != ARTICLE.digest


def test_no_field_is_forgotten_here() -> None:
    assert {each.name for each in fields(Article)} == {*OTHER, *BESIDE}


@pytest.mark.parametrize("field", BESIDE)
def test_where_and_when_it_was_read_and_how_it_was_dated_do_not_count(field: str) -> None:
    assert replace(ARTICLE, **{field: BESIDE[field]}).digest == ARTICLE.digest


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert Article("a", "Títle", "Text").digest == "22cbe326a6eff6ea6d545fe3688abe9f388fe1a7ce279e303e1468af625129bc"


def test_a_lone_surrogate_has_a_digest_too() -> None:
    assert len(Article("a", "T", "\ud800").digest) == 64
