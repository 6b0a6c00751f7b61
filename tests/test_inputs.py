"""Whatever text a program hands in: it comes back as an answer or as an error of ours, and changes nothing else.

`EXAMPLES=500 python -m pytest tests/test_inputs.py` looks longer.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag
from rag import PullquoteError, Retriever
from rag.exports import FORMATS
from rag.filters import parse

SHORT = settings(
    max_examples=int(os.environ.get("EXAMPLES", "10")), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
AWKWARD = (
    "\0", "\ud800", "\u202e", "\ufeff", "\u0130", "a\u0301" * 9, "\U0001f469\u200d\U0001f692", "\r\n", "\x1b[31m",
    "%s%n", "' OR 1=1 --", "\"", "“", "” ", "«", "*", "NEAR(a b)", "(", "AND NOT", "{{7*7}}", "${x}",
    "<script>x</script>", "]]>", "../../etc/passwd", "file:///etc/passwd", "C:\\nul", "-since:2026-13-45", "since:",
    "until:0000-00-00",
    "as of 99999-01-01", "publisher:\"", "section:''", "in 99999999999999999999", "on 31 February 2026",
    "9" * 400, "tuba", "the council", "Holt", "said", "why", "\N{ARABIC LETTER ALEF}" * 5, "中文新闻", "@misc{a,",
    "TY  - ", "|",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(AWKWARD) | st.text(max_size=12), max_size=7).map(" ".join) | st.text(max_size=80)


@pytest.fixture(scope="module")
def kept(quick: Retriever, tmp_path_factory: pytest.TempPathFactory) -> Iterator[rag.Notebook]:
    data = tmp_path_factory.mktemp("kept")
    with rag.open_notebook(settings=rag.Settings.load(data=data)) as notebook:
        chat = rag.Chat(quick)
        chat.ask("Where was the stolen tuba found?")
        notebook.conversations.save(chat)
        yield notebook


def asked(text: str, retriever: Retriever) -> object:
    answer = rag.Chat(retriever).ask(text)
    for quote in answer.quotes:
        assert quote.text == quote.article.text[quote.start : quote.end]
    return answer.refused or answer.to_json()


def checked(text: str, retriever: Retriever) -> object:
    article = retriever.index.article_at(0)
    return rag.check(text, [article], speaker=text), rag.locate(article, text), rag.live_link(rag.Quote(article, 0, 9))


def looked_up(text: str, retriever: Retriever) -> Iterator[Callable[[], object]]:
    yield lambda: retriever.article(text)
    yield lambda: retriever.related(text)
    yield lambda: retriever.timeline(text)
    yield lambda: rag.said(retriever, "", text)
    yield lambda: rag.said(retriever, text)
    yield lambda: rag.facets(retriever, rag.Filters(publishers=(text,), sections=(text,), authors=(text,)))
    yield lambda: rag.Sources().pin(text).exclude(text).free(text)


def noted(text: str, notebook: rag.Notebook, retriever: Retriever) -> Iterator[Callable[[], object]]:
    key = notebook.conversations.recent()[0].id
    yield lambda: notebook.conversations.search(text)
    yield lambda: notebook.conversations.rename(key, text)
    yield lambda: notebook.conversations.load(text, retriever)
    yield lambda: notebook.conversations.answer(text, retriever.article)
    yield lambda: notebook.conversations.delete(text)
    yield lambda: notebook.clippings.add(rag.Quote(retriever.index.article_at(0), 0, 9), text, [text])
    yield lambda: notebook.clippings.board(text)
    yield lambda: notebook.feedback.give(text, up=False, reason=text)
    yield lambda: notebook.of(text).conversations.recent()


@given(TEXTS)
@SHORT
def test_any_question_is_answered_or_refused(quick: Retriever, text: str) -> None:
    with suppress(PullquoteError):
        asked(text, quick)
    with suppress(PullquoteError):
        parse(text)


@given(TEXTS)
@SHORT
def test_any_words_can_be_checked_and_looked_up(quick: Retriever, text: str) -> None:
    checked(text, quick)
    for each in looked_up(text, quick):
        with suppress(PullquoteError):
            each()


@given(TEXTS)
@SHORT
def test_any_words_can_be_kept_and_exported(kept: rag.Notebook, quick: Retriever, text: str) -> None:
    for each in noted(text, kept, quick):
        with suppress(PullquoteError):
            each()
    assert kept.conversations.recent()
    turns = kept.conversations.turns(kept.conversations.recent()[0].id, quick.article)
    document = rag.document_of(text, [*turns, *rag.shown(kept.clippings.board(), quick.index)], datetime.now(UTC))
    for form in FORMATS:
        exported = rag.export_file(document, form)
        assert Path(exported.name).name == exported.name
        exported.text.encode()
    with pytest.raises(PullquoteError):
        rag.export(document, text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["question", "quotes", "index", "claims", "receipt_sha256", "asked"]), JSON), TEXTS
)
@SHORT
def test_any_file_is_a_receipt_or_an_error(
    tmp_path: Path, quick: Retriever, changed: dict[str, object], text: str
) -> None:
    file = tmp_path / "receipt.json"
    rag.write_receipt(file, rag.receipt_of(rag.Chat(quick).ask("Where was the stolen tuba found?"), quick))
    whole = json.loads(file.read_text("utf-8"))
    for raw in (json.dumps(whole | changed), text.encode("utf-8", "replace").decode(), json.dumps(changed)):
        file.write_text(raw, "utf-8")
        with suppress(PullquoteError):
            receipt, sealed = rag.read_receipt(file)
            rag.verify(receipt, quick.index, sealed=sealed)
