"""What an XML document is, told from its beginning, before anything parses it."""

import codecs
import re

_HEAD_BYTES = 65_536
_NAME = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


def root_of(raw: bytes) -> str:
    """Return the name of the root element in small letters, without its prefix; "" where there is none.

    Raises:
        ValueError: the document declares entities of its own, with which a few bytes can unfold to gigabytes
            or name files of this machine.
    """
    text = _head(raw)
    place = 0
    while True:
        place = len(text) - len(text[place:].lstrip())
        if text.startswith("<!--", place):
            end = text.find("-->", place)
        elif text.startswith("<?", place):
            end = text.find("?>", place)
        elif text.startswith("<!", place):
            end = text.find(">", place)
            if "[" in text[place:end] or "<!entity" in text[place:end].lower():
                raise ValueError("declares entities of its own (<!DOCTYPE … [ … ]>), which is not read.")
        else:
            match = _NAME.match(text, place)
            return match[1].lower() if match else ""
        if end < 0:
            return ""
        place = text.find(">", end) + 1


def _head(raw: bytes) -> str:
    head = raw[:_HEAD_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").replace("\0", "")
    # UTF-16 or -32 without a mark: what is written in ASCII shows when the zeros go.
    return head.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").decode("latin-1")
