"""Ask deployed endpoints: look for what helps with a question, and have a language model answer it.

    python examples/client/ask.py search chat "How do I reset my password?"

``search`` is an endpoint with embeddings and a cross-encoder, as examples/search_models deploys it;
``chat`` one with any language model. Which engines they are, their images tell.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sagemaker_model.runtime import Endpoint, EndpointError

PASSAGES = [
    "Passwords are reset on the page Account, under Security; a link comes by mail.",
    "Invoices are sent on the first of the month.",
    "The office is closed between Christmas and New Year.",
]
NEAREST = 2
ARGUMENTS = 4


def main(search_name: str, chat_name: str, question: str) -> None:
    """Answer a question by the passages that fit it best, while the answer is written."""
    search, chat = Endpoint(search_name), Endpoint(chat_name)
    near = nearest(search, question, PASSAGES)
    best = search.rerank(question, near)[0].text
    messages = [
        {"role": "system", "content": f"Answer by this passage alone: {best}"},
        {"role": "user", "content": question},
    ]
    with chat.chat_stream(messages, max_new_tokens=256, temperature=0.2) as stream:
        for event in stream:
            print(event.text, end="", flush=True)
    print()


def nearest(search: Endpoint, question: str, passages: Sequence[str]) -> list[str]:
    """Return the passages whose vectors are nearest to the question's."""
    asked, *vectors = search.embed([question, *passages])
    likeness = [sum(a * b for a, b in zip(asked, v, strict=True)) for v in vectors]
    order = sorted(range(len(passages)), key=lambda index: -likeness[index])
    return [passages[index] for index in order[:NEAREST]]


if __name__ == "__main__":
    if len(sys.argv) != ARGUMENTS:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except EndpointError as error:
        sys.exit(f"error: {error}")
