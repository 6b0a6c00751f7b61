"""Writes a file whole or not at all."""

import os
import secrets
from pathlib import Path

from index.errors import SettingsError


def write_whole(file: Path, text: str, what: str, *, private: bool = False) -> None:
    """Write a file so that it holds all of `text`, or what it held before, whenever the program is stopped.

    A private file can be read by nobody else who has an account on the machine.

    Raises:
        SettingsError: it cannot be written there; the message calls it `what`.
    """
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        if private:
            draft.touch(0o600)
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError as error:
        raise SettingsError(f"{file}: {what} cannot be written there ({error.strerror}).") from error
    finally:
        draft.unlink(missing_ok=True)


def check_place(file: Path) -> None:
    """See to it, before long work, that a file may be written at this place.

    Raises:
        SettingsError: it is a folder, or its folder is not there.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise SettingsError(f"{file}: cannot be written: {'a folder' if file.is_dir() else 'its folder is not there'}.")
