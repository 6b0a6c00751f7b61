"""Unpacks what a server packed, a piece at a time, and stops where it becomes too much."""

import zlib
from collections.abc import Iterator

from index.errors import FetchError

_STEP = 1 << 16


class Inflater:
    """Takes the bytes as they come; gives them unpacked."""

    def __init__(self, encoding: str, most: int) -> None:
        """Take the Content-Encoding, and the most bytes, packed or not.

        Raises:
            FetchError: nobody asked for this encoding.
        """
        self._encoding = encoding.strip().lower()
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise FetchError(f"comes packed as {self._encoding[:40]!r}, which was not asked for.")
        self._most = most
        self._came = self._gave = 0
        self._unpacker: zlib._Decompress | None = None

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Yield what these bytes unpack to.

        Raises:
            FetchError: it is too much.
            EOFError: it cannot be unpacked.
        """
        self._came += len(packed)
        if self._came > self._most:
            raise FetchError(f"more than {self._most:,} bytes come, which is too much.")
        if self._encoding in {"", "identity"}:
            yield packed
            return
        while packed:
            if self._unpacker is None or self._unpacker.eof:  # gzip may be several pieces, one after another
                self._unpacker = self._made(packed[0])
            try:
                unpacked = self._unpacker.decompress(packed, _STEP)
            except zlib.error as error:
                raise EOFError(f"it cannot be unpacked: {error}") from error
            packed = self._unpacker.unconsumed_tail or self._unpacker.unused_data.lstrip(b"\0")
            self._gave += len(unpacked)
            if self._gave > self._most:
                raise FetchError(f"unpacks to more than {self._most:,} bytes, which is too much.")
            yield unpacked

    def finish(self) -> None:
        """Say that nothing more comes.

        Raises:
            EOFError: it broke off.
        """
        if self._unpacker is not None and not self._unpacker.eof:
            raise EOFError("its packed bytes break off")

    def _made(self, first: int) -> "zlib._Decompress":
        if self._encoding == "deflate" and first & 0x0F != 8:  # without the header of zlib, as some servers send it
            return zlib.decompressobj(-zlib.MAX_WBITS)
        return zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
