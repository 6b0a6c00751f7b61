import inspect
import re
from pathlib import Path

import pytest

import rag
from index import errors
from tests.conftest import ROOT
from tests.process import python


def test_all_names_what_is_there_and_nothing_twice() -> None:
    assert len(rag.__all__) == len(set(rag.__all__))
    assert set(rag.__all__) == set(rag._HOME)
    assert dir(rag) == sorted([*rag.__all__, "__version__"])


@pytest.mark.parametrize("name", rag.__all__)
def test_each_public_name_resolves_and_says_what_it_is(name: str) -> None:
    value = getattr(rag, name)
    assert value.__name__ == name
    assert value.__module__ == rag._HOME[name]
    said = inspect.getdoc(value)
    assert said
    assert not said.startswith(f"{name}(")  # what a dataclass without a docstring says


@pytest.mark.parametrize("name", [each for each in rag.__all__ if inspect.isclass(getattr(rag, each))])
def test_each_public_method_says_what_it_does(name: str) -> None:
    value = getattr(rag, name)
    for key, member in vars(value).items():
        if key.startswith("_") or not (
            inspect.isfunction(member) or isinstance(member, property | classmethod | staticmethod)
        ):
            continue
        assert inspect.getdoc(getattr(member, "__func__", member)), f"{name}.{key} says nothing"


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        AttributeError,
        match="module 'rag' has no attribute 'ask'; it has Answer, Article, ArticleRecord, ArticleUnknown",
    ):
        rag.ask  # noqa: B018 - reading it is the test


def test_the_tree_of_errors_that_is_drawn_is_the_one_there_is() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^([│├└─ ]*)(\w+)(?:\s{2,}|$)", line)
        if match and (match[2].endswith("Error") or "─" in match[1]):
            depth = len(match[1]) // 4
            path = [*path[:depth], match[2]]
            drawn[match[2]] = path[-2] if depth else "Exception"
    real = {
        name: value.__mro__[1].__name__
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert drawn == real
    assert {name for name in real if name in rag.__all__} == set(real)


def test_every_error_has_its_own_docstring() -> None:
    said = [value.__doc__ for value in vars(errors).values() if inspect.isclass(value)]
    assert None not in said
    assert len(said) == len(set(said))


def test_another_package_called_index_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "index" / "errors.py").write_text("class PullquoteError(Exception): pass\n", "utf-8")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; import rag"
    done = python("-c", code)
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith(f"ImportError: Pullquote needs its own package 'index' beside {ROOT / 'rag'}")
    assert f"Python finds {tmp_path / 'index' / '__init__.py'}" in said


def test_a_folder_called_index_in_the_working_folder_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    done = python("-c", "import rag; rag.PullquoteError", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_library_logs_nothing_by_itself() -> None:
    done = python(
        "-c", "import rag, logging; logging.getLogger('rag.x').error('boom'); logging.getLogger('index.x').debug('y')"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "file",
    sorted([*ROOT.glob("rag/**/*.py"), *ROOT.glob("index/**/*.py")]),
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_each_module_says_what_it_is_for(file: Path) -> None:
    assert re.match(
        r'\A"""[A-Z].+[.:]$', file.read_text("utf-8").split("\n\n")[0].rstrip('"').splitlines()[0].rstrip('"')
    )
