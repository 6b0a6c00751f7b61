"""The bundled model on many texts, in torch: in bfloat16 where the processor is made for it. Knows nothing of words."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.backends.minilm import DIM, EPSILON, HEADS, Affine, Floats, Weights

if TYPE_CHECKING:
    import torch

BATCH_TOKENS = 1600  # at once, some eight passages: more were slower on two cores, they fall out of the cache


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
        for places in _groups([len(text) for text in texts]):
            lengths = [len(texts[place]) for place in places]
            rows = self._forward([token for place in places for token in texts[place]], lengths).numpy()
            yield from zip(places, np.split(rows, np.cumsum(lengths[:-1])), strict=True)

    def _forward(self, tokens: Sequence[int], lengths: list[int]) -> "torch.Tensor":
        """Return the last layer, (tokens, dim), of texts of these lengths, one below the other: none is padded."""
        import torch
        from torch.nn.functional import gelu, layer_norm, scaled_dot_product_attention

        def normed(rows: "torch.Tensor", by: "tuple[torch.Tensor, ...]") -> "torch.Tensor":
            return layer_norm(rows, (DIM,), by[0], by[1], EPSILON)

        places = torch.cat([torch.arange(length) for length in lengths])
        with torch.inference_mode():
            hidden = normed(self._words[torch.tensor(tokens)] + self._places[places], self._norm)
            for attention, attended, attention_norm, wide, narrow, norm in self._layers:
                mixed = self._linear(hidden, attention).view(-1, 3, HEADS, DIM // HEADS)
                found = torch.empty(len(tokens), HEADS, DIM // HEADS)
                for text, into in zip(torch.split(mixed, lengths), torch.split(found, lengths), strict=True):
                    query, key, value = text.permute(1, 2, 0, 3).unsqueeze(1)
                    into.copy_(scaled_dot_product_attention(query, key, value)[0].transpose(0, 1))
                hidden = normed(hidden + self._linear(found.view(-1, DIM), attended), attention_norm)
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


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of the texts of each batch, short texts first."""
    group: list[int] = []
    tokens = 0
    for place in sorted(range(len(lengths)), key=lambda each: lengths[each]):
        if group and tokens + lengths[place] > BATCH_TOKENS:
            yield group
            group, tokens = [], 0
        group.append(place)
        tokens += lengths[place]
    if group:
        yield group


def _tensors(affine: Affine) -> "tuple[torch.Tensor, ...]":
    import torch

    return torch.from_numpy(affine.weight), torch.from_numpy(affine.bias)
