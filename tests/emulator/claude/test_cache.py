"""Token counts and the prompt cache."""

from typing import Any

import pytest
from anthropic import AsyncAnthropic

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    HAIKU,
    SONNET,
    ask,
    triage_request,
)

LONG = "Rules of the desk, the same for every message. " * 60


def cached(text: str, ttl: str = "5m") -> dict[str, Any]:
    """A system block that ends a cacheable prefix."""
    return {"type": "text", "text": text, "cache_control": {"type": "ephemeral", "ttl": ttl}}


def counters(message: Any) -> tuple[int, int]:
    """Tokens written to the cache and read from it."""
    return message.usage.cache_creation_input_tokens, message.usage.cache_read_input_tokens


def _said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


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
