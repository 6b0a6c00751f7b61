"""A few hundred broken files of every kind, the same ones each time; `python -m tests.bench.fuzz` breaks more."""

import random

import pytest

from index.load import SourceFile, load
from index.load.file import Memory
from tests.bench.fuzz import FUZZED, broken, problem, seeds
from tests.documents import mail

SLOW = {".docx", ".eml", ".mbox", ".html"}


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize("kind", FUZZED)
def test_a_broken_file_gives_articles_and_errors_and_nothing_else(kind: str) -> None:
    chance, corpus = random.Random(kind), seeds(kind)  # noqa: S311 - no secret
    assert problem(kind, corpus[0])[0] == ""
    for _ in range(3 if kind in SLOW else 20):
        raw = broken(chance, chance.choice(corpus))
        if len(raw) < 40_000:  # the others take seconds
            wrong, _ = problem(kind, raw)
            assert wrong == ""


def test_a_sender_of_thousands_of_brackets_does_not_stop_a_mailbox() -> None:
    raw = mail().replace(b"Harbour Lantern", b"<" * 50_000 + b"a:" * 50_000)
    assert len(list(load(SourceFile(Memory("a.eml", raw), "a.eml")))) == 1
