"""The command line as a program of its own: what a shell or another program sees."""

import json
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.process import python


def test_ask_by_stdin_gives_clean_json_and_nothing_else(archive: Path, tmp_path: Path) -> None:
    arguments = ("-m", "rag.cli", "ask", "-", "--data", str(archive), "--as-of", "2026-10-01", "--json")
    done = python(*arguments, cwd=tmp_path, text="Where was the stolen tuba – “Agnes” – found?\n")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert not answer["refused"]
    assert "garden centre" in answer["answer"]
    assert list(tmp_path.iterdir()) == []  # nothing is written where it was called


def test_an_error_is_one_line_on_stderr(tmp_path: Path) -> None:
    done = python("-m", "rag.cli", "ask", "Who?", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "error: .pullquote: no index here yet. Build one: `pullquote build FOLDER --data .pullquote`\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command_is_this_one(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("pullquote")
    assert script.exists(), f"{script}: not installed. Run the tests by `make test`, which installs the command."
    done = python(str(script), "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f'__version__ = "{done.stdout.split()[1]}"' in (ROOT / "rag" / "__init__.py").read_text("utf-8")


def test_a_question_of_bytes_that_are_no_text_is_no_crash(archive: Path, tmp_path: Path) -> None:
    code = "import sys; from rag.cli import main\n"
    code += "sys.exit(main(['ask', 'Where was the tuba caf\\udce9 found?', '--data', sys.argv[1]]))"
    done = python("-c", code, str(archive), cwd=tmp_path)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)
