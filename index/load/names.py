"""Who wrote an article: names out of fields and bylines, cleaned; agencies count as names."""

import re
from typing import NamedTuple

from index.load.dates import line_dates

_MAX_NAME_CHARS = 80
_PARTICLES = "al|bin|correspondent|da|de|del|della|den|der|di|du|el|la|le|reporter|staff|van|von|y"
_WORD = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
_NAME = rf"{_WORD}(?: (?:{_WORD}|{_PARTICLES}))*"
_FULL = rf"{_WORD}(?: (?:{_WORD}|{_PARTICLES}))+"
_AND = "and|und|et|y|e|en|och|og"
_BYLINE = re.compile(
    rf"[Bb][Yy]:? (?P<authors>{_NAME}(?:(?:, {_FULL})*,? and {_NAME})*)(?:, (?P<publisher>(?:[A-Z]"
    rf"|the )[^\n,]{{1,60}}))?"
)
_OTHER_BYLINE = re.compile(
    rf"(?:(?:Story|Text|Words|Written|Reported|Reporting) by|Von|VON|Par|PAR|Por|POR|Di|Door|Av|Af)[: ] ?"
    rf"(?P<authors>{_FULL}(?:, {_FULL})*(?:,? (?:{_AND}) {_FULL})?)"
)
_NAMES = re.compile(rf"{_FULL}(?:, {_FULL})*(?:,? (?:{_AND}) {_FULL})?")
_PREFIX = re.compile(
    r"(?:(?:(?:story|text|words|written|reported|posted|published) )?by|von|par|por)[: ]\s*(?=\S)", re.IGNORECASE
)
_ROLES = (
    r"(?:[\w’'-]+ ){0,4}(?:reporter|writer|editor|correspondent|columnist|contributor|journalist|producer|bureau chief"
    r"|freelancer|analyst|critic|intern|redakteur(?:in)?|journaliste|redactora?)(?: (?:for|at|of|in|on) [^,;]{1,40})?"
)
_ROLE = re.compile(_ROLES, re.IGNORECASE)
_AGENCIES = {
    "reuters", "ap", "afp", "dpa", "upi", "efe", "ansa", "associated press", "the associated press", "bloomberg",
    "xinhua", "tass",
    "agence france-presse", "pa media", "press association", "kyodo", "kyodo news", "interfax", "anadolu agency",
}  # fmt: skip
_EMAIL = re.compile(r"[(<\[]?\b[\w.+-]{1,64}@[\w.-]{1,255}[)>\]]?")
_WITH = re.compile(r"[(\[]?\b(?:with|avec|mit|con|com) (?=[^\W\d_a-zß-ÿ])")


class Byline(NamedTuple):
    """What a line says of who wrote, who published and when: "published" and "modified"."""

    authors: tuple[str, ...] = ()
    publisher: str | None = None
    dates: dict[str, object] = {}  # noqa: RUF012 - never changed


def read_byline(line: str) -> Byline | None:
    """Return what a line says that is nothing but a byline or a date; None for any other line.

    "By Ann Tey and Bo Rusk, Courier", "Ann Tey | Courier", "Von Anna Thal", "By Ann Tey | 12 February 2026".
    """
    line = " ".join(line.split()).strip("*_ ")
    if not 3 <= len(line) <= 200:
        return None
    if dates := line_dates(line):
        return Byline(dates=dict(dates))
    if simple := _simple(line):
        return simple
    for gap in re.finditer(r" (?=[^\W_]{1,12}\.? ?\d)", line):  # "By Ann Tey March 11, 2026 3:46 PM"
        if (days := line_dates(line[gap.end() :])) and (before := _simple(line[: gap.start()].rstrip(" ,-–—|"))):
            return before._replace(dates=dict(days))
    parts = [part.strip() for part in re.split(r" [|·•–—/] |, (?=(?:Updated|Published)\b)", line) if part.strip()]
    return _of_parts(parts) if 2 <= len(parts) <= 5 else None


def as_names(value: object) -> tuple[str, ...]:
    """Return the names in a text, a list or an object with a "name": without "By", roles, mail addresses, and twice."""
    if isinstance(value, dict):
        value = value.get("name") or ""
        if isinstance(value, dict):
            return ()
    if isinstance(value, list | tuple):
        found = [
            name
            for each in value
            if each is not None
            for name in as_names(each if isinstance(each, dict | list) else str(each))
        ]
    elif isinstance(value, str):
        found = [name for each in _parted(value) if (name := _cleaned(each))]
    else:
        found = []
    names: dict[str, str] = {}
    for name in found:
        names.setdefault(name.casefold(), name)
    return tuple(names.values())


def is_agency(name: str) -> bool:
    """Tell whether a name is that of a news agency."""
    return name.casefold() in _AGENCIES


def _simple(line: str) -> Byline | None:
    if match := _BYLINE.fullmatch(line):
        publisher = match["publisher"]
        if publisher and _ROLE.fullmatch(publisher):
            publisher = None
        return Byline(as_names(match["authors"]), publisher)
    if match := _OTHER_BYLINE.fullmatch(line):
        return Byline(as_names(re.sub(rf",? (?:{_AND}) (?={_WORD})", "; ", match["authors"])))
    return None


def _of_parts(parts: list[str]) -> Byline | None:
    """Read "Ann Tey | Courier | 12 February 2026": a name of two words or a byline goes first."""
    first = _simple(parts[0]) or (Byline(as_names(parts[0])) if _NAMES.fullmatch(parts[0]) else None)
    if first is None:
        return None
    publisher, dates = first.publisher, dict(first.dates)
    for part in parts[1:]:
        if days := line_dates(part):
            dates |= days
        elif _ROLE.fullmatch(part) or _EMAIL.fullmatch(part):
            continue
        elif (
            publisher is None
            and len(part) <= 60
            and re.fullmatch(r"(?:The )?[^\W_a-zß-ÿ][\w .&'’-]*", part)
            and part[-1] != "."
        ):
            publisher = part
        else:
            return None
    return Byline(first.authors, publisher, dates)


def _parted(text: str) -> list[str]:
    text = _EMAIL.sub("", text[:2_000])
    found: list[str] = []
    for part in re.split(r"[;\n|]| and ", _WITH.sub(";", text)):
        pieces = [piece.strip(" ()") for piece in re.split(rf", | (?:&|{_AND}) ", part)]
        if len(pieces) > 1 and all(map(_listed, pieces)):
            found += [piece for piece in pieces if not _ROLE.fullmatch(piece)]
        else:
            found.append(part)
    return found


def _listed(piece: str) -> bool:
    return bool(re.fullmatch(_FULL, piece) or _ROLE.fullmatch(piece) or is_agency(piece))


def _cleaned(name: str) -> str:
    name = _PREFIX.sub("", " ".join(name.split()), count=1).strip(" ,;:<>-–—|")
    if (name[:1], name[-1:]) in {("(", ")"), ("[", "]")} or name.count("(") != name.count(")"):
        name = name.strip("()[]")
    before, comma, after = name.partition(",")
    if comma and _ROLE.fullmatch(after.strip()):
        name = before.strip()
    said = bool(re.search(r"[^\W\d_]", name)) and len(name) <= _MAX_NAME_CHARS
    return name if said and "://" not in name and "www." not in name and not _role_alone(name) else ""


def _role_alone(name: str) -> bool:
    return name.casefold() in {
        "admin",
        "administrator",
        "editor",
        "editors",
        "none",
        "null",
        "unknown",
        "author",
        "guest",
    } or bool(name.islower() and _ROLE.fullmatch(name))
