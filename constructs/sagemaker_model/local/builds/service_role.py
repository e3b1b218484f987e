"""AWS as the service role of a project may use it.

Source of who reads what with which action: "Allow CodeBuild to interact with other AWS services",
https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .variables import SecretReference, Vault

_PARAMETERS_AT_ONCE = 10


class ServiceRole(Vault, Protocol):
    """What a build does as its role; all of it may be refused with a ``ClientError``."""

    def environment(self) -> Mapping[str, str]:
        """Return the variables with which commands act as the role."""
        ...

    def download(self, bucket: str, key: str, version: str | None, file: Path) -> None:
        """Bring an object of S3 to a file.

        Args:
            bucket: Its bucket.
            key: Its key.
            version: Version of the object; None is the newest.
            file: Where it is put.
        """
        ...

    def open_log(self, group: str, stream: str) -> Callable[[Sequence[str]], None]:
        """Make a log stream; return what appends lines to it.

        Args:
            group: Name of the log group.
            stream: Name of the stream.
        """
        ...


class AssumedRole:
    """The service role on the emulator.

    Args:
        environment: Variables with its credentials, Region and the emulator's address.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def environment(self) -> Mapping[str, str]:
        """Return the variables with which commands act as the role."""
        return self._environment

    def download(self, bucket: str, key: str, version: str | None, file: Path) -> None:
        """Bring an object of S3 to a file with ``s3:GetObject`` alone.

        Args:
            bucket: Its bucket.
            key: Its key.
            version: Version of the object. Default, with None: the newest.
            file: Where it is put.

        Raises:
            ClientError: It isn't there, or the role may not read it.
        """
        told = {"VersionId": version} if version else {}
        body = self._client("s3").get_object(Bucket=bucket, Key=key, **told)["Body"]
        with file.open("wb") as out:
            for chunk in body.iter_chunks(1 << 20):
                out.write(chunk)

    def secret(self, reference: SecretReference) -> str:
        """Return the text of a secret.

        Args:
            reference: What is wanted of it.

        Raises:
            ClientError: It isn't there, or the role may not read it.
        """
        told = {"VersionStage": reference.stage, "VersionId": reference.version}
        wanted = {name: value for name, value in told.items() if value}
        client = self._client("secretsmanager")
        return str(client.get_secret_value(SecretId=reference.secret, **wanted)["SecretString"])

    def parameters(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return the values of those parameters that there are, by name.

        Args:
            names: The parameters' names.

        Raises:
            ClientError: The role may not read one.
        """
        wanted = list(names)
        found = {}
        for start in range(0, len(wanted), _PARAMETERS_AT_ONCE):
            some = wanted[start : start + _PARAMETERS_AT_ONCE]
            answer = self._client("ssm").get_parameters(Names=some, WithDecryption=True)
            found.update({each["Name"]: each["Value"] for each in answer["Parameters"]})
        return found

    def open_log(self, group: str, stream: str) -> Callable[[Sequence[str]], None]:
        """Make a log stream, and its group where it isn't there; return what appends lines to it.

        Args:
            group: Name of the log group.
            stream: Name of the stream.

        Raises:
            ClientError: The role may not make them.
        """
        names = {"logGroupName": group, "logStreamName": stream}
        try:
            self._logs.create_log_stream(**names)
        except self._logs.exceptions.ResourceNotFoundException:
            self._logs.create_log_group(logGroupName=group)
            self._logs.create_log_stream(**names)
        return lambda lines: self._append(names, lines)

    def _append(self, names: Mapping[str, str], lines: Sequence[str]) -> None:
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines]
        self._logs.put_log_events(**names, logEvents=events)

    @cached_property
    def _logs(self) -> Any:
        return self._client("logs")

    def _client(self, service: str) -> Any:
        told = self._environment
        session: Any = boto3.Session(
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=told["AWS_SESSION_TOKEN"],
            region_name=told["AWS_REGION"],
        )
        return session.client(
            service,
            endpoint_url=told["AWS_ENDPOINT_URL"],
            verify=told.get("AWS_CA_BUNDLE"),
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )


def told_by(error: ClientError) -> str:
    """Return what AWS said, as CodeBuild repeats it.

    Args:
        error: What was answered.
    """
    told = error.response.get("Error", {})
    return f"{told.get('Code', 'Error')}: {told.get('Message', error)}"
