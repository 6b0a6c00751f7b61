from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from index.backends.files import DEFAULT_MODEL, located
from index.errors import ModelError
from rag.cross import READ
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder

QUESTION = "When will the bridge reopen?"


def make(folder: Path, outputs: int = 1) -> Path:
    """Save a small CrossEncoder of random weights: what it says is nonsense, but it says it of every pair."""
    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(located(DEFAULT_MODEL), local_files_only=True)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=outputs, initializer_range=2.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def opened(quick: Retriever, model: Path | str) -> Retriever:
    settings = Settings.load(data=quick.settings.data, cross_encoder=str(model))
    return Retriever(settings, TinyEmbedder(max_pieces=254))


def test_the_passages_are_ranked_by_what_the_model_says_of_them(quick: Retriever, tmp_path: Path) -> None:
    folder = make(tmp_path / "cross")
    hits = opened(quick, folder).search(QUESTION, k=READ + 5)
    said = [hit.why.cross_encoder for hit in hits]
    model = CrossEncoder(str(folder), local_files_only=True)
    pairs = [(QUESTION, f"{hit.article.title}\n{hit.text}") for hit in hits[:READ]]
    expected = model.predict(pairs, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False)
    assert said[:READ] == pytest.approx(expected.tolist(), abs=1e-4)
    assert said[READ:] == 5 * [None]
    plain = quick.search(QUESTION, k=READ + 5)
    assert [hit.passage for hit in hits] != [hit.passage for hit in plain]
    best = max(range(READ), key=lambda place: expected[place])
    assert best < READ // 2  # dates and words have their say, but the model's goes before
    assert all(hit.why.cross_encoder is None for hit in plain)


def test_the_evidence_for_an_answer_is_the_same_with_it(quick: Retriever, tmp_path: Path) -> None:
    evidence = opened(quick, make(tmp_path / "cross")).find(QUESTION).evidence
    assert 0 <= evidence.margin < 1
    assert 0 <= evidence.bm25 <= 2


def test_what_is_no_cross_encoder_is_named(quick: Retriever, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        opened(quick, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="not a CrossEncoder that loads"):
        opened(quick, tmp_path / "empty").search(QUESTION)
    with pytest.raises(ModelError, match="3 outputs"):
        opened(quick, make(tmp_path / "three", outputs=3)).search(QUESTION)
