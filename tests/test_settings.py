import re
from pathlib import Path

import pytest

from index.errors import SettingsError
from rag.settings import Settings
from tests.conftest import ROOT

NAMES = sorted(Settings.model_fields)
LISTED = f"There are: {', '.join(NAMES)}."


def in_file(text: str, name: str = "pullquote.toml") -> None:
    Path(name).write_text(text, "utf-8")


def test_arguments_win_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().port == 7860
    in_file('port = 1\nhost = "file"\nquotes = 2\n')
    assert (Settings.load().port, Settings.load().host) == (1, "file")
    monkeypatch.setenv("PULLQUOTE_PORT", "2")
    monkeypatch.setenv("PULLQUOTE_HOST", "environment")
    assert (Settings.load().port, Settings.load().host) == (2, "environment")
    found = Settings.load(port=3, host=None, data="elsewhere")
    assert (found.port, found.host, found.quotes, found.data) == (3, "environment", 2, Path("elsewhere"))


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    in_file("port = 1\n")
    in_file("port = 9\n", "other.toml")
    monkeypatch.setenv("PULLQUOTE_CONFIG", "other.toml")
    assert Settings.load().port == 9
    monkeypatch.setenv("PULLQUOTE_CONFIG", "gone.toml")
    with pytest.raises(SettingsError, match=r"gone\.toml: no such file, though PULLQUOTE_CONFIG names it"):
        Settings.load()


def test_an_unknown_key_in_the_file_is_an_error() -> None:
    in_file("prot = 1\n")
    with pytest.raises(SettingsError, match=re.escape(f"prot: no such setting (in pullquote.toml). {LISTED}")):
        Settings.load()


def test_an_unknown_key_in_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_PROT", "1")
    with pytest.raises(SettingsError, match=re.escape(f"prot: no such setting (in the environment). {LISTED}")):
        Settings.load()


def test_an_unknown_argument_is_an_error() -> None:
    with pytest.raises(SettingsError, match=f"prot.*{re.escape(LISTED)}"):
        Settings.load(prot=1)


@pytest.mark.parametrize(
    ("key", "value"),
    [("port", "x"), ("port", 70_000), ("port", -1), ("quotes", 0), ("quotes", 21), ("refuse_below", 1.1),
     ("refuse_below", "a"),
     ("max_question_chars", 3), ("writer_tokens", 1), ("model", ["a"])],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, key: str, value: object
) -> None:
    with pytest.raises(SettingsError, match=rf"^{key} = {re.escape(repr(value))}: "):
        Settings.load(**{key: value})
    in_file(f"{key} = {value!r}\n")
    with pytest.raises(SettingsError, match=rf"^{key} = "):
        Settings.load()
    in_file("")
    if not isinstance(value, list):
        monkeypatch.setenv(f"PULLQUOTE_{key.upper()}", str(value))
        with pytest.raises(SettingsError, match=rf"^{key} = "):
            Settings.load()


@pytest.mark.parametrize("content", [b"port = ", b"\xff", b"port: 1"])
def test_a_file_that_is_not_toml_is_an_error(content: bytes) -> None:
    Path("pullquote.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"pullquote\.toml: not readable as TOML"):
        Settings.load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().port = 1


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    rows = [
        line
        for line in (ROOT / "README.md").read_text("utf-8").splitlines()
        if line.startswith("|") and f"`{name}`" in line
    ]
    assert any(str(Settings.model_fields[name].default) in row for row in rows)
    assert (Settings.model_fields[name].description or "").endswith(".")
