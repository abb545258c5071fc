"""What is asked of a model, what came back, and what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.config.modes import Effort
from bot.llm.prompts import Prompt
from bot.values import Frozen

# A `trial` is no part of the desk's work: it is in no ledger.
Purpose = Literal["triage", "repair", "answer", "summary", "part", "article", "verify", "trial"]


class Citation(Frozen):
    """A passage that a sentence of the answer rests on."""

    source: str
    title: str
    text: str


class Call(Frozen):
    """A model call as the ledger keeps it. Tokens by class, cost in nano-dollars, latency in ms."""

    purpose: Purpose
    model: str
    prompt_version: str
    status: str
    stop_reason: str | None = None
    request_id: str | None = None
    attempts: int = 1
    latency_ms: int
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    nano_dollars: int = 0
    on_sonnet: int = 0
    on_opus: int = 0
    price_version: str
    batch: bool = False
    called_at: datetime


class ToolUse(Frozen):
    """A question that the model wants put to a tool; `id` is the API's name for it."""

    id: str
    name: str
    input: dict[str, Any]


class Completion(Frozen):
    """What came back: text (joined from all text blocks), citations, and how it ended.

    `wanted` are the tools that the model wants used; then `blocks` is all it said, as the API wants
    it back with what the tools answered.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    wanted: tuple[ToolUse, ...] = ()
    blocks: tuple[dict[str, Any], ...] = ()
    call: Call

    @property
    def usable(self) -> bool:
        """Whether the model finished and said something."""
        return self.call.stop_reason == "end_turn" and bool(self.text.strip())


class ModelUnknown(Exception):
    """A model cannot be looked up; the sentence says why."""


class ModelUnreachable(ModelUnknown):
    """The API could not be asked now; nothing says that anything has to be put right."""


class ModelUnavailable(Exception):
    """No reply within the deadline, or one that is no reply. `call` is its line in the ledger."""

    def __init__(self, reason: str, call: Call) -> None:
        super().__init__(reason)
        self.reason = reason
        self.call = call


@dataclass(frozen=True)
class ToolOffer:
    """A tool as the model sees it; `schema` is of its arguments."""

    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """One request to a model. Times are seconds: of an attempt, and of all attempts together.

    `effort` has to stay the same for all questions of a kind: another one empties the prompt cache.
    `turns` are what was said since `content`: the model's own blocks and what its tools answered,
    by turns. With `settle` no tool may be used any more.
    """

    purpose: Purpose
    model: str
    prompt: Prompt
    content: str | Sequence[dict[str, Any]]
    max_tokens: int
    timeout: float
    deadline: float
    schema: dict[str, Any] | None = None
    user: str = ""
    effort: Effort | None = None
    tools: Sequence[ToolOffer] = ()
    turns: Sequence[Sequence[dict[str, Any]]] = ()
    settle: bool = False
