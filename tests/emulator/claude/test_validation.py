"""What the 2026-10-21 API rejects, with the status and type a client sees."""

from typing import Any

import pytest
from anthropic import (
    AsyncAnthropic,
    BadRequestError,
)

from tests.emulator.claude.desk import (
    HAIKU,
    OPUS,
    PASSAGES,
    SONNET,
    TEXT,
    ask,
    record,
)

TOOLS = [{"name": "look_up", "input_schema": {"type": "object"}}]


MARK = {"type": "ephemeral"}


QUESTION = {"type": "text", "text": "Where is it?"}


def said(*content: object, role: str = "user") -> dict[str, Any]:
    """One turn."""
    return {"role": role, "content": list(content)}


def wanting(schema: object, **more: object) -> dict[str, Any]:
    """A request for JSON."""
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}, **more}}


def marked(number: int) -> dict[str, Any]:
    """A system prompt of blocks that are all cache breakpoints."""
    return {"system": [{"type": "text", "text": "x", "cache_control": MARK}] * number}


def uncited(passage: Any) -> dict[str, Any]:
    """The passage without citations."""
    return {key: value for key, value in passage.items() if key != "citations"}


REJECTED: dict[str, dict[str, Any]] = {
    "temperature": {"extra_body": {"temperature": 1.0}},
    "top_p": {"extra_body": {"top_p": 0.9}},
    "top_k": {"extra_body": {"top_k": 5}},
    "unknown field": {"extra_body": {"betas": ["x"]}},
    "unknown output_config field": {"extra_body": {"output_config": {"style": "json"}}},
    "max_tokens too large": {"max_tokens": 128_001},
    "max_tokens negative": {"max_tokens": -1},
    "no messages": {"messages": []},
    "prefill": {"messages": [said(QUESTION), said(QUESTION, role="assistant")]},
    "first turn of the assistant": {"messages": [said(QUESTION, role="assistant"), said(QUESTION)]},
    "unknown role": {"messages": [said(QUESTION, role="bot")]},
    "empty content": {"messages": [said()]},
    "blank text": {"messages": [said({"type": "text", "text": "  "})]},
    "document in an assistant turn": {
        "messages": [said(QUESTION), said({"type": "document"}, role="assistant"), said(QUESTION)]
    },
    "citations on a user's text": {"messages": [said(QUESTION | {"citations": [{"type": "x"}]})]},
    "mixed citation settings": {"messages": [said(PASSAGES[0], uncited(PASSAGES[1]), QUESTION)]},
    "citations with a JSON format": {
        "messages": [said(*PASSAGES, QUESTION)],
        **wanting(record(a=TEXT)),
    },
    "budget_tokens": {"thinking": {"type": "enabled", "budget_tokens": 2000}},
    "between_tools on Haiku": {"thinking": {"type": "between_tools"}},
    "unknown thinking type": {"thinking": {"type": "deep"}},
    "disabled on Sonnet": {"model": SONNET, "thinking": {"type": "disabled"}},
    "disabled on Opus": {"model": OPUS, "thinking": {"type": "disabled"}},
    "between_tools with another field": {
        "model": SONNET,
        "thinking": {"type": "between_tools", "display": "omitted"},
    },
    "disabled at xhigh": {"output_config": {"effort": "xhigh"}},
    "disabled at max": {"output_config": {"effort": "max"}},
    "unknown effort": {"output_config": {"effort": "extreme"}},
    "effort on Haiku 4.5": {"model": "claude-haiku-4-5", "output_config": {"effort": "low"}},
    "forced tool on Sonnet": {
        "model": SONNET,
        "thinking": None,
        "tools": TOOLS,
        "tool_choice": {"type": "any"},
    },
    "forced tool on Opus": {
        "model": OPUS,
        "thinking": None,
        "tools": TOOLS,
        "tool_choice": {"type": "tool", "name": "look_up"},
    },
    "forced tool that is not there": {
        "tools": TOOLS,
        "tool_choice": {"type": "tool", "name": "fly"},
    },
    "five breakpoints": marked(5),
    "four breakpoints and an automatic one": marked(4) | {"cache_control": MARK},
    "1h after 5m": {
        "system": [
            {"type": "text", "text": "x", "cache_control": MARK},
            {"type": "text", "text": "y", "cache_control": MARK | {"ttl": "1h"}},
        ]
    },
    "an e-mail address as user_id": {"metadata": {"user_id": "an@example.com"}},
    "a phone number as user_id": {"metadata": {"user_id": "+84 912 345 678"}},
    "warm-up with a JSON format": {"max_tokens": 0, **wanting(record(a=TEXT))},
    "warm-up with a stream": {"max_tokens": 0, "extra_body": {"stream": True}},
    "a thinking string": {"extra_body": {"thinking": "yes"}},
}


@pytest.mark.parametrize("changes", REJECTED.values(), ids=list(REJECTED))
async def test_what_the_api_rejects_is_a_400(
    client: AsyncAnthropic, changes: dict[str, Any]
) -> None:
    """Each with type invalid_request_error and a request id."""
    with pytest.raises(BadRequestError) as refused:
        await ask(client, **changes)

    assert refused.value.type == "invalid_request_error"
    assert (refused.value.request_id or "").startswith("req_")


@pytest.mark.parametrize(
    "changes",
    [
        {"output_config": {"effort": "high"}},
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        {"model": SONNET, "thinking": {"type": "between_tools"}},
        {"model": "claude-sonnet-4-6", "thinking": {"type": "enabled", "budget_tokens": 1024}}
        | {"max_tokens": 2000},
        {"tools": TOOLS, "tool_choice": {"type": "any"}},
        {"tools": TOOLS, "tool_choice": {"type": "auto"}, "model": SONNET, "thinking": None},
        {"messages": [said(*PASSAGES, QUESTION)]},
        {"messages": [said(uncited(PASSAGES[0]), QUESTION)], **wanting(record(a=TEXT))},
        {"messages": [said(QUESTION), said(QUESTION, role="assistant"), said(QUESTION)]},
        {"metadata": {"user_id": "b3f1c0ffee"}},
        {"max_tokens": 0},
        marked(4),
    ],
)
async def test_what_the_api_takes_is_answered(
    client: AsyncAnthropic, changes: dict[str, Any]
) -> None:
    """The permitted twin of each rejection."""
    assert (await ask(client, **changes)).stop_reason in ("end_turn", "tool_use", "max_tokens")


async def test_missing_max_tokens_is_named(client: AsyncAnthropic) -> None:
    """The error says which field."""
    with pytest.raises(BadRequestError, match="max_tokens: Field required"):
        await client.post(
            "/v1/messages",
            cast_to=object,
            body={"model": HAIKU, "messages": [{"role": "user", "content": "hi"}]},
        )


async def test_count_tokens_validates_and_ignores_the_cache(client: AsyncAnthropic) -> None:
    """The count equals the input a message is billed for."""
    counted = await client.messages.count_tokens(
        model=HAIKU,
        thinking={"type": "disabled"},
        messages=[{"role": "user", "content": "How long does delivery take?"}],
    )

    assert counted.input_tokens == (await ask(client)).usage.input_tokens
    with pytest.raises(BadRequestError):
        await client.messages.count_tokens(model=HAIKU, messages=[])
