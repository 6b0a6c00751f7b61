"""Who may use the page: names with hashes of their passwords, in a file or the environment.

A password is never kept; its hash is scrypt's, with a salt of its own (OWASP's password storage cheat sheet: N = 2^15,
r = 8, p = 3). Without users nobody is asked for a password, and the page is for this machine alone.
"""

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from index.errors import SettingsError
from rag.files import write_whole
from rag.settings import Settings

SHORTEST = 8
"""Characters of a password."""
_LONGEST = 1_000
_N, _R, _P = 2**15, 8, 3
_MOST_MEMORY, _MOST_P = (
    2**20,
    16,
)  # N · r (128 MB), and p, of a hash that somebody else made: more would let one login stop the server
_BYTES = 32
_NAME = re.compile(r"[\w.@+-]{1,64}")
_HASH = re.compile(r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{16,88})\$([A-Za-z0-9+/=]{44})")
_FILE = "users.txt"
_one_at_a_time = threading.Lock()  # each hash takes 32 MB: many logins at once are not to take all there is


class Users:
    """The users of a page, read again each time: whoever is removed is let in no more."""

    def __init__(self, file: Path, lines: str = "") -> None:
        """Read users from lines `name:hash`, and from such lines in `file`, which need not be there."""
        self.file = file
        self._lines = lines

    def __bool__(self) -> bool:
        """Tell whether there are any users.

        Raises:
            SettingsError: they cannot be read.
        """
        return bool(self._hashes())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names, in order.

        Raises:
            SettingsError: they cannot be read.
        """
        return tuple(sorted(self._hashes()))

    def verify(self, name: str, password: str) -> bool:
        """Tell whether it is the password of the user of this name; an unknown name takes as long as a known one.

        Raises:
            SettingsError: the users cannot be read.
        """
        known = self._hashes().get(_normal(name))
        return matches(password, known or _NOBODY) and known is not None

    def entry(self, name: str) -> tuple[str, str] | None:
        """Return a user's name as it is kept, with what changes when the password does; None where there is none.

        Raises:
            SettingsError: the users cannot be read.
        """
        hashed = self._hashes().get(_normal(name))
        return (_normal(name), hashed) if hashed else None

    def add(self, name: str, password: str) -> bool:
        """Add a user to the file, or give a user another password; return whether the name is new there.

        Raises:
            SettingsError: the name or the password cannot be one, or the file cannot be read or written.
        """
        name = _normal(name)
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{name[:70]!r}: no name for a user. Use 1 to 64 letters, digits and . _ @ + - only.")
        if not SHORTEST <= len(password) <= _LONGEST:
            raise SettingsError(
                f"A password has {SHORTEST} to {_LONGEST:,} characters; this one has {len(password):,}."
            )
        hashed = hash_password(password)
        with self._locked():
            hashes = self._in_file()
            self._write(dict(hashes) | {name: hashed})
        return name not in hashes

    def remove(self, name: str) -> None:
        """Take a user out of the file; what that person kept stays.

        Raises:
            SettingsError: there is none of this name in the file, or it cannot be written.
        """
        with self._locked():
            hashes = dict(self._in_file())
            if hashes.pop(_normal(name), None) is None:
                raise SettingsError(
                    f"{self.file}: no user {name[:70]!r}. There are: {', '.join(sorted(hashes)) or 'none'}."
                )
            self._write(hashes)

    def _locked(self) -> FileLock:
        if not self.file.parent.is_dir():
            try:
                self.file.parent.mkdir(parents=True)
            except OSError as error:
                raise SettingsError(f"{self.file}: users cannot be kept there ({error.strerror}).") from error
        return FileLock(self.file.with_name(f"{self.file.name}.lock"), timeout=10)

    def _write(self, hashes: Mapping[str, str]) -> None:
        text = "".join(f"{name}:{hashed}\n" for name, hashed in sorted(hashes.items()))
        write_whole(self.file, text, "the users", private=True)

    def _hashes(self) -> Mapping[str, str]:
        return {**self._in_file(), **_read(self._lines, "the setting users")}

    def _in_file(self) -> Mapping[str, str]:
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:  # rather nobody than everybody
            raise SettingsError(f"{self.file}: the users cannot be read ({type(error).__name__}).") from error
        return _read(text, str(self.file))


def users_of(settings: Settings) -> Users:
    """Return the users that the settings name."""
    file = Path(settings.users_file).expanduser() if settings.users_file else settings.data / _FILE
    return Users(file, settings.users.get_secret_value())


def hash_password(password: str) -> str:
    """Return what is kept of a password: `scrypt$N$r$p$salt$hash`, the last two in base64."""
    salt = secrets.token_bytes(16)
    made = base64.b64encode(_scrypt(password, salt, _N, _R, _P)).decode()
    return f"scrypt${_N}${_R}${_P}${base64.b64encode(salt).decode()}${made}"


def matches(password: str, hashed: str) -> bool:
    """Tell whether a hash is that of a password, in a time that does not depend on how near it is."""
    found = _HASH.fullmatch(hashed)
    if not found or len(password) > _LONGEST:
        return False
    cost, size, parallel, salt, wanted = found.groups()
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(size), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(wanted))


def check_address(host: str, users: Users) -> None:
    """See to it that a page without users is for this machine alone.

    Raises:
        SettingsError: others could reach it, and nobody would be asked for a password.
    """
    if not is_loopback(host) and not users:
        raise SettingsError(
            f"{host}: others could reach the page there, and nobody is asked for a password. Add users by "
            "`pullquote users add NAME`, or leave --host out: the page is then for this machine alone."
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address; of a name other than localhost that is not known."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _scrypt(password: str, salt: bytes, cost: int, size: int, parallel: int) -> bytes:
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    with _one_at_a_time:
        return hashlib.scrypt(
            secret, salt=salt, n=cost, r=size, p=parallel, dklen=_BYTES, maxmem=2 * 128 * size * cost + 2**20
        )


def _read(text: str, place: str) -> dict[str, str]:
    """Return the users in entries `name:hash`, apart by white space; lines that begin with # are passed over."""
    hashes: dict[str, str] = {}
    lines = [line.strip() for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        for entry in [] if line.startswith("#") else line.split():
            name, _, hashed = entry.partition(":")
            if not _NAME.fullmatch(_normal(name)) or not _sound(hashed):
                raise SettingsError(
                    f"{place}:{number}: no user. A line is name:hash; `pullquote users add NAME` writes one."
                )
            hashes[_normal(name)] = hashed
    return hashes


def _sound(hashed: str) -> bool:
    found = _HASH.fullmatch(hashed)
    if not found:
        return False
    cost, size, parallel = (int(each) for each in found.groups()[:3])
    power = cost > 1 and cost & (cost - 1) == 0
    return power and size > 0 and cost * size <= _MOST_MEMORY and 1 <= parallel <= _MOST_P


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


_NOBODY = f"scrypt${_N}${_R}${_P}${base64.b64encode(bytes(16)).decode()}${base64.b64encode(bytes(_BYTES)).decode()}"
