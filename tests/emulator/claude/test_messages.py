"""Answers, citations, streams, tokens and the prompt cache."""

from typing import Any

import pytest
from anthropic import AsyncAnthropic

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    HAIKU,
    PASSAGES,
    SONNET,
    answer,
    ask,
    text_of,
    triage_request,
)

LONG = "Rules of the desk, the same for every message. " * 60


def cached(text: str, ttl: str = "5m") -> dict[str, Any]:
    """A system block that ends a cacheable prefix."""
    return {"type": "text", "text": text, "cache_control": {"type": "ephemeral", "ttl": ttl}}


def counters(message: Any) -> tuple[int, int]:
    """Tokens written to the cache and read from it."""
    return message.usage.cache_creation_input_tokens, message.usage.cache_read_input_tokens


@pytest.mark.parametrize(
    ("question", "source", "quote"),
    [
        (
            "How long does delivery take?",
            "kb://delivery",
            "delivery takes 3 working days",
        ),
        ("how can I track my parcel", "kb://delivery", "You can track a parcel"),
        ("Bao lâu thì được hoàn tiền?", "kb://hoan-tien", "hoàn tiền trong 7 ngày"),
        ("bao lau thi duoc hoan tien vay shop", "kb://hoan-tien", "hoàn tiền trong 7 ngày"),
    ],
)
async def test_answers_quote_the_passage_that_fits(
    client: AsyncAnthropic, question: str, source: str, quote: str
) -> None:
    """Verbatim, with citations whose indices lead to the cited block."""
    reply = await answer(client, question)

    cited = [block for block in reply.content if block.type == "text" and block.citations]
    assert any(quote in block.text for block in cited)
    for block in cited:
        (place,) = block.citations or []
        assert place.type == "search_result_location"
        passage = PASSAGES[place.search_result_index]
        texts = [part["text"] for part in passage["content"]]
        assert place.end_block_index == place.start_block_index + 1
        assert (place.source, place.title) == (source, passage["title"])
        assert place.cited_text == texts[place.start_block_index]
        assert block.text in place.cited_text


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Which planet is the biggest?", "I'm sorry"),
        ("Thời tiết ở Huế ra sao?", "Xin lỗi"),
        ("thoi tiet o hue the nao", "Xin lỗi"),
    ],
)
async def test_what_no_passage_covers_is_not_known(
    client: AsyncAnthropic, question: str, start: str
) -> None:
    """Said in the question's language, without citations."""
    reply = await answer(client, question)

    assert text_of(reply).startswith(start)
    assert not any(block.citations for block in reply.content if block.type == "text")


async def test_without_passages_nothing_is_known(client: AsyncAnthropic) -> None:
    """Nothing is invented."""
    assert text_of(await ask(client)).startswith("I'm sorry, I don't have")


