"""``token``: the token of the Hugging Face Hub, in a secret that only builds read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.console import AsJson, err, out, print_json, told_plainly
from sagemaker_model.cli.terminal import is_terminal
from sagemaker_model.staging.token_form import is_hub_token
from sagemaker_model.staging.token_secret import TOKEN_SECRET, store_token

token = typer.Typer(
    help="Keep the token of the Hugging Face Hub in a secret.", no_args_is_help=True
)

_INPUT = "-"
_VARIABLE = "HF_TOKEN"
_SECRET = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}|arn:\S+:secret:\S+")


def set_token(
    secret: Annotated[str, typer.Argument(help="Name of the secret, or its ARN.")] = TOKEN_SECRET,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="-",
            help="- reads the token from the input. Default: a pipe's, else HF_TOKEN, else asked.",
            show_default=False,
        ),
    ] = None,
    *,
    kms_key: Annotated[
        str | None, typer.Option(help="Key that encrypts it: id, ARN or alias. Default: AWS's own.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Tag of the secret: key=value.")] = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="See that it is a token, and ask the Hub.")
    ] = True,
    as_json: AsJson = False,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Store a Hub token in Secrets Manager, and print the line that the construct wants.

    The token is never an argument and never shown. It must lie in the Region of the model.

    For example:

        sagemaker-model token set

        sagemaker-model token set teams/search/hub --region eu-west-1 --tag team=search

        pass show hugging-face | sagemaker-model token set hugging-face-token -
    """
    _check_secret(secret)
    tags = dict(map(_tag, tag or ()))
    given = _read(source)
    user = _check(given) if check else None
    aws = choose_aws(local=local, region=region, profile=profile)
    stored = store_token(aws, secret, given, kms_key=kms_key, tags=tags)
    if as_json:
        told = {"secret": secret, "arn": stored.arn, "created": stored.created, "account": user}
        print_json({**told, "line": _line(secret)})
        return
    what = "is in the new secret" if stored.created else "is the new value of"
    err.print(f"the token {what} {stored.arn}", markup=False)
    out.print(_line(secret), markup=False)


token.command("set")(told_plainly(set_token))


def _line(secret: str) -> str:
    return f'hf_token="{secret}"'


def _check_secret(secret: str) -> None:
    """Refuse what is no secret's name; a token is not repeated."""
    if is_hub_token(secret):
        raise ValueError(
            "a token was given where the secret's name belongs, and your shell may have kept it: "
            "make another token, and give it at the prompt, by a pipe or as HF_TOKEN"
        )
    if not _SECRET.fullmatch(secret):
        raise ValueError(
            f"secret must be 1 to 512 letters, digits and /_+=.@-, or an ARN, got {secret!r}"
        )


def _tag(given: str) -> tuple[str, str]:
    key, equals, value = given.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"--tag must be key=value, got {given!r}")
    return key, value


def _read(source: str | None) -> str:
    """Return the token that somebody gives."""
    if source not in {None, _INPUT}:
        # What it is, is not said: it may be the token.
        raise typer.BadParameter("the token is no argument; give - and pipe it in")
    found = next(filter(None, map(str.strip, _sources(only_input=source == _INPUT))), None)
    if found is None:
        raise ValueError("no token is given; type it at the prompt, pipe it in, or set HF_TOKEN")
    return found


def _sources(*, only_input: bool) -> Iterator[str]:
    yield sys.stdin.read() if only_input else _input()
    if only_input:
        return
    yield os.environ.get(_VARIABLE, "")
    if is_terminal():
        prompt = "Token of the Hugging Face Hub (not shown)"
        yield str(typer.prompt(prompt, hide_input=True, err=True))


def _input() -> str:
    """Return what is piped in; nothing where somebody types."""
    return "" if sys.stdin.isatty() else sys.stdin.read()


def _check(given: str) -> str | None:
    """Return whose token it is; None where the Hub can't be asked."""
    if not is_hub_token(given):
        raise ValueError(
            "what was given is no token of the Hub: one begins with hf_ and has at least 20 "
            "letters and digits more; --no-check stores it all the same"
        )
    from sagemaker_model.hub.errors import HubError, UnauthorizedError
    from sagemaker_model.hub.whoami import whoami

    try:
        user = whoami(given)
    except UnauthorizedError:
        raise
    except HubError as error:
        err.print(f"not checked whose token it is: {error}", style="yellow", markup=False)
        return None
    err.print(f"it is a token of {user}", markup=False)
    return user
