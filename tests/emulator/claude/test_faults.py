"""Errors, breaks and delays on demand, as the unmodified client sees them."""

import asyncio
import math
import time

import anthropic
import pytest
from anthropic import AsyncAnthropic

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    HAIKU,
    SONNET,
    answer,
    ask,
)


async def hung(claude: ClaudeEmulator) -> None:
    """Lets the next call hang, and returns when it does."""
    arrived = asyncio.Event()

    def noticed(_body: object) -> bool:
        arrived.set()
        return True

    claude.faults.add("hang", where=noticed)
    await arrived.wait()


@pytest.mark.parametrize(
    ("kind", "error", "type_"),
    [
        ("rate_limited", anthropic.RateLimitError, "rate_limit_error"),
        ("spend_limit", anthropic.EnforcedSpendLimitReachedError, "rate_limit_error"),
        ("overloaded", anthropic.OverloadedError, "overloaded_error"),
        ("server_error", anthropic.InternalServerError, "api_error"),
        ("gateway_timeout", anthropic.GatewayTimeoutError, "timeout_error"),
    ],
)
async def test_error_faults_are_the_clients_own_exceptions(
    claude: ClaudeEmulator,
    client: AsyncAnthropic,
    kind: str,
    error: type[anthropic.APIStatusError],
    type_: str,
) -> None:
    """Once, and the next call is answered."""
    claude.faults.add(kind)

    with pytest.raises(error) as failed:
        await ask(client)

    assert failed.value.type == type_
    assert "retry-after" not in failed.value.response.headers
    assert (await ask(client)).stop_reason == "end_turn"


async def test_retry_after_is_sent_when_asked_for(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """In seconds, as a number."""
    claude.faults.add("rate_limited", retry_after=7)

    with pytest.raises(anthropic.RateLimitError) as failed:
        await ask(client)

    assert failed.value.response.headers["retry-after"] == "7"


async def test_the_clients_retries_are_counted(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Each attempt is a call of its own with its number and outcome."""
    claude.faults.add("rate_limited", times=2, retry_after=0.01)

    await ask(client.with_options(max_retries=3))

    assert [(call.attempt, call.status) for call in claude.calls] == [(0, 429), (1, 429), (2, 200)]
    assert [call.fault for call in claude.calls] == ["rate_limited", "rate_limited", None]


async def test_a_dropped_connection_is_a_connection_error(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """No answer at all."""
    claude.faults.add("drop")

    with pytest.raises(anthropic.APIConnectionError):
        await ask(client)

    assert (claude.calls[0].status, claude.calls[0].error_type) == (0, "drop")


async def test_a_hanging_call_lasts_until_the_client_goes(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """The stand-in never answers, and notices that the client has gone."""
    call = asyncio.create_task(ask(client))
    await hung(claude)

    call.cancel()
    await claude.calls[0].over.wait()

    assert (claude.calls[0].status, claude.calls[0].error_type) == (0, "client_gone")


async def test_a_stand_in_with_a_hanging_call_can_be_left() -> None:
    """Leaving the block ends the call instead of waiting for it."""
    async with ClaudeEmulator() as claude:
        client = AsyncAnthropic(base_url=claude.url, api_key=claude.api_key, max_retries=0)
        call = asyncio.create_task(ask(client))
        await hung(claude)

    with pytest.raises(anthropic.APIConnectionError):
        await call
    await client.close()


async def test_a_slow_reply_takes_its_time(claude: ClaudeEmulator, client: AsyncAnthropic) -> None:
    """Seconds on top of the latency; a client with less patience gives up."""
    claude.faults.add("slow", seconds=5)

    with pytest.raises(anthropic.APITimeoutError):
        await ask(client.with_options(timeout=0.2))


async def test_an_error_in_mid_stream_is_raised_with_status_200(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """A plain APIStatusError whose type tells, as with the real API."""
    claude.faults.add("stream_error")

    with pytest.raises(anthropic.APIStatusError) as failed:
        async with client.messages.stream(
            model=SONNET, max_tokens=2000, messages=[{"role": "user", "content": "Where is it?"}]
        ) as stream:
            await stream.get_final_message()

    assert (failed.value.status_code, failed.value.type) == (200, "overloaded_error")


async def test_a_cut_stream_ends_without_a_stop_reason(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """And without any exception."""
    claude.faults.add("stream_cut")

    async with client.messages.stream(
        model=SONNET, max_tokens=2000, messages=[{"role": "user", "content": "Where is it?"}]
    ) as stream:
        final = await stream.get_final_message()

    assert final.stop_reason is None


async def test_a_held_stream_waits_in_the_middle(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """The first half is there, the rest comes when it is released."""
    held = claude.faults.add("stream_hold", text="One two three four five six seven. " * 9)

    async with client.messages.stream(
        model=SONNET, max_tokens=2000, messages=[{"role": "user", "content": "Where is it?"}]
    ) as stream:
        first = await anext(stream.text_stream)
        await held.struck.wait()
        held.released.set()
        final = await stream.get_final_message()

    assert first.startswith("One two")
    assert final.stop_reason == "end_turn"


async def test_a_client_that_leaves_a_held_stream_is_noticed(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """The call ends as one whose client has gone."""
    held = claude.faults.add("stream_hold")

    async with client.messages.stream(
        model=SONNET, max_tokens=2000, messages=[{"role": "user", "content": "Where is it?"}]
    ):
        await held.struck.wait()
    (call,) = claude.calls
    await call.over.wait()

    assert (call.status, call.error_type) == (0, "client_gone")


async def test_a_fault_strikes_only_the_calls_it_is_meant_for(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """By model, by predicate on the body, and after so many calls."""
    claude.faults.add("overloaded", model=SONNET)
    claude.faults.add("server_error", where=lambda body: body["max_tokens"] == 77)
    claude.faults.add("gateway_timeout", after=2, where=lambda body: body["max_tokens"] == 500)

    await ask(client)
    await ask(client)
    with pytest.raises(anthropic.GatewayTimeoutError):
        await ask(client)
    with pytest.raises(anthropic.OverloadedError):
        await answer(client, "How long does delivery take?")
    with pytest.raises(anthropic.InternalServerError):
        await ask(client, max_tokens=77)


async def test_faults_can_strike_other_paths_and_be_cleared(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Unlimited until cleared."""
    claude.faults.add("overloaded", times=math.inf, path=f"/v1/models/{HAIKU}")

    for _ in range(2):
        with pytest.raises(anthropic.OverloadedError):
            await client.models.retrieve(HAIKU)
    claude.faults.clear()

    assert (await client.models.retrieve(HAIKU)).id == HAIKU


async def test_an_unknown_fault_is_a_mistake_of_the_test(claude: ClaudeEmulator) -> None:
    """It is told at once."""
    with pytest.raises(ValueError, match="unknown fault 'tired'"):
        claude.faults.add("tired")


async def test_latency_is_per_model() -> None:
    """Seconds to the whole reply, streamed or not; «*» is for the rest."""
    async with ClaudeEmulator(latency={HAIKU: 0.1, "*": 0.0}) as claude:
        client = AsyncAnthropic(base_url=claude.url, api_key=claude.api_key)
        await ask(client)
        await answer(client, "How long does delivery take?")
        started = time.monotonic()
        async with client.messages.stream(
            model=HAIKU, max_tokens=900, messages=[{"role": "user", "content": "Where is it?"}]
        ) as stream:
            await stream.until_done()
        streamed = time.monotonic() - started
        await client.close()

    assert claude.calls[0].ms >= 100
    assert claude.seconds(SONNET) == 0
    assert streamed >= 0.09
