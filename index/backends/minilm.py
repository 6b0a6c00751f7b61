"""The bundled model on one short text, in numpy: no torch to import, which takes seconds. Knows nothing of words.

A BERT encoder (Devlin et al. 2019) of 6 layers, 12 heads and GELU, as all-MiniLM-L6-v2 is; its file is pinned by
sha256, so that no other shape has to be expected.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LAYERS, HEADS, DIM = 6, 12, 384
EPSILON = 1e-12  # layer_norm_eps of the model's config.json


class Affine(NamedTuple):
    """A linear map or a normalisation: weight, (out, in) or (dim,), and bias."""

    weight: Floats
    bias: Floats


class Layer(NamedTuple):
    """One layer's weights."""

    attention: Affine
    """Query, key and value, one below the other."""
    attended: Affine
    attention_norm: Affine
    wide: Affine
    narrow: Affine
    norm: Affine


class Weights(NamedTuple):
    """The model's weights."""

    words: Floats  # (vocabulary, dim)
    places: Floats  # (positions, dim), the one token type added
    norm: Affine
    layers: list[Layer]


def weights(folder: Path) -> Weights:
    """Read the weights of the bundled model."""
    from safetensors.numpy import load_file

    held = load_file(folder / "model.safetensors")

    def affine(name: str) -> Affine:
        return Affine(held[f"{name}.weight"], held[f"{name}.bias"])

    layers: list[Layer] = []
    for place in (f"encoder.layer.{number}." for number in range(LAYERS)):
        parts = [affine(f"{place}attention.self.{name}") for name in ("query", "key", "value")]
        attention = Affine(
            np.concatenate([each.weight for each in parts]), np.concatenate([each.bias for each in parts])
        )
        rest = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense")
        layers.append(Layer(attention, *(affine(place + name) for name in (*rest, "output.LayerNorm"))))
    kinds = held["embeddings.token_type_embeddings.weight"]
    return Weights(
        words=held["embeddings.word_embeddings.weight"],
        places=held["embeddings.position_embeddings.weight"] + kinds[0],
        norm=affine("embeddings.LayerNorm"),
        layers=layers,
    )


def last_layer(held: Weights, tokens: Sequence[int]) -> Floats:
    """Return the last layer's vector of each token of one text, (tokens, dim)."""
    count = len(tokens)
    hidden = _normed(held.words[list(tokens)] + held.places[:count], held.norm)
    for layer in held.layers:
        mixed = _linear(hidden, layer.attention).reshape(count, 3, HEADS, DIM // HEADS)
        query, key, value = mixed.transpose(1, 2, 0, 3)
        likeness = query @ key.transpose(0, 2, 1) * np.float32((DIM // HEADS) ** -0.5)
        likeness = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        likeness /= likeness.sum(axis=-1, keepdims=True)
        attended = (likeness @ value).transpose(1, 0, 2).reshape(count, DIM)
        hidden = _normed(hidden + _linear(attended, layer.attended), layer.attention_norm)
        hidden = _normed(hidden + _linear(_gelu(_linear(hidden, layer.wide)), layer.narrow), layer.norm)
    return hidden


def _linear(rows: Floats, by: Affine) -> Floats:
    return np.asarray(rows @ by.weight.T + by.bias, dtype=np.float32)


def _normed(rows: Floats, by: Affine) -> Floats:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(EPSILON))
    return np.asarray(centred / scale * by.weight + by.bias, dtype=np.float32)


def _gelu(rows: Floats) -> Floats:
    """Return x Φ(x), with the error function of Abramowitz and Stegun 1964, 7.1.26: off by 1.5e-7 at most."""
    size = np.abs(rows)
    z = size * np.float32(0.5**0.5)
    t = np.asarray(1 / (1 + np.float32(0.3275911) * z), dtype=np.float32)
    sum_ = np.full_like(t, 1.061405429)
    for term in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        sum_ = np.asarray(sum_ * t + np.float32(term), dtype=np.float32)
    erf = 1 - sum_ * t * np.exp(-z * z)
    return np.asarray((rows + size * erf) * np.float32(0.5), dtype=np.float32)
