"""An environment for each contender, in `.venv-bench/`, of the packages that its file names; made once."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[2] / ".venv-bench"
LIMIT_SECONDS = 1800  # an installation that hangs is ended


class NotInstalled(Exception):
    """The packages could not be installed; says what pip said."""


def python_of(name: str, requirements: Path, folder: Path = FOLDER) -> Path:
    """Return the Python of a contender's environment, which is made where it is not there or names other packages.

    Raises:
        NotInstalled: pip failed, or there is no network and they were not installed before.
    """
    home = folder / name
    python = home / "bin" / "python"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    ready = home / "ready"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / f"{name}.lock"):  # a second run would empty what the first one fills
        if not (ready.is_file() and ready.read_text("utf-8") == wanted):
            _run("-m", "venv", "--clear", "--without-pip", str(home))
            _run("-m", "pip", "--python", str(python), "install", "--quiet", "--no-input", "-r", str(requirements))
            ready.write_text(wanted, "utf-8")
    return python


def _run(*arguments: str) -> None:
    # pip writes to stderr what it does; what went wrong stands at the end.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, encoding="utf-8", env=environment, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise NotInstalled(f"no end after {LIMIT_SECONDS // 60} minutes: {' '.join(command)}") from error
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise NotInstalled("\n".join(said[-5:]) or f"{' '.join(command)} ended with {done.returncode}")
