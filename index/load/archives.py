"""Zip and tar archives: their members, one after the other, in memory. Nothing is ever written by their names."""

import bz2
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from typing import IO, Any

from index.errors import LoadError
from index.load.file import MAX_BYTES, Budget, Memory, Readable

_MAX_HEADER_BYTES = 1 << 20  # of a tar archive's member: names and such; data is read in smaller pieces
_MAX_DIRECTORY_BYTES = 32_000_000  # of a zip archive: it is read as a whole
_PIECE = 1 << 16

_OPENERS: dict[str, Callable[[Any], BufferedIOBase]] = {
    ".tar": lambda stream: stream,
    ".tar.gz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".tgz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".tar.bz2": bz2.BZ2File,
    ".tbz2": bz2.BZ2File,
    ".tar.xz": lambda stream: lzma.LZMAFile(stream),  # noqa: SIM115 - closed with the stream
    ".txz": lambda stream: lzma.LZMAFile(stream),  # noqa: SIM115 - closed with the stream
}
ENDINGS = (".zip", *_OPENERS)
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    NotImplementedError,
    struct.error,
    ValueError,
    OverflowError,
)
"""What Python's readers raise over archives that are damaged, or packed in a way that they do not know."""


def members(path: Readable, budget: Budget) -> Iterator[Memory | LoadError]:
    """Yield the files in an archive, and an error for each that cannot be read.

    Raises:
        LoadError: it expands to too much, or holds too many files.
        OSError: it is damaged: what was yielded before is not all of it.
    """
    name = path.name.lower()
    try:
        with path.open("rb") as stream:
            if name.endswith(".zip"):
                yield from _zipped(stream, path, budget)
            else:
                opener = next(opener for ending, opener in _OPENERS.items() if name.endswith(ending))
                yield from _tarred(opener(stream), path, budget)
    except _BROKEN as error:
        raise OSError(None, f"the archive ends or breaks: {type(error).__name__}: {error}") from error


def _zipped(stream: BufferedIOBase, path: Readable, budget: Budget) -> Iterator[Memory | LoadError]:
    _check_directory(stream, path)
    with zipfile.ZipFile(stream) as packed:
        for info in packed.infolist():
            place = f"{path}/{info.filename}"
            budget.count_member()
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                yield LoadError(f"{place}: it is encrypted. Unpack it with its password.")
                continue
            try:
                with packed.open(info) as member:
                    yield Memory(place, _content(member, place, budget))
            except LoadError as error:
                if budget.bytes_left < 0:
                    raise
                yield error
            except (*_BROKEN, RuntimeError, OSError) as error:
                yield LoadError(f"{place}: damaged ({type(error).__name__}: {error}).")


def _check_directory(stream: BufferedIOBase, path: Readable) -> None:
    """Refuse a zip archive whose directory would fill the memory: zipfile reads it at once."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    wide = tail.rfind(b"PK\x06\x06", 0, max(end, 0))
    directory = 0
    if end >= 0 and len(tail) >= end + 22:
        directory = struct.unpack_from("<L", tail, end + 12)[0]
    if wide >= 0 and len(tail) >= wide + 56:
        directory = struct.unpack_from("<Q", tail, wide + 40)[0]
    if min(directory, size) > _MAX_DIRECTORY_BYTES:
        raise LoadError(f"{path}: holds too many files to be read as one archive. Unpack it yourself.")


def _tarred(stream: BufferedIOBase, path: Readable, budget: Budget) -> Iterator[Memory | LoadError]:
    guarded: Any = _Guarded(stream, str(path), budget.bytes_left)
    with tarfile.TarFile(fileobj=guarded, mode="r", errors="surrogateescape") as packed:
        while info := packed.next():
            packed.members = []  # type: ignore[attr-defined] # it keeps them all otherwise
            place = f"{path}/{info.name}"
            budget.count_member()
            if info.isdir():
                continue
            if not info.isreg():
                kind = "a link" if info.issym() or info.islnk() else "no regular file"
                yield LoadError(f"{place}: {kind}, which is not followed.")
                continue
            member = packed.extractfile(info)
            if member is None:
                continue
            try:
                yield Memory(place, _content(member, place, budget))
            except LoadError as error:
                if budget.bytes_left < 0:
                    raise
                yield error


def _content(stream: IO[bytes], place: str, budget: Budget) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(_PIECE):
        budget.spend(len(piece))
        size += len(piece)
        if size > MAX_BYTES:
            raise LoadError(f"{place}: more than {MAX_BYTES:,} bytes are too many for one file. Split it.")
        pieces.append(piece)
    return b"".join(pieces)


class _Guarded:
    """A stream for tarfile that reads no huge header, and stops where it has expanded to too much."""

    def __init__(self, stream: BufferedIOBase, place: str, most: int) -> None:
        self._stream = stream
        self._place = place
        self._most = most

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {size:,} bytes")
        return self._stream.read(size)

    def seek(self, place: int) -> int:
        if place > self._most:
            raise LoadError(f"{self._place}: expands to too much: the rest of it is not read. Unpack it yourself.")
        return self._stream.seek(place)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()
