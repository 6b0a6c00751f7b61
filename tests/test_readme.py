"""The README is true: its code runs, its commands and targets exist, its tree is the one on the disk."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from rag.cli import parser
from tests.conftest import ROOT, SEEDS
from tests.process import python

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = [
    line.removeprefix("$ ").split(" #")[0].strip()
    for kind, text in BLOCKS
    if kind in {"console", "sh", "bash"}
    for line in text.splitlines()
]
COMMANDS = [line for line in SHELL if re.match(r"(\.venv/bin/)?pullquote\b", line)]
TARGETS = sorted(
    set(re.findall(r"^make ([a-z]+)", "\n".join([*SHELL, *re.findall(r"`(make [^`]+)`", README)]), re.MULTILINE))
)


def test_there_is_code_to_run_and_there_are_commands() -> None:
    assert [kind for kind, _ in BLOCKS if kind == "python"]
    assert COMMANDS
    assert TARGETS


def test_every_block_of_python_runs(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for file in SEEDS.glob("*/2025-1[01]-*"):
        shutil.copy(file, tmp_path / "articles")
    code = [text for kind, text in BLOCKS if kind == "python"]
    script = tmp_path / "readme.py"
    for number, block in enumerate(code):  # each goes on from what the ones before it made in the folder
        script.write_text(block, "utf-8")
        done = python(str(script), cwd=tmp_path)
        assert done.returncode == 0, f"block {number + 1}:\n{block}\n{done.stderr}"


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_can_be_parsed(line: str) -> None:
    words = shlex.split(re.split(r" [|&>] ?| && ", line)[0], comments=True)[1:]
    try:
        assert parser().parse_args(words).command
    except SystemExit as done:
        assert done.code == 0, line  # noqa: PT017 - --help and --version end so


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_tree_has_the_packages_that_are_on_the_disk_and_says_what_each_is() -> None:
    [tree] = [text for _, text in BLOCKS if text.startswith("index/")]
    drawn: list[str] = []
    path: list[str] = []
    for indent, name, says in re.findall(r"^( *)(\w+)/ *(.*)$", tree, re.MULTILINE):
        path = [*path[: len(indent) // 2], name]
        drawn.append("/".join(path))
        assert says, name
    packages = {
        each.parent.relative_to(ROOT).as_posix()
        for package in ("index", "rag", "ui")
        for each in (ROOT / package).rglob("__init__.py")
    }
    assert len(drawn) == tree.count("\n")
    assert sorted(drawn) == sorted(packages)


def test_every_relative_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", README):
        assert (ROOT / target).exists(), target
