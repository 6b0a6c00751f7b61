"""The wheel holds what is needed and no more; an editable install would not show it."""

import re
import sys
import zipfile
from pathlib import Path

import pytest

import rag
from tests.conftest import ROOT
from tests.process import python


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Build the wheel, and return the paths in it."""
    folder = tmp_path_factory.mktemp("wheel")
    done = python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = folder.glob("*.whl")
    assert wheel.name == f"pullquote-{rag.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as opened:
        return opened.namelist()


def test_the_top_level_is_the_three_packages(names: list[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"rag", "index", "ui", f"pullquote-{rag.__version__}.dist-info"}


def test_every_file_of_the_packages_is_in_the_wheel(names: list[str]) -> None:
    ours = {
        each.relative_to(ROOT).as_posix()
        for package in ("rag", "index", "ui")
        for each in (ROOT / package).rglob("*")
        if each.is_file() and "__pycache__" not in each.parts and each.name != "screenshot.png"  # the README's
    }
    assert {name for name in names if not name.startswith("pullquote-")} == ours
    assert {"ui/style.css", "ui/py.typed", "rag/py.typed", "index/py.typed", "index/load/html.py"} <= ours


def test_neither_tests_nor_articles_are_shipped(names: list[str]) -> None:
    assert not [name for name in names if re.search(r"(^|/)(tests?|seeds|\.venv)/|\.(jsonl|md|db)$", name)]


def test_the_licence_and_the_command_are_in_the_wheel(names: list[str]) -> None:
    folder = f"pullquote-{rag.__version__}.dist-info"
    assert {f"{folder}/licenses/LICENSE", f"{folder}/entry_points.txt", f"{folder}/METADATA"} <= set(names)


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^##? \[?v?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == rag.__version__


def test_what_is_imported_is_declared() -> None:
    known = {
        "faiss": "faiss-cpu",
        "yaml": "pyyaml",
        "pydantic": "pydantic-settings",
        "huggingface_hub": "sentence-transformers",
    }
    known |= dict.fromkeys(("fastapi", "starlette", "uvicorn"), "gradio")  # which is built on them
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    ours = {"rag", "index", "ui"}
    for file in [each for package in sorted(ours) for each in sorted(Path(ROOT / package).rglob("*.py"))]:
        for name in re.findall(
            r"^\s*(?:from|import) (\w+)", re.sub(r'""".*?"""', "", file.read_text("utf-8"), flags=re.S), re.MULTILINE
        ):
            if name not in sys.stdlib_module_names and name not in ours:
                wanted = known.get(name, name.replace("_", "-"))
                assert re.search(rf'^\s+"{wanted}[><=]', declared, re.MULTILINE), f"{file}: imports {name}, undeclared"
