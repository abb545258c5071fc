"""What a model call was, as the ledger keeps it: its reply read, its tokens counted and priced."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import structlog

from bot import metrics
from bot.llm.calls import Call, Completion, Question
from bot.llm.models import FAMILIES
from bot.llm.pricing import Catalogue, Tokens
from bot.llm.replies import reply_blocks, reply_citations, reply_text, reply_uses
from bot.llm.token_usage import UNKNOWN, at_least, used

# Tokens, on the safe side, that the API adds to a request for its format and turns.
ADDED = 2_000
# How a reply ends that came as it should.
ENDED = ("end_turn", "tool_use")

log = structlog.get_logger("claude")


class Meter:
    """Reads replies of the SDK's, whole or broken off, and prices what they used."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def completion(
        self,
        question: Question,
        reply: Any,
        latency_ms: int,
        *,
        attempts: int = 1,
        request_id: str | None = None,
        batch: bool = False,
    ) -> Completion:
        """What a reply says and what it cost; `batch` for the price of one in a message batch."""
        text = reply_text(reply)
        usage = getattr(reply, "usage", None)
        asked = len(question.prompt.text) + len(str(question.content))
        tokens, known = used(usage, text, asked)
        if not known:
            log.warning("usage unknown", purpose=question.purpose, said=str(usage)[:200])
        call = self.call(
            question,
            latency_ms,
            "ok" if reply.stop_reason in ENDED else str(reply.stop_reason),
            tokens,
            known=known,
            batch=batch,
            stop_reason=reply.stop_reason,
            # A reply that came in a batch has no request of its own.
            request_id=request_id or getattr(reply, "_request_id", None),
            attempts=attempts,
        )
        wanted = reply_uses(reply)
        return Completion(
            text=text,
            citations=reply_citations(reply),
            wanted=wanted,
            blocks=reply_blocks(reply) if wanted else (),
            call=call,
        )

    def broken_off(
        self, question: Question, reply: Any, latency_ms: int, status: str, **facts: Any
    ) -> Completion:
        """A reply as far as it came, None when nothing did; it costs what had been used by then."""
        if reply is None:
            return Completion(text="", call=self.call(question, latency_ms, status, **facts))
        text = reply_text(reply)
        counted, _known = used(getattr(reply, "usage", None), text, 0)
        call = self.call(question, latency_ms, status, at_least(counted, text), **facts)
        return Completion(text=text, call=call)

    def call(
        self,
        question: Question,
        latency_ms: int,
        status: str,
        tokens: Tokens | None = None,
        *,
        batch: bool = False,
        known: bool = True,
        **facts: Any,
    ) -> Call:
        """The line of a call in the ledger; without `tokens` it used none."""
        now, tokens = datetime.now(UTC), tokens or Tokens()
        cost = self._catalogue.cost(question.model, tokens, now, batch=batch)
        metrics.model_answered(
            question.model,
            question.purpose,
            status,
            latency_ms / 1000,
            asdict(tokens),
            cost.nano_dollars,
        )
        return Call(
            purpose=question.purpose,
            model=question.model,
            prompt_version=question.prompt.version,
            status=status,
            latency_ms=latency_ms,
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cache_write_5m_tokens=tokens.cache_write_5m,
            cache_write_1h_tokens=tokens.cache_write_1h,
            cache_read_tokens=tokens.cache_read,
            nano_dollars=cost.nano_dollars,
            on_sonnet=self._catalogue.counterfactual(tokens, FAMILIES["sonnet"], now).nano_dollars,
            on_opus=self._catalogue.counterfactual(tokens, FAMILIES["opus"], now).nano_dollars,
            price_version=cost.price_version if known else UNKNOWN,
            batch=batch,
            called_at=now,
            **facts,
        )

    def most(self, question: Question, *, batch: bool = False) -> int:
        """Nano-dollars that one attempt cannot exceed: a token a byte, all of it written to cache.

        A token stands for at least one byte, so the true count is a good deal lower.
        """
        parts = (
            *(question.prompt.text, json.dumps(question.schema), json.dumps(question.content)),
            *(json.dumps(each) for each in question.turns),
            *(f"{each.about}{json.dumps(each.schema)}" for each in question.tools),
        )
        size = ADDED + sum(len(part.encode()) for part in parts)
        tokens = Tokens(cache_write_1h=size, output=question.max_tokens)
        now = datetime.now(UTC)
        return self._catalogue.cost(question.model, tokens, now, batch=batch).nano_dollars
