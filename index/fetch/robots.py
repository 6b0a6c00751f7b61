"""What a site's robots.txt allows (RFC 9309), by protego."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

ROBOTS_BYTES = 512_000  # RFC 9309 asks to read 500 KiB at least


class Rules:
    """The rules of one site."""

    def __init__(self, parsed: "Protego | None") -> None:
        """Take what protego made of them; None where there are none."""
        self._parsed = parsed

    def allows(self, url: str, agent: str) -> bool:
        """Tell whether this agent may ask for `url`."""
        return self._parsed is None or bool(self._parsed.can_fetch(url, _token(agent)))

    def delay(self, agent: str) -> float:
        """Return the seconds between two requests that it asks for."""
        return float((self._parsed and self._parsed.crawl_delay(_token(agent))) or 0.0)


def rules_of(status: int, body: bytes) -> Rules:
    """Return the rules that an answer to a request for robots.txt holds; without such a file all is allowed."""
    if status != 200:
        return Rules(None)
    from protego import Protego

    return Rules(Protego.parse(body.decode("utf-8-sig", "replace")))


def _token(agent: str) -> str:
    return agent.partition("/")[0].strip()
