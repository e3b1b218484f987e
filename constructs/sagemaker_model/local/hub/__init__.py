"""A Hugging Face Hub on this machine: standard library only, so that any interpreter runs it.

``python -m sagemaker_model.local.hub ROOT`` serves the models below a folder; an environment
without the library runs ``python -m hub ROOT`` with this folder's parent in ``PYTHONPATH``.
"""
