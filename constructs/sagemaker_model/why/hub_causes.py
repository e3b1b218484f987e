"""What goes wrong between the container, or the build, and the Hub."""

from __future__ import annotations

from sagemaker_model.why.cause import Cause, words

HUB_CAUSES = (
    Cause(
        id="gated-model",
        title="The model is gated: whoever asked may not have it.",
        words=words(
            r"GatedRepo",
            r"(cannot access|trying to access a) gated repo",
            r"access to model \S+ is restricted",
            r"needs a token: accept its licence",
            r"HF_TOKEN may not read",
        ),
        fix="accept the model's terms on its page on the Hub, and give hf_token= a secret with a "
        "token of that account",
        rules=("gated-without-token",),
    ),
    Cause(
        id="model-not-found",
        title="There is no such model or revision on the Hub, or it is private.",
        words=words(
            r"Repository ?Not ?Found",
            r"Revision ?Not ?Found",
            r"EntryNotFoundError: 404",
            r"is not a local folder and is not a valid model identifier",
            r"is not there, or private: check the name",
            r"there is no model '\S+' at http",
            r"has no revision '",
        ),
        fix="look up model_id= and revision= on the Hub; for a private model, give hf_token=",
    ),
    Cause(
        id="no-way-to-the-hub",
        title="The container asks the Hub or a package index, to which it has no way.",
        words=words(
            r"network is unreachable",
            r"name or service not known",
            r"temporary failure in name resolution",
            r"failed to (resolve|establish a new connection)",
            r"couldn't connect to 'https://huggingface\.co'",
            r"LocalEntryNotFound",
            r"OfflineModeIsEnabled",
            r"connection to huggingface\.co timed out",
        ),
        fix="give weights=Weights.staged(), which needs no network at run time, or subnets with a "
        "way out",
        rules=("hub-without-network", "requirements-need-network"),
    ),
    Cause(
        id="hub-refuses",
        title="The Hub refuses the request: the token is wrong, or may not read the model.",
        words=words(r"40[13] Client Error", r"invalid (user token|username or password)"),
        fix="give hf_token= a secret with a token that may read the model, without quotes around "
        "it: sagemaker-model token set",
        vague=True,
    ),
)
"""What goes wrong between the container, or the build, and the Hub."""
