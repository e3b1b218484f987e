"""``describe`` tells what an endpoint of the local AWS is now."""

from __future__ import annotations

import json
from pathlib import Path

from local.why.conftest import FINE, Ask
from local.why.stacks import VLLM


def test_an_endpoint_is_described_by_its_stack_s_name(ask: Ask) -> None:
    done = ask("describe", FINE)

    assert done.exit_code == 0, done.output
    head, *facts = done.stdout.splitlines()
    assert head.startswith("why-fine-Endpoint-")
    assert head.endswith("  InService")
    assert "  variant    AllTraffic: 1 x ml.g5.2xlarge" in facts
    assert f"  image      {VLLM}" in facts
    assert "  model      org/name" in facts
    assert any(fact.startswith("  engine     ") for fact in facts)
    assert done.stderr == ""


def test_its_cost_is_told_where_a_price_is_known(ask: Ask, tmp_path: Path) -> None:
    prices = tmp_path / "prices.json"
    entry = {
        "region": "us-east-1",
        "instance_type": "ml.g5.2xlarge",
        "billing": "hosting",
        "usd_an_hour": "1.515",
        "asked": "2026-01-01",
    }
    prices.write_text(json.dumps({"version": 1, "prices": [entry]}))

    told = json.loads(ask("describe", FINE, "--json", "--prices-file", str(prices)).stdout)

    assert told["endpoint"]["variants"][0]["model"]["image"] == VLLM
    assert told["endpoint"]["unread"] == []
    assert [each["usd_an_hour"] for each in told["cost"]] == ["1.515"]


def test_a_name_that_nothing_has_is_a_mistake(ask: Ask) -> None:
    done = ask("describe", "nothing-like-it")

    assert done.exit_code == 1
    assert done.stderr.startswith("error: there is no endpoint and no stack 'nothing-like-it'")
