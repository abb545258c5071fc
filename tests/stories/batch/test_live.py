"""A file of tickets, summarised at once."""

import json
from pathlib import Path

import pytest

from bot.llm.structured import Stopped
from bot.text.money import parse_dollars
from emulator.claude import Limits
from tests.stories.batch.bench import Bench


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


async def test_each_ticket_gets_its_labels_in_the_order_of_the_file(bench: Bench) -> None:
    """With tokens, cost and latency, and the table adds up to the lines."""
    failed = await bench.run(bench.tickets(30))

    first, lines = bench.results()[0], bench.results()
    assert failed == 0
    assert bench.stop_signal.why is None
    assert bench.ids() == [f"Z-{number}" for number in range(1, 31)]
    assert first["language"] == "vi"
    assert first["intent"] == "track_shipping"
    assert {line["sentiment"] for line in lines} == {"neutral", "negative"}
    assert all(len(line["summary"].split()) <= 50 for line in lines)
    assert all(line["nano_dollars"] > 0 and line["output_tokens"] > 0 for line in lines)
    assert "columns: id ← Ticket ID, text ← Description" in bench.said.getvalue()
    assert "30 rows in" in bench.said.getvalue()


async def test_bad_rows_keep_their_place_and_are_told_by_line(bench: Bench) -> None:
    """A run with bad rows ends like any other."""
    rows = '{"id": 1, "text": "hello"}\nnonsense\n{"id": 2, "text": "cancel my order"}\n'
    path = bench.file("tickets.jsonl", rows)

    assert await bench.run(path) == 1
    assert [line.get("error") for line in bench.results()] == [None, "not JSON", None]
    assert "line 2: not JSON" in bench.said.getvalue()


async def test_a_slow_first_row_does_not_change_the_order(bench: Bench) -> None:
    """Rows that are finished earlier wait for it."""
    bench.claude.faults.add("slow", seconds=0.3)
    await bench.run(bench.tickets(12), at_once=6)

    assert bench.ids() == [f"Z-{number}" for number in range(1, 13)]


async def test_busy_replies_and_broken_connections_are_waited_out(bench: Bench) -> None:
    """429, 529, 500 and a dropped connection each cost time and no row."""
    for kind in ("rate_limited", "overloaded", "drop", "server_error"):
        bench.claude.faults.add(kind)
    assert await bench.run(bench.tickets(10)) == 0

    assert len(bench.results()) == 10
    assert bench.answered == 10


async def test_a_malformed_reply_is_repaired_once(bench: Bench) -> None:
    """The second call is paid and counted with the row."""
    bench.claude.faults.add("invalid_json")
    assert await bench.run(bench.tickets(1)) == 0

    (line,) = bench.results()
    assert line["calls"] == 2
    assert line["intent"] == "track_shipping"


async def test_a_reply_that_stays_malformed_is_reported(bench: Bench) -> None:
    """And so is a refusal; the rows after them are done."""
    bench.claude.faults.add("invalid_json", times=2)
    bench.claude.faults.add("refusal")
    assert await bench.run(bench.tickets(4), at_once=1) == 2

    errors = [line.get("error") for line in bench.results()]
    assert errors[:2] == ["the model filled the form in wrongly twice", "the model refused"]
    assert errors[2:] == [None, None]
    assert bench.results()[0]["nano_dollars"] > 0


async def test_an_intent_that_the_desk_does_not_have_is_malformed(bench: Bench) -> None:
    """The schema is a promise of the API's; a gateway may not keep it."""
    bench.claude.faults.add("field", intent="astrology")
    await bench.run(bench.tickets(1))

    assert bench.results()[0]["calls"] == 2


async def test_the_same_command_again_pays_for_nothing(bench: Bench) -> None:
    """Everything is written already."""
    tickets = bench.tickets(8)
    await bench.run(tickets)
    await bench.run(tickets)

    assert bench.answered == 8
    assert len(bench.results()) == 8


