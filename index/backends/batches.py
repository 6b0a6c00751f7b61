"""The bundled model on many texts, in torch: in bfloat16 where the processor is made for it. Knows nothing of words."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.backends.minilm import DIM, EPSILON, HEADS, Affine, Floats, Weights

if TYPE_CHECKING:
    import torch

BATCH = 16  # texts at once; larger batches were slower on two cores, they fall out of the cache


class Batches:
    """The weights as torch has them. Any thread may use them; torch itself uses all cores."""

    def __init__(self, held: Weights, *, half: bool | None = None) -> None:
        """Take the weights. `half`: multiply in bfloat16; by default where the processor has instructions for it.

        Only the products are rounded to it; sums, normalisations and attention's weights stay in float32, so that the
        vectors can take the place of those in float32 (cosine at least 0.999).
        """
        import torch

        self._kind = torch.bfloat16 if (bfloat16_pays() if half is None else half) else torch.float32
        self._words, self._places = torch.from_numpy(held.words), torch.from_numpy(held.places)
        self._norm = _tensors(held.norm)
        self._layers = [tuple(_tensors(each) for each in layer) for layer in held.layers]
        self._layers = [
            tuple(tuple(part.to(self._kind) for part in each) if each[0].dim() == 2 else each for each in layer)
            for layer in self._layers
        ]

    def last_layers(self, texts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Floats]]:
        """Yield the place and the last layer, (tokens, dim), of each text, given by its tokens; short ones first."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            rows = self._forward([texts[place] for place in places]).numpy()
            for place, row in zip(places, rows, strict=True):
                yield place, np.asarray(row[: len(texts[place])], dtype=np.float32)

    def _forward(self, texts: Sequence[Sequence[int]]) -> "torch.Tensor":
        import torch
        from torch.nn.functional import gelu, layer_norm, scaled_dot_product_attention

        longest = max(len(text) for text in texts)
        tokens = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
        read = torch.tensor([[True] * len(text) + [False] * (longest - len(text)) for text in texts])
        mask = None if bool(read.all()) else read[:, None, None, :]

        def normed(rows: "torch.Tensor", by: "tuple[torch.Tensor, ...]") -> "torch.Tensor":
            return layer_norm(rows, (DIM,), by[0], by[1], EPSILON)

        with torch.inference_mode():
            hidden = normed(self._words[tokens] + self._places[:longest], self._norm)
            for attention, attended, attention_norm, wide, narrow, norm in self._layers:
                mixed = self._linear(hidden, attention).view(len(texts), longest, 3, HEADS, DIM // HEADS)
                query, key, value = mixed.permute(2, 0, 3, 1, 4)
                found = scaled_dot_product_attention(query, key, value, attn_mask=mask)
                rows = found.transpose(1, 2).reshape(len(texts), longest, DIM)
                hidden = normed(hidden + self._linear(rows, attended), attention_norm)
                hidden = normed(hidden + self._linear(gelu(self._linear(hidden, wide)), narrow), norm)
        return hidden

    def _linear(self, rows: "torch.Tensor", by: "tuple[torch.Tensor, ...]") -> "torch.Tensor":
        from torch.nn.functional import linear

        return linear(rows.to(self._kind), *by).float()


def bfloat16_pays() -> bool:
    """Tell whether the processor multiplies bfloat16 faster than float32: by AMX or AVX512_BF16."""
    import torch

    names = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in names)


def _tensors(affine: Affine) -> "tuple[torch.Tensor, ...]":
    import torch

    return torch.from_numpy(affine.weight), torch.from_numpy(affine.bias)
