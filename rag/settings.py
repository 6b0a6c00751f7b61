"""What can be set, and where it comes from: file < environment < arguments. An unknown key is an error."""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from index.errors import SettingsError

PREFIX = "PULLQUOTE_"
FILE = "pullquote.toml"
CONFIG = f"{PREFIX}CONFIG"
"""Names another settings file; it is not itself a setting."""


class Settings(BaseSettings):
    """All settings. Each can stand in the file, or in the environment as PULLQUOTE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

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
    host: str = Field("127.0.0.1", description="Address that the page listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port that the page listens on; 0 takes a free one.")
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

    @field_validator("data")
    @classmethod
    def _at_home(cls, data: Path) -> Path:
        """Understand ~ also where no shell has."""
        return data.expanduser()

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
            raise SettingsError(f"{name} = {first['input']!r}: {first['msg'].lower()}.") from error


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
