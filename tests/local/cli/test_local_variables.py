import os
import subprocess
import sys
from pathlib import Path

import pytest

from sagemaker_model.local.clients import Clients
from sagemaker_model.local.processes import Process
from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import exports, must_be_loopback, variables

RECORD = Record(
    state=Path("/a folder/local"),
    endpoint="http://127.0.0.1:4567",
    account="210987654321",
    region="eu-west-1",
    emulator=Process(1, 0.0),
)
TELL = (
    "import boto3; c = boto3.client('s3');"
    "print(c.meta.endpoint_url, c.meta.region_name, c._request_signer._credentials.access_key)"
)


def test_boto3_in_a_shell_with_the_exports_speaks_to_the_local_aws_alone(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile work]\nregion=us-west-2\nservices=w\n[services w]\ns3 =\n  endpoint_url=https://s3"
    )
    misled = {
        "PATH": os.environ["PATH"],
        "AWS_PROFILE": "work",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_SESSION_TOKEN": "real",
    }

    told = subprocess.run(
        ["bash", "-c", f'{exports(RECORD)}\n{sys.executable} -c "{TELL}"'],
        env=misled,
        text=True,
        capture_output=True,
        check=True,
    )

    assert told.stdout.split() == ["http://127.0.0.1:4567", "eu-west-1", "210987654321"]


def test_the_account_of_the_cdk_cli_and_its_cache_are_the_local_ones() -> None:
    told = variables(RECORD)

    assert told["CDK_DEFAULT_ACCOUNT"] == "210987654321"
    assert told["CDK_HOME"].startswith("/a folder/local")


@pytest.mark.parametrize(
    "url",
    [
        "https://sagemaker.us-east-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.com",
        "http://[2001:db8::1]:80",
        "",
    ],
)
def test_no_url_but_one_of_this_machine_is_deployed_to(url: str) -> None:
    elsewhere = Record(Path("/state"), url, "123456789012", "us-east-1", Process(1, 0.0))

    for refuse in (must_be_loopback, lambda _: variables(elsewhere), lambda _: Clients(elsewhere)):
        with pytest.raises(ValueError, match="not on this machine"):
            refuse(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://localhost:1", "http://[::1]:1"])
def test_addresses_of_this_machine_are_taken(url: str) -> None:
    must_be_loopback(url)
