"""A file of tickets, summarised through message batches."""

import asyncio

import pytest

from bot.batch.log import JobLog, began_of
from bot.batch.submitter import cancel_batches
from bot.costs.reservation import SpendCap
from bot.llm.client import Claude
from bot.llm.price_files import prices_of
from bot.llm.structured import Stopped
from bot.text.money import parse_dollars
from tests.stories.batch.bench import Bench

BATCHES = "/v1/messages/batches"


def sizes(bench: Bench) -> list[int]:
    """The requests of each batch that was created, oldest first."""
    return [len(batch.requests) for batch in reversed(bench.claude.batches.newest_first())]


async def test_results_in_any_order_find_their_tickets_at_half_price(bench: Bench) -> None:
    """The stand-in shuffles them; the output has the order of the file."""
    tickets = bench.tickets(25)
    assert await bench.run(tickets, mode="batch") == 0
    batched, ids = sum(line["nano_dollars"] for line in bench.results()), bench.ids()
    await bench.run(tickets, output=bench.folder / "now.jsonl")

    assert ids == [f"Z-{number}" for number in range(1, 26)]
    assert sizes(bench) == [25]
    assert bench.answered == 25
    assert batched > 0
    assert all(line["input_tokens"] + line["cached_tokens"] > 0 for line in bench.results())


async def test_many_tickets_go_in_chunks(bench: Bench) -> None:
    """None is larger than wanted, and together they hold each ticket once."""
    await bench.run(bench.tickets(25), mode="batch", chunk=10)

    assert max(sizes(bench)) == 10
    assert sum(sizes(bench)) == 25
    assert len(bench.results()) == 25


async def test_expired_and_errored_requests_are_sent_again(bench: Bench) -> None:
    """Neither was paid."""
    bench.claude.faults.add("expired", times=3, path=BATCHES)
    bench.claude.faults.add("overloaded", times=2, path=BATCHES)
    assert await bench.run(bench.tickets(12), mode="batch") == 0

    assert sizes(bench) == [12, 5]
    assert len(bench.results()) == 12


async def test_a_request_that_never_gets_through_is_reported(bench: Bench) -> None:
    """After four batches; the other tickets are done."""
    bench.claude.faults.add(
        "expired",
        times=99,
        path=BATCHES,
        where=lambda body: "order #3" in body["messages"][0]["content"],
    )
    assert await bench.run(bench.tickets(6), mode="batch") == 1

    errors = [line.get("error") for line in bench.results()]
    assert errors == [None, None, "no answer in 4 batches (expired)", None, None, None]


async def test_a_malformed_reply_is_repaired_in_a_second_batch(bench: Bench) -> None:
    """Together with all others that need it."""
    bench.claude.faults.add("invalid_json", times=2, path=BATCHES)
    await bench.run(bench.tickets(6), mode="batch")

    assert sizes(bench) == [6, 2]
    assert [line["calls"] for line in bench.results()].count(2) == 2


async def test_a_stopped_run_leaves_its_batch_and_the_next_one_fetches_it(bench: Bench) -> None:
    """Nothing is submitted twice."""
    bench.claude.batches.seconds = 1.0
    tickets = bench.tickets(9)
    running = asyncio.create_task(bench.run(tickets, mode="batch"))
    await bench.said.submitted.wait()
    bench.stop_signal.now("interrupted")
    await running

    assert bench.results() == []
    await bench.run(tickets, mode="batch")
    assert sizes(bench) == [9]
    assert len(bench.results()) == 9


async def test_a_batch_whose_id_was_never_heard_is_found_by_its_contents(bench: Bench) -> None:
    """A kill between the submission and the line with its id costs nothing."""
    tickets = bench.tickets(7)
    await bench.run(tickets, mode="batch")
    bench.crashed([line for line in bench.log_lines() if line[:8] in (b'{"began"', b'{"sendin')])
    await bench.run(tickets, mode="batch")

    assert sizes(bench) == [7]
    assert len(bench.results()) == 7


async def test_a_batch_that_never_was_is_submitted(bench: Bench) -> None:
    """The kill came before it; somebody else's batch of the same size is not taken for ours."""
    tickets = bench.tickets(7)
    await bench.run(tickets, mode="batch", output=bench.folder / "other.jsonl")
    began = began_of(bench.folder / "other.jsonl.log") or {}
    job_log = JobLog(bench.log, began)
    await job_log.sending("feedfacefeed", [f"{number}-summary" for number in range(7)])
    job_log.close()
    await bench.run(tickets, mode="batch")

    assert sizes(bench) == [7, 7]
    assert len(bench.results()) == 7


async def test_a_batch_can_be_cancelled_and_the_work_taken_up_again(bench: Bench) -> None:
    """What was answered by then is kept."""
    bench.claude.batches.seconds = 30.0
    tickets = bench.tickets(9)
    running = asyncio.create_task(bench.run(tickets, mode="batch"))
    await bench.said.submitted.wait()
    bench.stop_signal.now("interrupted")
    await running
    job_log, claude = (
        JobLog(bench.log, began_of(bench.log) or {}),
        Claude(bench.settings, prices_of(bench.desk)),
    )
    outcome = await cancel_batches(claude, job_log)
    await claude.close()
    job_log.close()

    assert outcome == {"cancelled": 1}
    bench.claude.batches.seconds = 0.0
    assert await bench.run(tickets, mode="batch") == 0
    assert sizes(bench)[0] == 9
    assert len(sizes(bench)) == 2
    assert len(set(bench.ids())) == 9


async def test_a_budget_holds_in_batches_too(bench: Bench) -> None:
    """Only as many are submitted as it holds at their dearest."""
    budget = parse_dollars("0.02")
    await bench.run(bench.tickets(60), mode="batch", budget=budget)

    spent = sum(line["nano_dollars"] for line in bench.results())
    assert len(bench.results()) > 0
    assert spent <= budget
    assert max(sizes(bench)) < 60


async def test_a_purse_waits_for_calls_under_way_before_it_says_no() -> None:
    """What they do not use up is there for the next."""
    spend_cap = SpendCap(budget=100)
    await spend_cap.reserve(80)
    waiting = asyncio.create_task(spend_cap.reserve(70))
    await asyncio.sleep(0)
    assert not waiting.done()
    spend_cap.settle(80, 10)
    await waiting
    spend_cap.settle(70, 70)
    with pytest.raises(Stopped, match="budget"):
        await spend_cap.reserve(40)
