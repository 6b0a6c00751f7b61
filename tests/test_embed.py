from pathlib import Path

import numpy as np
import pytest

from index.backends import batches, minilm
from index.backends.batches import Batches
from index.backends.files import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, located
from index.embed import SentenceTransformerEmbedder, unit
from index.errors import ModelError

TEXTS = [
    "The ferry strike is over.",
    "Crews of the boats have ended their walkout.",
    "A pumpkin broke the county record.",
]


def test_the_bundled_model_is_the_original(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.name == f"all-MiniLM-L6-v2@{DEFAULT_MODEL_SHA256[:12]}"
    assert (embedder.dim, embedder.max_pieces) == (384, 254)


def test_passages_are_unit_rows_and_what_means_the_same_is_near(embedder: SentenceTransformerEmbedder) -> None:
    rows = embedder.passages(TEXTS)
    assert (rows.shape, rows.dtype) == ((3, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_a_text_has_the_same_vector_in_any_company(embedder: SentenceTransformerEmbedder) -> None:
    together = embedder.passages([*TEXTS, "word " * 300, ""])
    for text, row in zip(TEXTS, together, strict=False):
        np.testing.assert_allclose(embedder.passages([text])[0], row, atol=1e-5)


def test_numpy_and_torch_give_what_sentence_transformers_gives(embedder: SentenceTransformerEmbedder) -> None:
    texts = [*TEXTS, "Who said “we will not pay”, and when? " * 9, "word " * 300, "", "Zürich 市長 😀"]
    theirs = SentenceTransformerEmbedder(str(located(DEFAULT_MODEL)))
    wanted, wanted_tokens = theirs.passages(texts), theirs.tokens(texts)
    alone = np.concatenate([embedder.questions([text]) for text in texts])  # one by one: by numpy
    assert (embedder.passages(texts) * wanted).sum(axis=1).min() > 0.9999
    assert (alone * wanted).sum(axis=1).min() > 0.9999
    for found in (embedder.tokens(texts), [embedder.tokens([text])[0] for text in texts]):
        for ours, other in zip(found, wanted_tokens, strict=True):
            assert ours.spans == other.spans
            assert (ours.vectors * other.vectors).sum(axis=1).min(initial=1) > 0.9999


def test_one_pass_gives_vector_and_tokens(embedder: SentenceTransformerEmbedder) -> None:
    for reading in embedder.readings(TEXTS):
        np.testing.assert_allclose(reading.vector, embedder.passages(TEXTS)[reading.place], atol=1e-6)
        np.testing.assert_allclose(reading.tokens.vectors, embedder.tokens(TEXTS)[reading.place].vectors, atol=1e-6)


@pytest.mark.parametrize(("half", "least"), [(True, 0.999), (False, 0.999999)])
def test_many_texts_side_by_side_have_the_vectors_that_each_has_alone(
    half: bool, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_TOKENS", 60)
    held = minilm.weights(located(DEFAULT_MODEL))
    texts = [(101, *range(start, start + length), 102) for start, length in enumerate((31, 2, 90, 30, 7, 0), 2000)]
    found = dict(Batches(held, half=half).last_layers(texts))
    assert sorted(found) == list(range(len(texts)))
    for place, text in enumerate(texts):
        alone = minilm.last_layer(held, text)
        assert found[place].shape == alone.shape
        assert unit(found[place].mean(axis=0)) @ unit(alone.mean(axis=0)) > least


def test_no_text_gives_no_rows(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.passages([]).shape == embedder.questions([]).shape == (0, 384)
    assert embedder.tokens([]) == []
    assert embedder.counts([]) == embedder.pieces([]) == []


def test_each_token_vector_knows_where_it_stands(embedder: SentenceTransformerEmbedder) -> None:
    text = "Héllo 😀 unbelievable 市長."
    [found] = embedder.tokens([text])
    assert len(found.vectors) == len(found.spans) == embedder.counts([text])[0]
    assert [text[span.start : span.end] for span in found.spans][:2] == ["Héllo", "😀"]
    assert found.spans == embedder.pieces([text])[0]
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)


def test_tokens_come_in_the_order_of_the_texts(embedder: SentenceTransformerEmbedder) -> None:
    texts = ["One.", "word " * 300, "Two three four.", ""]
    found = embedder.tokens(texts)
    assert [len(each.spans) for each in found] == [2, 254, 4, 0]
    assert [len(each.vectors) for each in found] == [2, 254, 4, 0]


def test_counting_is_not_cut_off_where_the_model_stops_reading(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.counts(["word " * 1_000]) == [1_000]


@pytest.mark.parametrize(("model", "says"), [("./nowhere", "no such folder"), ("/nowhere/model", "no such folder")])
def test_a_model_folder_that_is_not_there_is_an_error(model: str, says: str) -> None:
    with pytest.raises(ModelError, match=f"^{model}: {says}"):
        SentenceTransformerEmbedder(model)


def test_a_folder_without_weights_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no weights \(\*\.safetensors\)"):
        SentenceTransformerEmbedder(str(tmp_path)).name  # noqa: B018 - reading it is the test


def test_a_folder_with_weights_that_are_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"none")
    (tmp_path / "tokenizer_config.json").write_text("{}", "utf-8")
    found = SentenceTransformerEmbedder(str(tmp_path))
    before = found.name
    assert before.startswith(f"{tmp_path.name}@")
    (tmp_path / "modules.json").write_text("[]", "utf-8")  # the same weights used in another way
    assert SentenceTransformerEmbedder(str(tmp_path)).name != before
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        found.counts(["x"])
    with pytest.raises(ModelError, match="not a sentence-transformers model that loads"):
        found.passages(["x"])
