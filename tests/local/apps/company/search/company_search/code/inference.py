"""What the service answers: who it is, and which files it serves."""

from pathlib import Path


def model_fn(model_dir: str) -> list[str]:
    """Return the names of the model's files."""
    return sorted(path.name for path in Path(model_dir).iterdir())


def predict_fn(data: object, model: list[str]) -> dict[str, object]:
    """Answer."""
    return {"service": "search", "asked": data, "files": model}
