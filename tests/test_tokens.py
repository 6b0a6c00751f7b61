from pathlib import Path

import numpy as np
import pytest

from index.embed import SentenceTransformerEmbedder, TokenVectors, unit
from index.passage import Span
from index.reader import open_version
from index.tokens import FILE, TokenStore, pack, turned, unpack
from rag import Settings
from rag.retrieve import Retriever
from tests.tiny import TinyEmbedder

QUESTION = "Who called off the ferry strike?"


@pytest.mark.parametrize("dim", [32, 384])
def test_what_is_unpacked_is_near_to_what_was_packed(dim: int) -> None:
    noise = np.random.default_rng(7)
    topic = unit(noise.normal(size=(1, dim)).astype(np.float32))
    vectors = unit(noise.normal(size=(300, dim)).astype(np.float32) + topic * dim**0.5)
    question = unit(noise.normal(size=(20, dim)).astype(np.float32) + topic * dim**0.5)
    text = "word " * 300
    spans = [Span(5 * place, 5 * place + 4) for place in range(300)]
    packed = pack(TokenVectors(vectors, spans), unit(vectors.mean(axis=0)), text)
    assert len(packed) == 300 * (dim // 4 + 6)
    found = unpack(packed, unit(vectors.mean(axis=0)))
    assert (len(text) - found.before_end).tolist() == [span.start for span in spans]
    off = turned(question) @ found.vectors.T - question @ vectors.T
    assert abs(off.mean()) < 0.005
    assert off.std() < 0.3 / dim**0.5


def test_turning_leaves_inner_products(embedder: SentenceTransformerEmbedder) -> None:
    rows = embedder.questions([QUESTION, "Geese left the pond."])
    np.testing.assert_allclose(turned(rows) @ turned(rows).T, rows @ rows.T, atol=1e-5)


def test_a_text_without_tokens_packs_to_nothing() -> None:
    vectors = np.zeros((0, 32), dtype=np.float32)
    assert pack(TokenVectors(vectors, []), np.zeros(32, dtype=np.float32), "") == b""
    assert unpack(b"", np.zeros(32, dtype=np.float32)).vectors.shape == (0, 32)


class _Reads(TinyEmbedder):
    """Remembers for which texts token vectors were computed."""

    def __init__(self) -> None:
        super().__init__(max_pieces=254)
        self.read: list[str] = []

    def tokens(self, texts: "list[str]") -> list[TokenVectors]:  # type: ignore[override]
        self.read += texts
        return super().tokens(texts)


def test_a_question_reads_no_passage_and_one_without_kept_vectors_reads_them(quick: Retriever, tmp_path: Path) -> None:
    kept = _Reads()
    here = Retriever(quick.settings, kept)
    found = here.search(QUESTION)
    assert kept.read == [QUESTION]

    without = tmp_path / "data"
    without.mkdir()
    for each in quick.settings.data.iterdir():
        if not each.name.startswith(FILE):
            (without / each.name).symlink_to(each)
    computing = _Reads()
    again = Retriever(Settings.load(data=without), computing).search(QUESTION)
    assert len(computing.read) > 1
    late = [np.asarray([hit.why.late_interaction or 0.0 for hit in hits[:3]]) for hits in (found, again)]
    np.testing.assert_allclose(late[0], late[1], atol=0.15)  # of 32 dimensions: 384 are nearer
    assert {hit.passage for hit in found} == {hit.passage for hit in again}


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database, but long enough to be read as one" * 9)
    assert TokenStore(tmp_path / FILE).packed("m", [b"k"]) == {}


def test_what_was_added_is_found_under_its_model_only(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / FILE, writable=True)
    store.add("m", [(b"k", b"packed")])
    assert TokenStore(tmp_path / FILE).packed("m", [b"k", b"other"]) == {b"k": b"packed"}
    assert store.missing("n", [b"k"]) == {b"k"}


def test_every_passage_knows_its_row(quick: Retriever) -> None:
    index = open_version(quick.settings.data)
    assert [index.row_of(index.passage(row)) for row in range(len(index.rows))] == list(range(len(index.rows)))
