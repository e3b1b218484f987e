"""The pages of an endpoint, joined: each in a tab where there are several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr

from sagemaker_model.runtime import Endpoint, PromptFormat
from sagemaker_model.web.chat import Chat
from sagemaker_model.web.chat_page import ChatPage
from sagemaker_model.web.controls import Control, controls_for
from sagemaker_model.web.embed_page import embed_page
from sagemaker_model.web.generate_page import GeneratePage
from sagemaker_model.web.notice import heading
from sagemaker_model.web.rerank_page import rerank_page
from sagemaker_model.web.task import Task
from sagemaker_model.web.writing import Writings

STYLE = Path(__file__).with_name("style.css")
_TITLES = {
    Task.CHAT: "Chat",
    Task.GENERATE: "Generate",
    Task.EMBED: "Embeddings",
    Task.RERANK: "Rerank",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages of an endpoint.

    Args:
        endpoint: Who is asked.
        prompt_format: How a chat becomes a prompt; None where the model's own template does.
        chats: Answers that are being written on the page of chats. Default: none yet.
        texts: Those on the page that continues texts. Default: none yet.
    """

    endpoint: Endpoint
    prompt_format: PromptFormat | None
    chats: Writings = field(default_factory=Writings)
    texts: Writings = field(default_factory=Writings)

    def draw(self, tasks: Sequence[Task]) -> gr.Blocks:
        """Return the pages.

        Args:
            tasks: What the endpoint may be asked, each on a page.
        """
        title = self.endpoint.protocol.title
        # Gradio tells its makers about each start unless it is told not to.
        blocks = gr.Blocks(title=self.endpoint.name, analytics_enabled=False)
        with blocks:
            heading(self.endpoint.name, title)
            if len(tasks) == 1:
                self._draw(tasks[0])
            else:
                with gr.Tabs():
                    for task in tasks:
                        with gr.Tab(_TITLES[task]):
                            self._draw(task)
            blocks.unload(self._leave)
        return blocks

    def _draw(self, task: Task) -> None:
        match task:
            case Task.CHAT:
                chat = Chat(
                    endpoint=self.endpoint, prompt_format=self.prompt_format, writings=self.chats
                )
                ChatPage(chat, self._controls(task))
            case Task.GENERATE:
                GeneratePage(self.endpoint, self.texts, self._controls(task))
            case Task.EMBED:
                embed_page(self.endpoint)
            case Task.RERANK:
                rerank_page(self.endpoint)

    def _controls(self, task: Task) -> list[Control]:
        return controls_for(task, self.endpoint.protocol, self.prompt_format)

    def _leave(self, request: gr.Request) -> None:
        """End what a page that is closed, or loaded again, asked for."""
        self.chats.stop(str(request.session_hash), unwanted=True)
        self.texts.stop(str(request.session_hash), unwanted=True)
