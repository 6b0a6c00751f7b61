"""Three ways to multiply by a layer's weights in torch, each with the GELU after it or without."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import torch

Linear: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"
_ROWS = 1024  # of a product that weights are laid out for


class Way(Protocol):
    """Makes the map of weight, (out, in), and bias, (out,)."""

    def __call__(self, weight: "torch.Tensor", bias: "torch.Tensor", *, gelu: bool = False) -> Linear:
        """Return the map from (n, in) to (n, out), float32 to float32."""


def fastest() -> Way:
    """Return the way that suits this processor and this torch."""
    if bfloat16_pays():
        return halved
    return packed if packing_works() else plain


def bfloat16_pays() -> bool:
    """Tell whether the processor multiplies bfloat16 faster than float32: by AMX or AVX512_BF16."""
    import torch

    names = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in names)


def packing_works() -> bool:
    """Tell whether this torch multiplies by packed weights, and rightly: how it is called is not promised."""
    import torch

    rows, weight, bias = torch.linspace(-1, 1, 48).view(3, 16), torch.linspace(-1, 1, 128).view(8, 16), torch.ones(8)
    try:
        with torch.inference_mode():
            same = [
                torch.allclose(packed(weight, bias, gelu=gelu)(rows), plain(weight, bias, gelu=gelu)(rows), atol=1e-4)
                for gelu in (True, False)
            ]
    except (AttributeError, NotImplementedError, RuntimeError, TypeError):
        return False
    return all(same)


def plain(weight: "torch.Tensor", bias: "torch.Tensor", *, gelu: bool = False) -> Linear:
    """Multiply as torch does."""
    from torch.nn import functional

    def linear(rows: "torch.Tensor") -> "torch.Tensor":
        found = functional.linear(rows, weight, bias)
        return functional.gelu(found) if gelu else found

    return linear


def halved(weight: "torch.Tensor", bias: "torch.Tensor", *, gelu: bool = False) -> Linear:
    """Round to bfloat16 what is multiplied."""
    import torch

    short, added = weight.to(torch.bfloat16), bias.to(torch.bfloat16)

    def linear(rows: "torch.Tensor") -> "torch.Tensor":
        found = torch.nn.functional.linear(rows.to(torch.bfloat16), short, added).float()
        return torch.nn.functional.gelu(found) if gelu else found

    return linear


def packed(weight: "torch.Tensor", bias: "torch.Tensor", *, gelu: bool = False) -> Linear:
    """Multiply by oneDNN, as torch does in models that it compiled: weights laid out for it, GELU within the product.

    On two old cores a passage took 132 ms of one of them so, 147 ms in the plain way (README, Speed).
    """
    import torch

    kernels = torch.ops.mkldnn
    laid_out = kernels._reorder_linear_weight(weight, _ROWS)

    def linear(rows: "torch.Tensor") -> "torch.Tensor":
        found: torch.Tensor = kernels._linear_pointwise(rows, laid_out, bias, "gelu" if gelu else "none", [], "none")
        return found

    return linear
