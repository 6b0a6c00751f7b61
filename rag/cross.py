"""An optional second model that reads question and passage together. Off unless one is configured."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from index.backends.files import located
from index.errors import ModelError
from rag import rank
from rag.answer import Hit
from rag.hits import below

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

READ = 20
"""Passages that it reads for a question: one forward pass each, of a model that is often larger than the embedder."""
_BATCH = 8


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one output. Its weights load when first needed."""

    def __init__(self, model: str) -> None:
        """Take a folder, or a hub name that is in the local cache or can be fetched.

        Raises:
            ModelError: the model cannot be found.
        """
        self._folder = located(model)
        self._lock = threading.Lock()

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with the first `READ` of them ranked again by what the model makes of each.

        Its say, a number from 0 to 1, is added to the score with a weight that outdoes all else but dates.
        """
        first, rest = hits[:READ], hits[READ:]
        if not first:
            return []
        import torch

        pairs = [(question, f"{hit.article.title}\n{hit.text}") for hit in first]
        with self._lock:
            says = self._model.predict(
                pairs, batch_size=_BATCH, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False
            )
        better = [
            replace(
                hit, score=hit.score + rank.WEIGHTS.cross * float(say), why=replace(hit.why, cross_encoder=float(say))
            )
            for hit, say in zip(first, says, strict=True)
        ]
        better.sort(key=lambda hit: -hit.score)
        return below(better, rest)

    @cached_property
    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(str(self._folder), num_labels=None, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(f"{self._folder}: not a CrossEncoder that loads ({error}).") from error
        if model.num_labels != 1:
            raise ModelError(
                f"{self._folder}: a CrossEncoder with {model.num_labels} outputs; one that scores relevance has 1."
            )
        return model
