"""The client of a deployed endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Unpack

from sagemaker_model.runtime.answer.generated import read_generation
from sagemaker_model.runtime.answer.ranking import Ranked, read_ranking
from sagemaker_model.runtime.answer.vectors import read_vectors
from sagemaker_model.runtime.aws_failure import told_as_endpoint_errors
from sagemaker_model.runtime.deployed_engine import deployed_engine
from sagemaker_model.runtime.generation import Generation
from sagemaker_model.runtime.parameters import (
    EMBEDDING,
    GENERATION,
    RANKING,
    EmbedParameters,
    Parameters,
    RerankParameters,
    checked,
    with_extra,
)
from sagemaker_model.runtime.prompt_format import (
    Message,
    PromptFormat,
    PromptFormatter,
    as_messages,
)
from sagemaker_model.runtime.protocol.protocol import Body, Protocol
from sagemaker_model.runtime.protocol.protocols import engine_name, find_protocol
from sagemaker_model.runtime.raw_endpoint import TIMEOUT, RawEndpoint
from sagemaker_model.runtime.stream import GenerationStream


class Endpoint(RawEndpoint):
    """A deployed endpoint, asked in the same words whatever engine serves it.

    Threads may share it. Nothing is asked of AWS before the first request. The image of the
    endpoint's model tells which engine it is, for which the caller must be allowed
    ``DescribeEndpoint``, ``DescribeEndpointConfig`` and ``DescribeModel``; with *engine* it needs
    no such right.

    Args:
        name: Name of the endpoint.
        engine: Name of the engine or of its image family, such as ``"vllm"``. Default: the
            endpoint's image tells.
        inference_component: Which of the endpoint's models is asked. Default: the endpoint serves
            one.
        region: The Region. Default: that of *client* or *session*.
        session: A session of boto3, for credentials of its own. Default: boto3's own.
        client: A ``sagemaker-runtime`` client to ask with, whatever its time-outs and retries are.
            Default: one is made that waits for *timeout* and asks *max_attempts* times.
        timeout: How long an answer, or the next part of a stream, may take, in seconds. Default:
            70, as "InvokeEndpoint" advises where models answer within SageMaker's 60.
        max_attempts: How often a request is sent at most; after a time-out a model may do its work
            twice. Default: 1, so that no answer is paid for twice unseen.

    Raises:
        ValueError: *engine* is not known, *timeout* is not above 0 or *max_attempts* below 1.
    """

    def __init__(
        self,
        name: str,
        *,
        engine: str | None = None,
        inference_component: str | None = None,
        region: str | None = None,
        session: Any = None,
        client: Any = None,
        timeout: float = TIMEOUT,
        max_attempts: int = 1,
    ) -> None:
        super().__init__(
            name,
            inference_component=inference_component,
            region=region,
            session=session,
            client=client,
            timeout=timeout,
            max_attempts=max_attempts,
        )
        self._given_engine = None if engine is None else engine_name(engine)

    def generate(self, prompt: str, **parameters: Unpack[Parameters]) -> Generation:
        """Continue a text.

        Args:
            prompt: The text.
            **parameters: How to; see :class:`Parameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: A value can't be right, or the engine can't do this.
        """
        body = self.protocol.generate(prompt, checked(parameters, GENERATION))
        return read_generation(self._ask(with_extra(body, parameters)))

    def generate_stream(self, prompt: str, **parameters: Unpack[Parameters]) -> GenerationStream:
        """Continue a text, and return it while it is written.

        Args:
            prompt: The text.
            **parameters: How to; see :class:`Parameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: A value can't be right, or the engine can't do this.
        """
        body = self.protocol.generate(prompt, checked(parameters, GENERATION), stream=True)
        return self._stream(with_extra(body, parameters))

    def chat(
        self,
        messages: str | Sequence[Message],
        *,
        prompt_format: PromptFormatter | None = None,
        **parameters: Unpack[Parameters],
    ) -> Generation:
        """Answer a chat.

        Args:
            messages: The messages so far, as ``{"role": "user", "content": "…"}``, or one text.
            prompt_format: How to write the chat as one prompt, for a model without a chat template.
                Default: the model's own template does.
            **parameters: How to; see :class:`Parameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: A value can't be right, or the engine can't do this.
        """
        body = self._chat(messages, prompt_format, checked(parameters, GENERATION), stream=False)
        return read_generation(self._ask(with_extra(body, parameters)))

    def chat_stream(
        self,
        messages: str | Sequence[Message],
        *,
        prompt_format: PromptFormatter | None = None,
        **parameters: Unpack[Parameters],
    ) -> GenerationStream:
        """Answer a chat, and return the answer while it is written.

        Args:
            messages: The messages so far, as ``{"role": "user", "content": "…"}``, or one text.
            prompt_format: How to write the chat as one prompt, for a model without a chat template.
                Default: the model's own template does.
            **parameters: How to; see :class:`Parameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: A value can't be right, or the engine can't do this.
        """
        body = self._chat(messages, prompt_format, checked(parameters, GENERATION), stream=True)
        return self._stream(with_extra(body, parameters))

    def embed(
        self, texts: str | Sequence[str], **parameters: Unpack[EmbedParameters]
    ) -> list[list[float]]:
        """Return a vector for each text, in their order.

        Args:
            texts: The texts, or one.
            **parameters: How to; see :class:`EmbedParameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: There is no text, a value can't be right, or the engine can't do this.
        """
        meant = _texts(texts)
        body = self.protocol.embed(meant, checked(parameters, EMBEDDING))
        return read_vectors(self._ask(with_extra(body, parameters)), len(meant))

    def rerank(
        self, query: str, texts: Sequence[str], **parameters: Unpack[RerankParameters]
    ) -> list[Ranked]:
        """Score how well texts answer a query, and return them, the best one first.

        Args:
            query: The query.
            texts: The texts.
            **parameters: How to; see :class:`RerankParameters`.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: A parameter is not known.
            ValueError: There is no text, a value can't be right, or the engine can't do this.
        """
        meant = _texts(texts)
        body = self.protocol.rerank(query, meant, checked(parameters, RANKING))
        return read_ranking(self._ask(with_extra(body, parameters)), meant)

    @cached_property
    def engine(self) -> str:
        """Name of the endpoint's engine.

        Raises:
            EndpointError: AWS does not tell which engine it is.
            ValueError: The endpoint's image is none that this library knows.
        """
        return self._given_engine or engine_name(self._find_engine())

    @property
    def protocol(self) -> Protocol:
        """How the endpoint's engine is asked.

        Raises:
            EndpointError: AWS does not tell which engine it is.
            ValueError: The endpoint's image is none that this library knows.
        """
        return find_protocol(self.engine)

    def _find_engine(self) -> str:
        with told_as_endpoint_errors(self._timeout):
            sagemaker = self._client("sagemaker")
            return deployed_engine(sagemaker, self.name, self.inference_component)

    def _chat(
        self,
        messages: str | Sequence[Message],
        prompt_format: PromptFormatter | None,
        values: dict[str, Any],
        *,
        stream: bool,
    ) -> Body:
        meant = as_messages(messages)
        if prompt_format is None:
            return self.protocol.chat(meant, values, stream=stream)
        if isinstance(prompt_format, PromptFormat):
            stop = dict.fromkeys([*values.get("stop", ()), *prompt_format.stop])
            values = {**values, "stop": [*stop]} if stop else values
        return self.protocol.generate(prompt_format(meant), values, stream=stream)

    def _ask(self, body: Body) -> Any:
        return self.invoke(body).json()

    def _stream(self, body: Body) -> GenerationStream:
        if not self.protocol.streams:
            # A stream of one piece gains nothing, and serverless endpoints have no streams.
            return GenerationStream(iter([self.invoke(body).body]))
        return GenerationStream(self.invoke_stream(body))


def _texts(texts: str | Sequence[str]) -> list[str]:
    meant = [texts] if isinstance(texts, str) else [*texts]
    if not meant or not all(isinstance(text, str) for text in meant):
        raise ValueError(f"give one text or several, got {texts!r}")
    return meant
