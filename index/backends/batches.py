"""The bundled model on many texts, in torch. Knows nothing of words."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.backends.linear import Linear, Way, fastest
from index.backends.minilm import DIM, EPSILON, HEADS, Affine, Floats, Layer, Weights

if TYPE_CHECKING:
    import torch

BATCH_TOKENS = 1600  # at once, some eight passages: more were slower on two cores, they fall out of the cache


class _Layer(NamedTuple):
    attention: Linear
    attended: Linear
    attention_norm: "tuple[torch.Tensor, torch.Tensor]"
    wide: Linear
    narrow: Linear
    norm: "tuple[torch.Tensor, torch.Tensor]"


class Batches:
    """The weights as torch has them. Any thread may use them; torch itself uses all cores."""

    def __init__(self, held: Weights, way: Way | None = None) -> None:
        """Take the weights, and the `way` to multiply by them; by default the fastest here.

        Sums, normalisations and attention are in float32 in any case, so that vectors made in one way can take the
        place of those made in another (cosine at least 0.999).
        """
        import torch

        way = way or fastest()
        self._words, self._places = torch.from_numpy(held.words), torch.from_numpy(held.places)
        self._norm = _tensors(held.norm)
        self._layers = [_layer(each, way) for each in held.layers]

    def last_layers(self, texts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Floats]]:
        """Yield the place and the last layer, (tokens, dim), of each text, given by its tokens; short ones first."""
        for places in _groups([len(text) for text in texts]):
            lengths = [len(texts[place]) for place in places]
            rows = self._forward([token for place in places for token in texts[place]], lengths).numpy()
            yield from zip(places, np.split(rows, np.cumsum(lengths[:-1])), strict=True)

    def _forward(self, tokens: Sequence[int], lengths: list[int]) -> "torch.Tensor":
        """Return the last layer, (tokens, dim), of texts of these lengths, one below the other: none is padded."""
        import torch
        from torch.nn.functional import layer_norm, scaled_dot_product_attention

        def normed(rows: "torch.Tensor", by: "tuple[torch.Tensor, torch.Tensor]") -> "torch.Tensor":
            return layer_norm(rows, (DIM,), *by, EPSILON)

        places = torch.cat([torch.arange(length) for length in lengths])
        with torch.inference_mode():
            hidden = normed(self._words[torch.tensor(tokens)] + self._places[places], self._norm)
            for layer in self._layers:
                mixed = layer.attention(hidden).view(-1, 3, HEADS, DIM // HEADS)
                found = torch.empty(len(tokens), HEADS, DIM // HEADS)
                for text, into in zip(torch.split(mixed, lengths), torch.split(found, lengths), strict=True):
                    query, key, value = text.permute(1, 2, 0, 3).unsqueeze(1)
                    into.copy_(scaled_dot_product_attention(query, key, value)[0].transpose(0, 1))
                hidden = normed(hidden + layer.attended(found.view(-1, DIM)), layer.attention_norm)
                hidden = normed(hidden + layer.narrow(layer.wide(hidden)), layer.norm)
        return hidden


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


def _layer(held: Layer, way: Way) -> _Layer:
    return _Layer(
        attention=way(*_tensors(held.attention)),
        attended=way(*_tensors(held.attended)),
        attention_norm=_tensors(held.attention_norm),
        wide=way(*_tensors(held.wide), gelu=True),
        narrow=way(*_tensors(held.narrow)),
        norm=_tensors(held.norm),
    )


def _tensors(affine: Affine) -> "tuple[torch.Tensor, torch.Tensor]":
    import torch

    return torch.from_numpy(affine.weight), torch.from_numpy(affine.bias)
