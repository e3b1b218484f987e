"""How AWS's Price List is asked, and what its answers are taken for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack
from typer.testing import CliRunner, Result

from construct.models import container
from cost.price_list import PriceList, a_product, serving
from sagemaker_model import SageMakerModel
from sagemaker_model.cli.main import app as command
from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import read_prices

G5 = "ml.g5.2xlarge"
KEY = ("us-east-1", G5, Billing.HOSTING)


@pytest.fixture
def prices(monkeypatch: pytest.MonkeyPatch) -> Iterator[PriceList]:
    with serving(PriceList([])) as started:
        monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", started.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield started


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    app = App(outdir=str(tmp_path / "cdk.out"))
    stack = Stack(app, "Chat", env=Environment(region="us-east-1"))
    SageMakerModel(stack, "Model", model=container(G5))
    return Path(app.synth().directory)


def describe(assembly: Path, *arguments: str) -> Result:
    file = assembly.parent / "prices.json"
    return CliRunner().invoke(
        command, ["describe", str(assembly), "--prices-file", str(file), *arguments]
    )


def test_the_price_is_the_one_of_hosting_also_where_it_is_on_a_later_page(
    prices: PriceList, assembly: Path
) -> None:
    prices.products = [
        a_product(G5, "1.1", usage="USE1-Train"),
        a_product(G5, "1.2", usage="USE1-AsyncInf"),
        a_product(G5, "1.9", region="eu-west-1", usage="EU-Host"),
        a_product(G5, "0.1", unit="GB"),
        a_product("ml.g5.xlarge", "1.4"),
        a_product(G5, "1.5150000000"),
    ]

    result = describe(assembly, "--prices")

    assert result.exit_code == 0, result.stderr
    assert "1 x ml.g5.2xlarge in us-east-1; $1.515 an hour at first" in result.stdout
    assert len(prices.asked) == 4
    known = read_prices(assembly.parent / "prices.json").known
    assert str(known[KEY].usd) == "1.5150000000"


def test_what_was_asked_for_is_kept_and_shown_without_asking_again(
    prices: PriceList, assembly: Path
) -> None:
    prices.products = [a_product(G5, "1.5")]
    describe(assembly, "--prices")
    prices.asked.clear()

    result = describe(assembly)

    assert "$1.50 an hour" in result.stdout
    assert prices.asked == []


def test_nothing_is_asked_unless_that_is_wanted(prices: PriceList, assembly: Path) -> None:
    result = describe(assembly)

    assert "cost unknown: its price was not asked for; --prices does" in result.stdout
    assert prices.asked == []
    assert not (assembly.parent / "prices.json").exists()


@pytest.mark.parametrize("amounts", [[], ["1.5", "1.6"]], ids=["none", "two"])
def test_no_price_or_two_are_no_price(
    prices: PriceList, assembly: Path, amounts: list[str]
) -> None:
    prices.products = [a_product(G5, amount) for amount in amounts]

    result = describe(assembly, "--prices")

    assert result.exit_code == 0
    assert "cost unknown: the Price List has no one price for it" in result.stdout


def test_a_refusal_says_which_right_is_missing(prices: PriceList, assembly: Path) -> None:
    prices.error = "AccessDeniedException"

    result = describe(assembly, "--prices")

    assert result.exit_code == 1
    assert "error: AWS's Price List did not answer" in result.stderr
    assert "pricing:GetProducts" in result.stderr
    assert not (assembly.parent / "prices.json").exists()


def test_missing_credentials_are_told(
    prices: PriceList, assembly: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))

    result = describe(assembly, "--prices")

    assert result.exit_code == 1
    assert "credentials" in result.stderr
    assert prices.asked == []
