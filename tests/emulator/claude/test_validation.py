"""What the 2026-10-21 API rejects, with the status and type a client sees."""

from typing import Any

import pytest
from anthropic import (
    AsyncAnthropic,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
)

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    FLAG,
    HAIKU,
    OPUS,
    PASSAGES,
    SONNET,
    TEXT,
    WORDS,
    ask,
    maybe,
    record,
)

TOOLS = [{"name": "look_up", "input_schema": {"type": "object"}}]
MARK = {"type": "ephemeral"}
AGAIN = {"$ref": "#/$defs/a"}
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

BAD_SCHEMAS: dict[str, Any] = {
    "open object": {"type": "object", "properties": {}},
    "open nested object": record(a={"type": "object", "properties": {}}),
    "open object in anyOf": record(a=maybe({"type": "object"})),
    "minimum": record(a={"type": "number", "minimum": 0}),
    "maximum": record(a={"type": "integer", "maximum": 9}),
    "multipleOf": record(a={"type": "integer", "multipleOf": 2}),
    "minLength": record(a=TEXT | {"minLength": 1}),
    "maxLength": record(a=TEXT | {"maxLength": 9}),
    "maxItems": record(a=WORDS | {"maxItems": 3}),
    "minItems 2": record(a=WORDS | {"minItems": 2}),
    "oneOf": record(a={"oneOf": [TEXT, FLAG]}),
    "external $ref": record(a={"$ref": "https://example.com/schema"}),
    "dangling $ref": record(a={"$ref": "#/$defs/gone"}),
    "allOf with $ref": record(a={"allOf": [{"$ref": "#/$defs/b"}]}) | {"$defs": {"b": TEXT}},
    "recursion": record(a=AGAIN) | {"$defs": {"a": record(a=AGAIN)}},
    "lookahead": record(a=TEXT | {"pattern": "(?=x)x"}),
    "unknown format": record(a=TEXT | {"format": "iban"}),
    "complex enum": record(a={"enum": [{"x": 1}]}),
    "25 optional": record(**{f"p{n}": TEXT for n in range(25)}) | {"required": []},
    "17 unions": record(**{f"p{n}": maybe(TEXT) for n in range(17)}),
    "no schema": None,
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


@pytest.mark.parametrize("schema", BAD_SCHEMAS.values(), ids=list(BAD_SCHEMAS))
async def test_schemas_outside_the_subset_are_a_400(client: AsyncAnthropic, schema: object) -> None:
    """The message names the place."""
    with pytest.raises(BadRequestError, match=r"output_config\.format\.schema"):
        await ask(client, **wanting(schema))


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


async def test_an_unknown_model_is_a_404(client: AsyncAnthropic) -> None:
    """With type not_found_error."""
    with pytest.raises(NotFoundError) as refused:
        await ask(client, model="claude-nonsense-9")

    assert refused.value.type == "not_found_error"


async def test_missing_max_tokens_is_named(client: AsyncAnthropic) -> None:
    """The error says which field."""
    with pytest.raises(BadRequestError, match="max_tokens: Field required"):
        await client.post(
            "/v1/messages",
            cast_to=object,
            body={"model": HAIKU, "messages": [{"role": "user", "content": "hi"}]},
        )


async def test_a_wrong_key_is_a_401(claude: ClaudeEmulator) -> None:
    """And the error type is authentication_error."""
    async with AsyncAnthropic(base_url=claude.url, api_key="wrong") as stranger:
        with pytest.raises(AuthenticationError) as refused:
            await ask(stranger)

    assert refused.value.type == "authentication_error"


async def test_a_gateway_key_in_x_api_key_is_accepted(claude: ClaudeEmulator) -> None:
    """Either header opens the door."""
    headers = {"x-api-key": claude.api_key}
    async with AsyncAnthropic(base_url=claude.url, api_key="x", default_headers=headers) as client:
        assert (await ask(client)).stop_reason == "end_turn"


async def test_the_old_api_version_still_takes_sampling_parameters(client: AsyncAnthropic) -> None:
    """A client pinned to 2023-06-01 keeps them."""
    reply = await ask(
        client,
        extra_headers={"anthropic-version": "2023-06-01"},
        extra_body={"temperature": 0.5},
    )

    assert reply.stop_reason == "end_turn"


async def test_an_unknown_api_version_is_a_400(client: AsyncAnthropic) -> None:
    """As is a missing one."""
    with pytest.raises(BadRequestError, match="anthropic-version"):
        await ask(client, extra_headers={"anthropic-version": "1999-01-01"})


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


async def test_models_are_listed_newest_first_in_pages(client: AsyncAnthropic) -> None:
    """Paging by cursor loses none and doubles none."""
    paged = [model.id async for model in client.models.list(limit=2)]
    whole = (await client.models.list(limit=100)).data

    assert paged == [model.id for model in whole]
    assert [m.created_at for m in whole] == sorted((m.created_at for m in whole), reverse=True)


async def test_a_model_tells_its_lifecycle_and_capabilities(client: AsyncAnthropic) -> None:
    """Aliases work; unknown ids are a 404."""
    old = await client.models.retrieve("claude-sonnet-4-5")
    haiku = await client.models.retrieve(HAIKU)

    assert (old.lifecycle, old.retires_at and old.retires_at.date().isoformat()) == (
        "deprecated",
        "2026-11-30",
    )
    assert haiku.capabilities is not None
    assert haiku.capabilities.thinking.types.disabled.supported
    assert not haiku.capabilities.thinking.types.enabled.supported
    with pytest.raises(NotFoundError):
        await client.models.retrieve("claude-nonsense-9")


async def test_a_model_can_be_retired_by_a_test(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """A retired model is listed but not served; each emulator has its own table."""
    claude.models[HAIKU].lifecycle = "retired"

    with pytest.raises(NotFoundError):
        await ask(client)

    assert (await client.models.retrieve(HAIKU)).lifecycle == "retired"
