"""The page of an endpoint in a browser: ``pip install 'cdk-sagemaker-model[web]'``.

What a page says and does is plain Python; only the modules whose name ends in ``_page``, and those
that join and serve them, import Gradio.
"""
