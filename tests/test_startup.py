"""What is started must start at once: nothing heavy is loaded before it is used."""

import json

import pytest

from tests.process import python

HEAVY = {
    "faiss", "filelock", "gradio", "httpx", "numpy", "pydantic", "pydantic_settings", "sentence_transformers",
    "sentencex", "sqlite3", "tantivy", "tiktoken", "tokenizers", "torch", "tqdm", "trafilatura", "transformers", "yaml",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    told = "import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = python("-c", f"import sys\n{code}\n{told}")
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import index",
        "import rag\ndir(rag)",
        "from rag import PullquoteError, BuildLocked, SpanError",
        "from rag.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from rag.cli import main\ntry: main(['ask', '--help'])\nexcept SystemExit: pass",
        "from rag.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass",
    ],
    ids=["index", "rag", "errors", "--help", "ask --help", "--version"],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert loaded_by(code) & HEAVY == set()


def test_the_settings_load_no_model_and_no_page() -> None:
    assert loaded_by("from rag import Settings\nSettings.load()") & HEAVY <= {"pydantic", "pydantic_settings"}


def test_an_articles_types_need_no_model() -> None:
    assert not loaded_by("from rag import Article, Quote, locate") & HEAVY
