"""Message batches through the unmodified client."""

import asyncio
from typing import Any

import anthropic
import pytest
from anthropic import AsyncAnthropic
from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import HAIKU, triage_request

PATH = "/v1/messages/batches"


def request(custom_id: str, **changes: Any) -> Any:
    """One request of a batch."""
    params = {
        "model": HAIKU,
        "max_tokens": 400,
        "thinking": {"type": "disabled"},
        **triage_request("cancel my order"),
    }
    return {"custom_id": custom_id, "params": params | changes}


async def ended(client: AsyncAnthropic, batch: MessageBatch) -> MessageBatch:
    """The batch when it has ended."""
    while batch.processing_status != "ended":
        batch = await client.messages.batches.retrieve(batch.id)
    return batch


async def results(
    client: AsyncAnthropic, batch: MessageBatch
) -> dict[str, MessageBatchIndividualResponse]:
    """Results by custom id, in the order they came."""
    lines = await client.messages.batches.results(batch.id)
    return {line.custom_id: line async for line in lines}


async def test_a_batch_is_answered_later_and_out_of_order(client: AsyncAnthropic) -> None:
    """Counts move at the end; every custom id has one result, billed as batch."""
    names = [f"m-{number}" for number in range(30)]

    taken = await client.messages.batches.create(requests=[request(name) for name in names])
    batch = await ended(client, taken)
    found = await results(client, batch)

    assert (taken.processing_status, taken.request_counts.processing) == ("in_progress", 30)
    assert (batch.request_counts.succeeded, batch.request_counts.processing) == (30, 0)
    assert sorted(found) == sorted(names) != list(found)
    first = found["m-0"].result
    assert first.type == "succeeded"
    assert first.message.usage.service_tier == "batch"


async def test_each_request_is_validated_on_its_own(client: AsyncAnthropic) -> None:
    """A bad one is an errored result, not a refused batch."""
    batch = await client.messages.batches.create(
        requests=[
            request("good"),
            request("sampling", temperature=1),
            request("streamed", stream=True),
            request("warm-up", max_tokens=0),
            request("unknown", model="claude-nonsense-9"),
        ]
    )
    found = await results(client, await ended(client, batch))

    kinds = {
        name: line.result.error.error.type
        for name, line in found.items()
        if line.result.type == "errored"
    }
    assert found["good"].result.type == "succeeded"
    assert kinds == {
        "sampling": "invalid_request_error",
        "streamed": "invalid_request_error",
        "warm-up": "invalid_request_error",
        "unknown": "not_found_error",
    }


async def test_requests_can_expire_or_fail_on_demand(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Faults with the path of the batches strike single requests."""
    claude.faults.add("expired", path=PATH)
    claude.faults.add("overloaded", path=PATH)
    claude.faults.add("refusal", path=PATH)

    batch = await client.messages.batches.create(requests=[request(name) for name in "abcd"])
    batch = await ended(client, batch)

    counts = batch.request_counts
    assert (counts.expired, counts.errored, counts.succeeded) == (1, 1, 2)
    refused = (await results(client, batch))["c"].result
    assert refused.type == "succeeded"
    assert refused.message.stop_reason == "refusal"


async def test_a_cancelled_batch_ends_with_cancelled_requests(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """Canceling first, ended soon; what was not processed is canceled."""
    claude.batches.seconds = 3600
    taken = await client.messages.batches.create(requests=[request("a"), request("b")])

    cancelling = await client.messages.batches.cancel(taken.id)
    batch = await ended(client, cancelling)

    assert cancelling.processing_status == "canceling"
    assert batch.cancel_initiated_at is not None
    assert batch.request_counts.canceled == 2
    with pytest.raises(anthropic.BadRequestError, match="already ended"):
        await client.messages.batches.cancel(taken.id)


async def test_a_batch_in_progress_has_no_results_and_cannot_be_deleted(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """The client refuses before it asks; the stand-in refuses too."""
    claude.batches.seconds = 3600
    batch = await client.messages.batches.create(requests=[request("a")])

    with pytest.raises(anthropic.AnthropicError, match="finished processing"):
        await client.messages.batches.results(batch.id)
    with pytest.raises(anthropic.BadRequestError, match="still being processed"):
        await client.messages.batches.delete(batch.id)


async def test_batches_are_listed_newest_first_until_deleted(client: AsyncAnthropic) -> None:
    """In pages, like everything else."""
    made = [await client.messages.batches.create(requests=[request("a")]) for _ in range(3)]
    await asyncio.gather(*(ended(client, batch) for batch in made))

    await client.messages.batches.delete(made[1].id)

    listed = [batch.id async for batch in client.messages.batches.list(limit=1)]
    assert listed == [made[2].id, made[0].id]
    with pytest.raises(anthropic.NotFoundError):
        await client.messages.batches.retrieve(made[1].id)


@pytest.mark.parametrize(
    "requests",
    [[], [request("same"), request("same")], [request("not allowed!")], [request("x" * 65)]],
    ids=["none", "duplicate", "pattern", "too long"],
)
async def test_bad_custom_ids_refuse_the_whole_batch(
    client: AsyncAnthropic, requests: list[Any]
) -> None:
    """At once, with a 400."""
    with pytest.raises(anthropic.BadRequestError):
        await client.messages.batches.create(requests=requests)


async def test_more_than_a_hundred_thousand_requests_are_refused(client: AsyncAnthropic) -> None:
    """The documented limit."""
    with pytest.raises(anthropic.BadRequestError, match="100000"):
        await client.post(PATH, cast_to=object, body={"requests": [{}] * 100_001})