async def test_a_run_goes_on_behind_a_half_written_line(bench: Bench) -> None:
    """What a kill left of a line is cut off; its answer is in the log and is not asked again."""
    tickets = bench.tickets(8)
    await bench.run(tickets)
    whole = bytes_of(bench.output)
    bench.crashed(bench.log_lines(), whole[: len(whole) // 2])
    await bench.run(tickets)

    assert bytes_of(bench.output) == whole
    assert bench.answered == 8


async def test_a_lost_end_of_the_log_is_asked_again_and_nothing_else(bench: Bench) -> None:
    """A kill may come between the answer and its line."""
    tickets = bench.tickets(6)
    await bench.run(tickets)
    lines = bench.log_lines()
    bench.crashed([*lines[:-1], lines[-1][:20]])
    await bench.run(tickets)

    assert bench.answered == 7
    assert len(set(bench.ids())) == 6


async def test_an_output_of_other_tickets_is_not_continued(bench: Bench) -> None:
    """The ids of what is written must be those of the input."""
    tickets = bench.tickets(4)
    await bench.run(tickets)
    bench.file("tickets.csv", bytes_of(tickets).decode().replace("Z-2", "Y-2"))

    with pytest.raises(Stopped, match="line 2 is for the ticket 'Z-2'"):
        await bench.run(tickets)
    assert bench.ids() == ["Z-1", "Z-2", "Z-3", "Z-4"]


async def test_a_file_that_is_not_ours_is_left_alone(bench: Bench) -> None:
    """Results are never appended to somebody's document."""
    bench.file("out.jsonl", "dear diary\n")
    with pytest.raises(Stopped, match="is there already"):
        await bench.run(bench.tickets(1))
    assert bytes_of(bench.output) == b"dear diary\n"


async def test_the_budget_is_not_exceeded_and_can_be_raised(bench: Bench) -> None:
    """The run stops before it, says so, and goes on with more."""
    tickets = bench.tickets(40)
    await bench.run(tickets, budget=parse_dollars("0.004"), at_once=4)
    spent = sum(line["nano_dollars"] for line in bench.results())

    assert "budget of $0.004" in str(bench.stop_signal.why)
    assert 0 < len(bench.results()) < 40
    assert spent <= parse_dollars("0.004")

    await bench.run(tickets, budget=parse_dollars("1"))
    assert bench.ids() == [f"Z-{number}" for number in range(1, 41)]
    assert bench.answered == 40


async def test_a_spend_limit_stops_the_run_before_any_row_fails(bench: Bench) -> None:
    """No output line says that a ticket could not be read."""
    bench.claude.faults.add("spend_limit", times=99)
    await bench.run(bench.tickets(3))

    assert bench.stop_signal.why == "the API's spend limit is reached"
    assert bench.results() == []


async def test_a_long_ticket_is_read_in_parts_that_join_to_it(bench: Bench) -> None:
    """Each part is sent once, then the notes are labelled."""
    sentences = [f"On day {number} I asked again about order {number}." for number in range(200)]
    text = " ".join(sentences)
    path = bench.file("long.jsonl", json.dumps({"id": "L", "text": text}))
    await bench.run(path, part=1_000)

    (line,) = bench.results()
    sent = [call.body["messages"][0]["content"] for call in bench.claude.calls]
    assert line["calls"] == len(sent) == 5
    assert sum(content.count("I asked again") for content in sent[:-1]) == 200
    assert line["summary"]


async def test_the_governor_keeps_us_under_an_enforced_limit(bench: Bench) -> None:
    """60 calls with 40 allowed a window: some wait, and few are told to."""
    bench.claude.limits.limits = Limits(requests=40, seconds=2, enforced=True)
    await bench.run(bench.tickets(60), at_once=5)

    refused = sum(call.status == 429 for call in bench.claude.calls)
    assert len(bench.results()) == 60
    assert refused <= 5
