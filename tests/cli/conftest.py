"""A fake AWS and a fake container for verbs that ask one."""

from runtime.conftest import aws as aws  # noqa: PLC0414 - a fixture, for the tests here too
from runtime.conftest import container as container  # noqa: PLC0414
