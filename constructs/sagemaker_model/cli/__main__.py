"""``python -m sagemaker_model.cli``: the command ``sagemaker-model``."""

from sagemaker_model.cli import main

main()
