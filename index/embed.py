"""Turns texts into unit vectors. Knows nothing of articles, passages or storage.

The default model, all-MiniLM-L6-v2, comes inside a package, so that nothing is downloaded: its file
is located without running that package's code, and its sha256 is checked.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.backends import minilm
from index.backends.files import (
    DEFAULT_MODEL,
    DEFAULT_MODEL_SHA256,
    DEFAULT_PACKAGE,
    located,
    settings_sha256,
    weights_sha256,
)
from index.errors import ModelError
from index.passage import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    from index.backends.batches import Batches

Vectors = NDArray[np.float32]  # (n, dim), unit rows
Vector = NDArray[np.float32]  # (dim,)

_BATCH = 16  # passages at once; larger batches were slower on two cores, they fall out of the cache
_FEW = 2  # texts for which torch is not loaded
_QUESTIONS_KEPT = 16  # a question is embedded as a whole, then word by word: by one forward pass


class TokenVectors(NamedTuple):
    """The model's last layer for one text, without its special tokens."""

    vectors: Vectors  # (tokens, dim), unit rows
    spans: list[Span]  # where each token stands in the text


class Reading(NamedTuple):
    """What the model made of one of several texts."""

    place: int
    """Which of them."""
    vector: Vector
    tokens: TokenVectors


class Embedder(Protocol):
    """What the index and the retriever need of an embedding model."""

    @property
    def name(self) -> str:
        """Name and hash of the weights: two embedders of the same name give the same vectors."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def max_pieces(self) -> int:
        """Word pieces of a text that the model reads, without special tokens; it ignores the rest."""

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has."""

    def pieces(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the spans of the word pieces of each text."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: (n, dim) float32, unit rows."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: (n, dim) float32, unit rows."""

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's token vectors, for late interaction."""

    def readings(self, texts: Sequence[str]) -> Iterator["Reading"]:
        """Yield, in any order, what one pass over each text gives: its vector as a passage, and its token vectors."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model. Its weights load when first needed, which takes seconds."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        """Take the bundled model by its name, a folder, or a hub name that is in the local cache or can be fetched.

        Raises:
            ModelError: the model cannot be found, or the bundled file is not the original.
        """
        self._label = model
        self._folder = located(model)
        self._bundled = model == DEFAULT_MODEL
        self._lock = threading.Lock()  # of the model: neither loading nor its tokenizer is safe in two threads

    @cached_property
    def name(self) -> str:
        """Return e.g. "all-MiniLM-L6-v2@53aa51172d14": the label and the start of the weights' sha256."""
        weights = weights_sha256(self._folder)
        if self._label == DEFAULT_MODEL and weights != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"{self._folder}: the bundled {DEFAULT_MODEL} is not the original (sha256 {weights[:12]}…, "
                f"expected {DEFAULT_MODEL_SHA256[:12]}…). Reinstall the package {DEFAULT_PACKAGE.replace('_', '-')}."
            )
        if self._label != DEFAULT_MODEL:  # the same weights with another pooling or tokenizer are another model
            weights = hashlib.sha256((weights + settings_sha256(self._folder)).encode()).hexdigest()
        return f"{Path(self._label).name}@{weights[:12]}"

    @cached_property
    def dim(self) -> int:
        """Return the length of a vector."""
        return minilm.DIM if self._bundled else int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def max_pieces(self) -> int:
        """Return how many word pieces the model reads, less the two special ones around them."""
        import json

        config = self._folder / "sentence_bert_config.json"
        if config.is_file() and (limit := json.loads(config.read_text("utf-8")).get("max_seq_length")):
            return int(limit) - 2
        return int(self._model.max_seq_length or 512) - 2

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has, without loading the weights."""
        return [len(each) for each in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def pieces(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the spans of the word pieces of each text, without loading the weights."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [[Span(start, end) for start, end in each.offsets] for each in encoded]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: (n, dim) float32, unit rows."""
        return self._own(texts) if self._bundled else self._encode("encode_document", texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: (n, dim) float32, unit rows."""
        return self._own(texts) if self._bundled else self._encode("encode_query", texts)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's token vectors, for late interaction."""
        if self._bundled:
            layers = dict(self._last_layers(texts))
        elif not texts:
            return []
        else:
            with self._lock:
                found = self._model.encode(
                    list(texts), output_value="token_embeddings", batch_size=_BATCH, show_progress_bar=False
                )
            layers = {place: np.asarray(tensor.detach().float().cpu().numpy()) for place, tensor in enumerate(found)}
        return [_tokens(layers[place], spans) for place, spans in enumerate(self.pieces(texts))]

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]:
        """Yield, in any order, what one pass over each text gives: its vector as a passage, and its token vectors."""
        if not self._bundled:  # its prompts and pooling are its own
            for place, (vector, tokens) in enumerate(zip(self.passages(texts), self.tokens(texts), strict=True)):
                yield Reading(place, vector, tokens)
            return
        spans = self.pieces(texts)
        for place, layer in self._last_layers(texts):
            yield Reading(place, unit(layer.mean(axis=0)), _tokens(layer, spans[place]))

    def _own(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), minilm.DIM), dtype=np.float32)
        for place, layer in self._last_layers(texts):
            rows[place] = layer.mean(axis=0)
        return unit(rows)

    def _last_layers(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        """Yield the place and the bundled model's last layer of each text, with its special tokens."""
        limit = self.max_pieces + 1  # with the mark before, without the one after
        encoded = [each.ids for each in self._tokenizer.encode_batch_fast(list(texts))]
        ids = [(*each[:limit], each[-1]) if len(each) > limit + 1 else tuple(each) for each in encoded]
        if len(texts) <= _FEW:
            yield from enumerate(self._read(each) for each in ids)
        else:
            with self._lock:  # loads once; not held while the caller does what it does with each
                batches = self._batches
            yield from batches.last_layers(ids)

    def _encode(self, way: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            encode = getattr(self._model, way)
            rows = encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return unit(np.ascontiguousarray(rows, dtype=np.float32))

    @cached_property
    def _weights(self) -> minilm.Weights:
        self.name  # noqa: B018 - tells whether the file is the original
        return minilm.weights(self._folder)

    @cached_property
    def _read(self) -> Callable[[tuple[int, ...]], Vectors]:
        held = self._weights
        return lru_cache(_QUESTIONS_KEPT)(lambda ids: minilm.last_layer(held, ids))

    @cached_property
    def _batches(self) -> "Batches":
        from index.backends.batches import Batches

        return Batches(self._weights)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        file = self._folder / "tokenizer.json"
        if not file.is_file():
            raise ModelError(f"{self._folder}: no tokenizer.json. Save the model with its fast tokenizer.")
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # Loading takes a moment, and a library draws nothing.
        disable_progress_bar()  # type: ignore[no-untyped-call] # transformers leaves it without annotations
        try:
            # local_files_only: the folder is already here, and a look-up at a hub would hang offline.
            return SentenceTransformer(str(self._folder), local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(f"{self._folder}: not a sentence-transformers model that loads ({error}).") from error


def unit(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def _tokens(layer: Vectors, spans: list[Span]) -> TokenVectors:
    """Return the token vectors of a text by its last layer, whose first and last row are of the special tokens."""
    read = spans[: len(layer) - 2]
    return TokenVectors(unit(np.asarray(layer[1 : len(read) + 1], dtype=np.float32)), read)
