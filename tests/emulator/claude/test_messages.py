"""Streams, thinking, limits and what a reply carries."""

from typing import Any

from anthropic import AsyncAnthropic

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    HAIKU,
    PASSAGES,
    SONNET,
    answer,
    ask,
    text_of,
)


def _bare(block: Any) -> dict[str, Any]:
    return {key: value for key, value in block.to_dict().items() if key != "signature"}


async def test_a_stream_ends_in_the_same_message(client: AsyncAnthropic) -> None:
    """Text, citations, thinking and usage, event by event."""
    plain = await answer(client, "How long does delivery take?")
    content = [*PASSAGES, {"type": "text", "text": "How long does delivery take?"}]
    request: Any = {"role": "user", "content": content}

    async with client.messages.stream(model=SONNET, max_tokens=2000, messages=[request]) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_message()

    assert [_bare(block) for block in final.content] == [_bare(block) for block in plain.content]
    assert (final.stop_reason, final.usage.output_tokens) == (
        "end_turn",
        plain.usage.output_tokens,
    )
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    assert {"text", "citation", "message_delta"} <= set(kinds)


async def test_a_streamed_tool_call_arrives_whole(client: AsyncAnthropic) -> None:
    """Its input comes as partial JSON."""
    schema: dict[str, object] = {"type": "object", "properties": {"summary": {"type": "string"}}}
    async with client.messages.stream(
        model=HAIKU,
        max_tokens=300,
        tools=[{"name": "file", "input_schema": schema}],
        tool_choice={"type": "any"},
        messages=[{"role": "user", "content": "Cancel it"}],
    ) as stream:
        final = await stream.get_final_message()

    assert [block.input for block in final.content if block.type == "tool_use"] == [
        {"summary": "Cancel it"}
    ]


async def test_thinking_is_billed_but_not_shown(client: AsyncAnthropic) -> None:
    """An empty thinking block, its tokens in the output; none when thinking is off."""
    thought = await ask(client, thinking=None)
    plain = await ask(client)

    assert [block.type for block in thought.content] == ["thinking", "text"]
    assert [block.thinking for block in thought.content if block.type == "thinking"] == [""]
    assert thought.usage.output_tokens_details is not None
    extra = thought.usage.output_tokens_details.thinking_tokens
    assert thought.usage.output_tokens == plain.usage.output_tokens + extra > extra > 0


async def test_a_summary_of_thinking_is_shown_when_asked_for(client: AsyncAnthropic) -> None:
    """With display set to summarized."""
    reply = await ask(client, thinking={"type": "adaptive", "display": "summarized"})

    assert all(block.thinking for block in reply.content if block.type == "thinking")


async def test_thinking_can_use_up_max_tokens(client: AsyncAnthropic) -> None:
    """Then there is a thinking block, no text, and stop reason max_tokens."""
    reply = await ask(client, thinking={"type": "adaptive"}, max_tokens=50)

    assert (reply.stop_reason, reply.usage.output_tokens) == ("max_tokens", 50)
    assert text_of(reply) == ""


async def test_text_is_cut_at_max_tokens_and_at_stop_sequences(client: AsyncAnthropic) -> None:
    """Each with its stop reason."""
    short = await ask(client, max_tokens=5)
    stopped = await ask(client, stop_sequences=["don't"])

    assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 5)
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "don't")
    assert text_of(stopped) == "I'm sorry, I "


async def test_the_stand_in_says_what_it_is_and_gives_rate_limit_headers(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """In headers and ids, not in the text; the call is on record."""
    raw = await client.messages.with_raw_response.create(
        model=HAIKU, max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
    )
    message = await raw.parse()

    assert raw.headers["x-deskhand-standin"] == "true"
    assert raw.headers["anthropic-ratelimit-requests-remaining"] == "999"
    assert message.id.startswith("msg_standin_")
    assert raw.headers["request-id"] == claude.calls[0].request_id
    assert "stand" not in text_of(message)
    assert claude.calls[0].usage is not None
    assert claude.calls[0].usage["output_tokens"] == message.usage.output_tokens
