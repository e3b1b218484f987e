"""The handlers on other releases of transformers than the one that the toolkit runs with here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import HANDLERS, Deploy
from made_by_make import llm_python

numpy: Any = importlib.import_module("numpy")

# The toolkit of PyPI can't be imported with transformers 5, which newer images carry with one
# that is not published: here its part is played by calling the functions as it calls them. One
# process asks all handlers, each of which has its code under the same names.
CALL = """
import json, sys, warnings
sys.path.insert(0, sys.argv[1])
import transformers
warnings.simplefilter("error")
answers = {}
for code, model, body in json.load(sys.stdin):
    sys.path.insert(0, code)
    for name in ("inference", "encoders"):
        sys.modules.pop(name, None)
    import inference
    answers[code] = inference.predict_fn(body, inference.model_fn(model, None))
    sys.path.remove(code)
print(json.dumps([transformers.__version__, answers]))
"""
WITH_LANGUAGE_MODELS = "5.5.3"
TEXTS = ["a text", "and one that is longer", "third"]
BODIES: dict[str, dict[str, object]] = {
    "embeddings": {"inputs": TEXTS},
    "cross_encoder": {"query": "a text", "passages": TEXTS},
    "pipeline": {"inputs": ["a text", "third"], "parameters": {"top_k": 1}},
}
Answers = dict[str, Any]


def packages_of(release: str) -> Path:
    """Return the folder of packages that a release is installed in."""
    if release != WITH_LANGUAGE_MODELS:
        return Path(sys.prefix) / f"transformers-{release}"
    (packages,) = llm_python().parents[1].glob("lib/python*/site-packages")
    return packages


@pytest.fixture(scope="module")
def models(minilm: Path, reranker: Path) -> dict[str, Path]:
    """Return the model that each handler serves."""
    return {"embeddings": minilm, "cross_encoder": reranker, "pipeline": reranker}


@pytest.fixture(scope="module", params=["4.57.6", WITH_LANGUAGE_MODELS])
def answers(request: pytest.FixtureRequest, models: dict[str, Path]) -> Answers:
    """Return what each handler answers with a release of transformers."""
    asked = [
        [str(HANDLERS / handler / "code"), str(models[handler]), body]
        for handler, body in BODIES.items()
    ]
    done = subprocess.run(
        [sys.executable, "-B", "-c", CALL, str(packages_of(request.param))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    version, told = json.loads(done.stdout)
    assert version == request.param
    return dict(zip(BODIES, told.values(), strict=True))


@pytest.mark.parametrize("handler", ["embeddings", "cross_encoder"])
def test_numbers_are_the_same(
    handler: str, answers: Answers, deploy: Deploy, models: dict[str, Path]
) -> None:
    expected = deploy(handler, models[handler]).answer(BODIES[handler])

    assert numpy.abs(numpy.subtract(answers[handler], expected)).max() < 1e-5


def test_pipelines_answer_the_same(
    answers: Answers, deploy: Deploy, models: dict[str, Path]
) -> None:
    expected = deploy("pipeline", models["pipeline"]).answer(BODIES["pipeline"])

    assert [found[0]["score"] for found in answers["pipeline"]] == pytest.approx(
        [found[0]["score"] for found in expected], abs=1e-5
    )
