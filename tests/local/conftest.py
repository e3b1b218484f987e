"""What all scenarios share: one local AWS, one Hub, and a way to make projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.live import LocalAws, environments, local_aws, running_hub
from local.project import Project, bootstrap
from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.hub.server import Hub

APPS = Path(__file__).parent / "apps"
# They are the users' programs, run by the CDK CLI.
collect_ignore_glob = ["apps/*", "iam/app/*"]
MakeProject = Callable[..., Project]


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    """What a local AWS runs models, builds and functions with."""
    return environments()


@pytest.fixture(scope="session")
def local_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A Hub whose models lie in ``hub.repositories.root``."""
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="session")
def aws(
    local_hub: Hub, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalAws]:
    """A local AWS that is bootstrapped for CDK."""
    state = tmp_path_factory.mktemp("local-aws")
    with local_aws(state, local_hub, prepared) as made:
        bootstrap(made, state)
        yield made


@pytest.fixture(scope="module")
def make_project(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> MakeProject:
    """A function that copies an app, to deploy it: one of ``tests/local/apps``, or any path."""

    def make(app: str | Path, where: LocalAws | None = None) -> Project:
        return Project(APPS / app, tmp_path_factory.mktemp(Path(app).stem), where or aws)

    return make
