"""A fake AWS for verbs that ask an endpoint."""

from runtime.conftest import aws as aws  # noqa: PLC0414 - a fixture, for the tests here too
