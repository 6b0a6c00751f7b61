"""What loaders read from: a file on the disk, or bytes in memory that came out of an archive or a mail."""

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from index.errors import LoadError

MAX_BYTES = 200_000_000
"""Largest file that is read as a whole: a member of an archive, a document, what a .gz expands to."""

LEAST_BUDGET_BYTES = 100_000_000
MAX_BUDGET_BYTES = 4_000_000_000
MAX_RATIO = 200
"""Packed articles expand 3 to 20 times; gzip cannot do more than 1,032, of zeros."""
MAX_MEMBERS = 100_000


class Readable(Protocol):
    """A `Path` is one. `str()` of it says where it is, for messages."""

    @property
    def name(self) -> str:
        """The last part of its path."""

    @property
    def suffix(self) -> str:
        """How its name ends, with the dot."""

    def read_bytes(self) -> bytes:
        """Return all of it."""

    def open(self, mode: Literal["rb"]) -> io.BufferedIOBase:
        """Return a stream of it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes in memory with the name that they go by; the name is never used as a path."""

    place: str
    raw: bytes

    @property
    def name(self) -> str:
        """The last part of its place."""
        return self.place.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """How its name ends, with the dot."""
        stem, dot, ending = self.name.rpartition(".")
        return dot + ending if stem else ""

    def read_bytes(self) -> bytes:
        """Return the bytes."""
        return self.raw

    def open(self, mode: Literal["rb"]) -> io.BufferedIOBase:
        """Return a stream of the bytes."""
        del mode
        return io.BytesIO(self.raw)

    def __str__(self) -> str:
        return self.place


@dataclass(slots=True)
class Budget:
    """How much one file may still expand to: shared by all that is nested in it."""

    place: str
    bytes_left: int
    members_left: int = MAX_MEMBERS

    @classmethod
    def of(cls, file: Readable) -> "Budget":
        """Return what `file` may expand to, by its size."""
        with file.open("rb") as stream:
            packed = stream.seek(0, io.SEEK_END)
        return cls(str(file), min(MAX_BUDGET_BYTES, max(LEAST_BUDGET_BYTES, MAX_RATIO * packed)))

    def spend(self, size: int) -> None:
        """Take `size` bytes off.

        Raises:
            LoadError: it has not so many left.
        """
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise LoadError(
                f"{self.place}: expands to more than {MAX_RATIO} times its size, or {MAX_BUDGET_BYTES:,} bytes: "
                "the rest of it is not read. Unpack it yourself if it is sound."
            )

    def count_member(self) -> None:
        """Count one more member.

        Raises:
            LoadError: they are too many.
        """
        self.members_left -= 1
        if self.members_left < 0:
            raise LoadError(f"{self.place}: holds more than {MAX_MEMBERS:,} files; the others are not read.")


class _Expanded(io.RawIOBase):
    """A gzip stream that takes what it expands to off a budget, and whose other errors are OSErrors."""

    def __init__(self, packed: io.BufferedIOBase, budget: Budget) -> None:
        super().__init__()
        self._packed = packed
        self._stream = gzip.GzipFile(fileobj=packed)
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a Buffer, which Python 3.11 cannot name
        with memoryview(buffer) as view:
            try:
                piece = self._stream.read(len(view))
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise OSError(None, f"the gzip data ends or breaks: {error}") from error
            self._budget.spend(len(piece))
            view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


@dataclass(frozen=True, slots=True)
class Gunzipped:
    """What a .gz file holds, by the name it had before."""

    file: Readable

    @property
    def name(self) -> str:
        """Its name, less the .gz."""
        return self.file.name[: -len(".gz")]

    @property
    def suffix(self) -> str:
        """How that name ends, with the dot."""
        return Memory(self.name, b"").suffix

    def read_bytes(self) -> bytes:
        """Return all of it.

        Raises:
            LoadError: it expands to too much.
            OSError: the gzip data ends or breaks.
        """
        with self.open("rb") as stream:
            return read_all(stream, str(self))

    def open(self, mode: Literal["rb"]) -> io.BufferedIOBase:
        """Return a stream of it, with the errors of `read_bytes`."""
        budget = Budget.of(self.file)
        return io.BufferedReader(_Expanded(self.file.open(mode), budget), 1 << 16)

    def __str__(self) -> str:
        return str(self.file)


def read_all(stream: io.BufferedIOBase, place: str) -> bytes:
    """Return all that is left of a stream.

    Raises:
        LoadError: it is more than `MAX_BYTES`.
    """
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise LoadError(f"{place}: more than {MAX_BYTES:,} bytes are too many for one file. Split it.")
    return raw
