"""What can be set, and where it comes from: file < environment < arguments. An unknown key is an error."""

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from index.errors import SettingsError

if TYPE_CHECKING:
    from index.fetch.policy import Policy

PREFIX = "PULLQUOTE_"
FILE = "pullquote.toml"
CONFIG = f"{PREFIX}CONFIG"
"""Names another settings file; it is not itself a setting."""


class Settings(BaseSettings):
    """All settings. Each can stand in the file, or in the environment as PULLQUOTE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    data: Path = Field(Path(".pullquote"), description="Folder of the index and everything computed for it.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        description="Embedding model: the bundled one, a sentence-transformers folder, or a hub name.",
    )
    cross_encoder: str = Field(
        "",
        description="A sentence-transformers CrossEncoder that ranks the first 20 passages again: a folder or a hub "
        "name; none where it is empty.",
    )
    reranked: int = Field(
        8, ge=1, le=200, description="Passages ranked again by late interaction: one forward pass of the model each."
    )
    notebook: str = Field(
        "", description="File of what people keep; notebook.db in the folder of the index where it is empty."
    )
    users_file: str = Field(
        "", description="File of who may use the page; users.txt in the folder of the index where it is empty."
    )
    users: SecretStr = Field(
        SecretStr(""), description="Who may use the page, as lines of that file, before those in it; never shown."
    )
    host: str = Field("127.0.0.1", description="Address that the page listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port that the page listens on; 0 takes a free one.")
    language: str = Field(
        "",
        description="Language of the page, en or de, for whoever asks for no other; the browser's where it is empty.",
    )
    root_path: str = Field("", description="Path at which a proxy shows the page, e.g. /news; none where it is empty.")
    quotes: int = Field(4, ge=1, le=20, description="Most quotes in an answer.")
    refuse_below: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Confidence below which the answer is that the articles do not say; set nowhere, it is what "
        "`pullquote calibrate` kept with the index, if it did.",
    )
    max_question_chars: int = Field(2000, ge=20, description="Longest question; a longer one is an error.")
    writer_tokens: int = Field(
        6000, ge=500, description="Most tokens (cl100k_base) of passages that a writer is given for a question."
    )
    llm_url: str = Field(
        "",
        description="Address of an OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1: its model then writes "
        "the answers; none where it is empty.",
    )
    llm_model: str = Field("", description="Name of the model that the endpoint is to run.")
    llm_key: SecretStr = Field(SecretStr(""), description="Key of the endpoint, if it wants one; it is never shown.")
    llm_first_seconds: float = Field(
        20.0, gt=0, le=600, description="Longest wait for the model's first words, retries included."
    )
    llm_seconds: float = Field(90.0, gt=0, le=3600, description="Longest wait for the model's whole answer.")
    llm_tokens: int = Field(600, ge=50, le=8000, description="Most tokens of an answer that the model writes.")
    llm_retries: int = Field(
        2, ge=0, le=10, description="How often the endpoint is asked again when it is overloaded or out of reach."
    )

    fetch_agent: str = Field(
        "",
        description="What Pullquote calls itself to servers, best with where you can be reached; its name and version "
        "where it is empty. robots.txt is read for what stands before the first slash.",
    )
    fetch_allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts, as host or host:port, that may be fetched from although they are not of the open internet, "
        "e.g. a feed in your own network; in the environment parted by commas.",
    )
    fetch_delay: float = Field(
        1.0, ge=0, le=3600, description="Seconds between two requests to one host; its robots.txt may ask for more."
    )
    fetch_seconds: float = Field(60.0, gt=0, le=3600, description="Longest wait for one whole page.")
    fetch_megabytes: float = Field(10.0, gt=0, le=1000, description="Largest page, feed or sitemap, also unpacked.")
    fetch_articles: int = Field(
        200, ge=1, le=100_000, description="Most articles taken from one feed or sitemap at a time, the newest."
    )
    fetch_retries: int = Field(2, ge=0, le=10, description="How often a server that fails is asked again.")

    def fetch_policy(self) -> "Policy":
        """Return how to fetch, as set."""
        from index.fetch.policy import Policy
        from rag import __version__

        return Policy(
            agent=self.fetch_agent or f"pullquote/{__version__} (+reads the articles that its user names)",
            allow_hosts=self.fetch_allow_hosts,
            delay_s=self.fetch_delay,
            total_s=self.fetch_seconds,
            max_bytes=int(self.fetch_megabytes * 1_000_000),
            max_articles=self.fetch_articles,
            retries=self.fetch_retries,
        )

    @field_validator("fetch_agent")
    @classmethod
    def _one_line(cls, agent: str) -> str:
        """Refuse what cannot stand in a header."""
        if agent and not (agent.isascii() and agent.isprintable() and agent.partition("/")[0].strip()):
            raise ValueError("It must be one line of ASCII like my-archive/1.0 (+https://example.org)")
        return agent

    @field_validator("fetch_allow_hosts", mode="before")
    @classmethod
    def _listed(cls, hosts: object) -> object:
        """Understand a list that stands in the environment."""
        return tuple(each.strip() for each in hosts.split(",") if each.strip()) if isinstance(hosts, str) else hosts

    @field_validator("fetch_allow_hosts")
    @classmethod
    def _hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse addresses: only a host, or a host and a port, is compared."""
        for each in hosts:
            if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?", each):
                raise ValueError(f"{each!r} must be a host like intranet.example or 127.0.0.1:8080")
        return hosts

    @field_validator("data")
    @classmethod
    def _at_home(cls, data: Path) -> Path:
        """Understand ~ also where no shell has."""
        return data.expanduser()

    @field_validator("root_path")
    @classmethod
    def _a_path(cls, path: str) -> str:
        """Refuse what is no path."""
        if path and (
            not path.startswith("/") or path != path.rstrip("/") or "//" in path or any(map(str.isspace, path))
        ):
            raise ValueError("It must be a path like /news, without a slash at its end")
        return path

    @field_validator("llm_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        """Refuse what is no address of the web, and what holds a secret: addresses are shown."""
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("It must be an address like http://127.0.0.1:11434/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("It must have no user name, key or query in it; llm_key is the place of a key")
        return url

    @field_validator("llm_key")
    @classmethod
    def _bare(cls, key: SecretStr) -> SecretStr:
        """Take the line end away that a key copied from a file brings along."""
        return SecretStr(key.get_secret_value().strip())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments and environment only; the file is read by `load`, so that its errors name it."""
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings

    @classmethod
    def load(cls, **arguments: Any) -> "Settings":  # noqa: ANN401 - each is checked against its field
        """Return the settings from file, environment and `arguments`; an argument of None is not given.

        Raises:
            SettingsError: a key is unknown, or a value cannot be used.
        """
        file = Path(os.environ.get(CONFIG, FILE))
        in_file = _read(file)
        _known(in_file, str(file))
        _known([key.removeprefix(PREFIX).lower() for key in os.environ if _is_ours(key)], "the environment")
        _known(arguments, "the arguments")
        given = {key: value for key, value in arguments.items() if value is not None}
        in_environment = {name for name in cls.model_fields if f"{PREFIX}{name.upper()}" in os.environ}
        below = {key: value for key, value in in_file.items() if key not in in_environment}
        try:
            return cls(**(below | given))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ").lower()
            if name.startswith(("llm_", "users")):  # what was given may be a key, or hold one
                raise SettingsError(f"{name}: {said}.") from None
            raise SettingsError(f"{name} = {first['input']!r}: {said}.") from error


def _is_ours(key: str) -> bool:
    return key.upper().startswith(PREFIX) and key != CONFIG


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        if CONFIG in os.environ:
            raise SettingsError(f"{file}: no such file, though {CONFIG} names it.")
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: not readable as TOML ({error}).") from error


def _known(keys: Any, where: str) -> None:  # noqa: ANN401 - any iterable of names
    unknown = sorted(set(keys) - set(Settings.model_fields))
    if unknown:
        raise SettingsError(
            f"{unknown[0]}: no such setting (in {where}). There are: {', '.join(sorted(Settings.model_fields))}."
        )