async def test_passages_in_a_tool_result_are_quoted_too(client: AsyncAnthropic) -> None:
    """The search result index counts over the whole request."""
    messages = [
        {"role": "user", "content": [PASSAGES[1], {"type": "text", "text": "Hi"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t1", "name": "look_up", "input": {}}],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [PASSAGES[0]]},
                {"type": "text", "text": "How long does delivery take?"},
            ],
        },
    ]

    reply = await ask(client, messages=messages)

    cited = [block for block in reply.content if block.type == "text" and block.citations]
    assert [(place.type, place.search_result_index) for place in cited[0].citations or []] == [  # type: ignore[union-attr]
        ("search_result_location", 1)
    ]


async def test_citations_that_are_off_are_not_given(client: AsyncAnthropic) -> None:
    """The passage is still quoted."""
    plain = {key: value for key, value in PASSAGES[0].items() if key != "citations"}
    content = [plain, {"type": "text", "text": "How long does delivery take?"}]

    reply = await ask(client, messages=[{"role": "user", "content": content}])

    assert "3 working days" in text_of(reply)
    assert all(not block.citations for block in reply.content if block.type == "text")


async def test_creative_requests_are_written_from_their_own_words(client: AsyncAnthropic) -> None:
    """When no passage fits."""
    assert "Mountains" in text_of(await ask(client, **_said("Write a poem about mountains")))


async def test_small_talk_is_answered_in_kind(client: AsyncAnthropic) -> None:
    """Thanks for thanks."""
    assert text_of(await ask(client, **_said("cảm ơn shop"))).startswith("Không có gì")


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


async def test_a_prefix_is_written_once_and_then_read(client: AsyncAnthropic) -> None:
    """The rest of the prompt is fresh input both times."""
    first = await ask(client, system=[cached(LONG)])
    second = await ask(client, system=[cached(LONG)], **_said("Another question, rather longer"))

    written, read = counters(first)
    assert (read, counters(second)) == (0, (0, written))
    assert written > 512
    assert first.usage.cache_creation is not None
    assert first.usage.cache_creation.ephemeral_5m_input_tokens == written
    assert first.usage.input_tokens < second.usage.input_tokens < 60


@pytest.mark.parametrize(
    "changes",
    [
        {"model": SONNET, "thinking": None},
        {"thinking": {"type": "adaptive"}},
        {"output_config": {"effort": "high"}},
        {"output_config": triage_request("x")["output_config"]},
        {"system": [cached(LONG + "!")]},
        {"tools": [{"name": "t", "input_schema": {"type": "object"}}]},
    ],
)
async def test_model_settings_and_text_are_part_of_the_prefix(
    client: AsyncAnthropic, changes: dict[str, Any]
) -> None:
    """Whoever changes one of them writes anew."""
    await ask(client, system=[cached(LONG)])

    assert counters(await ask(client, **{"system": [cached(LONG)]} | changes))[1] == 0


async def test_short_prefixes_are_silently_not_cached(client: AsyncAnthropic) -> None:
    """Under 512 tokens on the 5.5 models, 4,096 on Haiku 4.5."""
    for _ in range(2):
        assert counters(await ask(client, system=[cached("Be brief.")])) == (0, 0)
        assert counters(await ask(client, model="claude-haiku-4-5", system=[cached(LONG)])) == (
            0,
            0,
        )


async def test_the_longest_known_prefix_is_read_and_the_rest_written(
    client: AsyncAnthropic,
) -> None:
    """With two breakpoints, a changed second block costs only itself."""
    first = await ask(client, system=[cached(LONG, "1h"), cached("Today is Monday. " * 40)])
    second = await ask(client, system=[cached(LONG, "1h"), cached("Today is Tuesday. " * 40)])

    assert first.usage.cache_creation is not None
    assert second.usage.cache_creation is not None
    hour = first.usage.cache_creation.ephemeral_1h_input_tokens
    assert counters(second)[1] == hour > 512
    assert second.usage.cache_creation.ephemeral_1h_input_tokens == 0
    assert second.usage.cache_creation.ephemeral_5m_input_tokens > 0


async def test_entries_die_unless_they_are_used() -> None:
    """Five minutes after the last hit, not after the write."""
    now = [0.0]
    async with ClaudeEmulator(clock=lambda: now[0]) as claude:
        client = AsyncAnthropic(base_url=claude.url, api_key=claude.api_key)
        reads = []
        for now[0] in (0.0, 200.0, 400.0, 701.0):
            reads.append(counters(await ask(client, system=[cached(LONG)]))[1] > 0)
        await client.close()

    assert reads == [False, True, True, False]


async def test_a_warm_up_writes_the_cache_and_says_nothing(client: AsyncAnthropic) -> None:
    """max_tokens 0: no content, no output, and the next call reads."""
    warm = await ask(client, max_tokens=0, system=[cached(LONG)])
    after = await ask(client, system=[cached(LONG)])

    assert (warm.content, warm.stop_reason, warm.usage.output_tokens) == ([], "max_tokens", 0)
    assert counters(after) == (0, counters(warm)[0])


async def test_the_same_request_always_counts_the_same_and_vietnamese_is_denser(
    client: AsyncAnthropic,
) -> None:
    """About 2.5 characters a token in English, under 2 in Vietnamese; older models need fewer."""
    english, vietnamese = "Where is my order today? " * 20, "Đơn hàng của mình đâu rồi? " * 20
    counts = [
        (await ask(client, model=model, **_said(text))).usage.input_tokens
        for text in (english, vietnamese)
        for model in (HAIKU, HAIKU, "claude-haiku-4-5")
    ]

    assert counts[0] == counts[1] == pytest.approx(len(english) / 2.5, rel=0.05)
    assert counts[3] == counts[4] > len(vietnamese) / 2
    assert counts[2] == pytest.approx(counts[0] / 1.3, rel=0.05)


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
    assert message._request_id == claude.calls[0].request_id
    assert "stand" not in text_of(message)
    assert claude.calls[0].usage is not None
    assert claude.calls[0].usage["output_tokens"] == message.usage.output_tokens


def _said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def _bare(block: Any) -> dict[str, Any]:
    return {key: value for key, value in block.to_dict().items() if key != "signature"}
