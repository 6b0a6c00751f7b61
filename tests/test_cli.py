"""The command line in this process; see test_cli_process for it as a program of its own."""

import dataclasses
import json
import re
import shlex
from pathlib import Path

import pytest

from index.builder import build_index
from index.versions import Data
from rag import BuildReport, __version__
from rag.cli import parser
from tests.conftest import ROOT, Run
from tests.tiny import TinyEmbedder

COMMANDS = [
    "articles",
    "ask",
    "build",
    "calibrate",
    "chat",
    "check",
    "clippings",
    "conversations",
    "doctor",
    "eval",
    "quotes",
    "related",
    "search",
    "serve",
    "timeline",
    "users",
    "verify",
    "versions",
    "watch",
]


# Help


def test_the_commands_are_those_that_are_tested() -> None:
    [commands] = [each.choices for each in parser()._actions if each.dest == "command"]
    assert sorted(commands or ()) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples_that_parse(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    examples = re.findall(rf"^  (pullquote {command}\b.*)$", out.split("examples:\n")[1], re.MULTILINE)
    assert examples
    for line in examples:
        assert parser().parse_args(shlex.split(line, comments=True)[1:]).command == command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_each_of_its_options_is_documented(run: Run, command: str) -> None:
    assert f"pullquote {command}" in (ROOT / "README.md").read_text("utf-8")
    for line in run(command, "--help")[1].split("options:\n")[1].split("examples:")[0].splitlines():
        if match := re.match(r"  (-[\w-]+(?:, --[\w-]+)?(?: [A-Z]+)?)(.*)", line):
            assert match[2].strip() or len(match[1]) > 20 or line.rstrip().endswith(match[1])


def test_the_version_is_told(run: Run) -> None:
    assert run("--version")[:2] == (0, f"pullquote {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [[], ["nope"], ["ask"], ["search", "x", "--k", "0"], ["search", "x", "--k", "many"], ["ask", "x", "--as-of",
     "soon"],
     ["serve", "--port", "x"], ["build", "--bogus"], ["eval", "a"], ["ask", "a", "b"], ["chat", "--json"]],
)  # fmt: skip
def test_wrong_arguments_end_with_2_and_say_what_is_right(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: pullquote")
    assert "Traceback" not in err


# Errors


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["ask", "Who?"], r"\.pullquote: no index here yet\. Build one: `pullquote build FOLDER"),
        (["search", "Who?", "--data", "none"], r"none: no index here yet"),
        (["chat"], r"no index here yet"),
        (["versions"], r"no index here yet"),
        (["versions", "--use", "x"], r"no version 'x'\. There are: none"),
        (["build"], r"No source named, and none remembered"),
        (["build", "nowhere"], r"nowhere: no such file or folder"),
        (["build", "empty"], r"empty: no article found"),
        (["build", "news", "--model", "./nope"], r"\./nope: no such folder"),
        (["build", "news", "--data", "a-file"], r"a-file"),
        (["ask", "Who?", "--data", "a-file"], r"a-file"),
        (["ask", "Who?", "--data", ""], r"no index here yet|data"),
        (["eval", "news", "gone.jsonl"], r"gone\.jsonl"),
        (["eval", "news", "a-file"], r"a-file"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_one_line_that_says_why(
    run: Run, news: Path, arguments: list[str], reason: str
) -> None:
    Path("empty").mkdir()
    Path("a-file").write_text("no question", "utf-8")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert re.search(rf"^error: .*{reason}", err)
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["ask", "build", "versions", "doctor", "serve"])
def test_a_wrong_setting_is_told_by_every_command(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("PULLQUOTE_PROT", "1")
    code, _, err = run(command, *(["Who?"] if command == "ask" else []))
    assert code == 1
    assert err.startswith("error: prot: no such setting (in the environment). There are: cross_encoder, data, ")


# Build, versions, doctor


def test_build_says_what_it_did(run: Run, news: Path) -> None:
    (news / "photo.jpg").write_bytes(b"\xff\xd8")
    code, out, err = run("build", news, "--data", "d")
    assert code == 0
    assert re.fullmatch(
        r"2 articles, 2 passages: 2 new, 0 changed, 0 unchanged, 0 gone; 2 passages embedded; "
        r"1 refused \([\d.]+ s\)\.\n",
        out,
    )
    assert err.startswith(f"refused: {news / 'photo.jpg'}: files of this kind are not read")
    code, out, _ = run("build", "--data", "d")
    assert (code, out.split(";")[0]) == (0, "Nothing changed: 2 articles, 2 passages")
    code, out, _ = run("build", "--data", "d", "--rebuild", "--json")
    report = json.loads(out)
    assert set(report) == {field.name for field in dataclasses.fields(BuildReport)}
    assert (code, report["published"], report["embedded"], report["unchanged"], len(report["refused"])) == (
        0,
        True,
        0,
        2,
        1,
    )

    code, out, _ = run("versions", "--data", "d", "--json")
    found = json.loads(out)
    assert [each["current"] for each in found] == [False, True]
    assert set(found[0]) == {"name", "current", "created", "articles", "passages", "model"}
    code, out, _ = run("versions", "--data", "d", "--use", found[0]["name"])
    assert code == 0
    assert re.match(
        rf"\* {found[0]['name']}  2 articles, 2 passages, all-MiniLM-L6-v2@\w+\n  {found[1]['name']}  ", out
    )
    code, _, err = run("versions", "--data", "d", "--use", "nope")
    assert (code, err) == (1, f"error: d: no version 'nope'. There are: {', '.join(Data(Path('d')).names())}.\n")

    code, out, _ = run("doctor", "--data", "d")
    assert (code, "BAD" in out) == (0, False)
    code, out, _ = run("doctor", "--data", "d", "--json")
    assert code == 0
    assert {each["what"] for each in json.loads(out)} >= {"pullquote", "torch", "model", "index", "catalog"}


def test_one_can_go_back_from_a_damaged_version(run: Run, news: Path) -> None:
    for rebuild in (False, True):
        build_index([news], "d", TinyEmbedder(), rebuild=rebuild)
    first, second = Data(Path("d")).names()
    (Path("d") / "versions" / second / "manifest.json").write_text("{", "utf-8")
    code, out, err = run("versions", "--data", "d", "--use", first)
    assert (code, Data(Path("d")).current_name()) == (0, first)
    assert f"* {first}" in out
    assert second in out + err


@pytest.mark.parametrize(
    ("damage", "what", "says"),
    [
        (None, "index model", "built with tiny@1, but all-MiniLM-L6-v2@53aa51172d14 is configured"),
        ("none", "index", "no index here yet"),
        ("versions", "index", "changed since it was written"),
        ("catalog", "index", "cannot be opened as a catalog"),
    ],
)
def test_doctor_finds_what_is_wrong(run: Run, news: Path, damage: str | None, what: str, says: str) -> None:
    build_index([news], "d", TinyEmbedder())
    if damage == "versions":
        next(Path("d").rglob("rows.npy")).write_bytes(b"x")
    if damage == "catalog":
        (Path("d") / "catalog.db").write_bytes(b"x" * 5_000)
    code, out, _ = run("doctor", "--data", damage if damage == "none" else "d", "--json")
    [bad] = [each for each in json.loads(out) if not each["ok"]]
    assert (code, bad["what"]) == (1, what)
    assert says in bad["says"]


def test_doctor_names_a_model_that_is_not_there(run: Run) -> None:
    code, out, _ = run("doctor", "--model", "./nope")
    assert code == 1
    assert re.search(r"^BAD  model +\./nope: no such folder", out, re.MULTILINE)
