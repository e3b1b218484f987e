"""What the model, its code and its options lack."""

from __future__ import annotations

from sagemaker_model.why.cause import Cause, words

MODEL_CAUSES = (
    Cause(
        id="remote-code",
        title="The model brings code of its own, which must be allowed to run.",
        words=words(
            r"requires you to execute the \S+ file in that repo",
            r"contains custom code which must be executed",
            r"(set the option|consider setting|pass(ing)? the argument) `trust_remote_code=True`",
        ),
        fix="read the code, pin revision=, and give ServingOptions(trust_remote_code=True)",
        rules=("remote-code-needed",),
    ),
    Cause(
        id="limits-contradict",
        title="The limits of tokens contradict each other, or the model's longest context.",
        words=words(
            r"is greater than the derived max_model_len",
            r"`?max_(input_tokens|input_length|batch_prefill_tokens|total_tokens)`? must be",
        ),
        fix="give ServingOptions(max_model_len=…) at most what the model's config.json says, and "
        "no limits of your own in env= beside it",
        rules=("context-beyond-model", "environment-conflict"),
    ),
    Cause(
        id="unknown-option",
        title="The engine does not know an option, or its value.",
        words=words(
            r"unrecognized arguments?:",
            r"unexpected argument '--",
            r"extra inputs are not permitted",
            r"error: argument --\S+: invalid",
            r"error: invalid value '.{0,100}' for '--",
        ),
        fix="look at env= and the options: the image's version may name it otherwise",
        rules=("environment-unknown-flag", "environment-misspelt"),
    ),
    Cause(
        id="task-missing",
        title="The toolkit does not know what the model is for.",
        words=words(
            r"you need to define one of the following \[",
            r"task couldn't be inferenced from",
            r"Use env `HF_TASK` to define your task",
        ),
        fix='give env={"HF_TASK": …}, or a code_folder= with an inference.py',
        rules=("task-not-served",),
    ),
    Cause(
        id="requirements-fail",
        title="The packages of requirements.txt can't be installed.",
        words=words(
            r"no matching distribution found for",
            r"could not find a version that satisfies the requirement",
            r"ResolutionImpossible",
            r"has no wheel for Python",
        ),
        fix="try pip install -r requirements.txt with the image's Python, and pin what works",
        rules=("requirements-clash", "requirements-not-pinned"),
    ),
    Cause(
        id="handler-missing",
        title="The inference code, or a package that it needs, is not where the container looks.",
        words=words(
            r"ModuleNotFoundError",
            r"ImportError: cannot import name",
            r"no module named",
            r"is not implemented .{0,80}inference\.py",
        ),
        fix="lay inference.py and requirements.txt into code_folder=, and name there each package "
        "that the image lacks",
        rules=("code-without-functions",),
    ),
    Cause(
        id="files-misplaced",
        title="The model's files are not where the container looks for them.",
        words=words(
            r"does not appear to have a file named",
            r"no file named .{0,300} found in directory",
            r"can't load (the )?(config|configuration|tokenizer|model|image processor) (of|for) '/",
            r"no such file or directory: '?/opt/ml/model",
            r"invalid repository ID or local directory specified",
            r"no model artifact found",
            r"failed to extract model data archive",
        ),
        fix="lay config.json at the top of the prefix or archive, not in a folder of it; "
        "weights=Weights.staged() does",
        rules=("model-files",),
    ),
)
"""What the model, its code and its options lack."""
