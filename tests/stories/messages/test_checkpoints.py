"""What an earlier release wrote down of a story is read when this one goes on with it."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest

from tests.support.databases import only_on
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

pytestmark = only_on("sqlite", "the engine's file is written into")

ARTICLE = {"title": "Delivery times", "url": None, "source": "delivery.en.md"}
SAID = "Parcels to Hanoi take 1 to 2 working days."
# A call, a verdict and an answer with every field that the release of 26 November 2026 wrote.
CALL: dict[str, Any] = {
    "purpose": "triage",
    "model": "claude-haiku-5-5",
    "prompt_version": "triage/1",
    "status": "ok",
    "stop_reason": "end_turn",
    "request_id": "req_of_an_earlier_life",
    "attempts": 1,
    "latency_ms": 412,
    "input_tokens": 900,
    "output_tokens": 120,
    "cache_write_5m_tokens": 0,
    "cache_write_1h_tokens": 0,
    "cache_read_tokens": 0,
    "nano_dollars": 1_500_000,
    "on_sonnet": 4_500_000,
    "on_opus": 7_500_000,
    "price_version": "1",
    "called_at": "2026-11-26T09:00:00Z",
}
VERDICT: dict[str, Any] = {
    "summary": "Delivery times, as an earlier life read it",
    "intent": "track_shipping",
    "confidence": 0.93,
    "complexity": "simple",
    "sentiment": "neutral",
    "urgency": "high",
    "language": "en",
    "wants_human": False,
    "entities": {"order_ids": [], "emails": [], "products": []},
    "product": None,
    "issue_type": "delivery_time",
    "action_needed": True,
    "reply": None,
    "seen": None,
}
TRIAGED: dict[str, Any] = {
    "text": DELIVERY,
    "parts": [],
    "triage": VERDICT,
    "problem": None,
    "calls": [CALL],
    "allowance": {"level": "ok", "budget": "", "fitting": None},
    "approved": None,
    "polite": None,
    "language": None,
}
WRITTEN: dict[str, Any] = {
    "answer": {
        "text": SAID,
        "verdict": {
            "outcome": "send",
            "reason": "every fact is cited",
            "faults": [],
            "unknown": "",
        },
        "sources": [ARTICLE],
        "found": [ARTICLE],
        "evidence": [{"source": "delivery.en.md", "digest": "0" * 64}],
        "calls": [{**CALL, "purpose": "answer", "request_id": "req_of_the_answer"}],
        "reused": None,
        "saved": 0,
    },
    "standing": None,
    "stopped": None,
}
APPROVED: dict[str, Any] = {
    "message_key": "T1:C1:1.000001",
    "ticket_id": 1_001,
    "text": SAID,
    "triage": VERDICT,
    "sources": [ARTICLE],
    "passages": [
        {
            "source": "delivery.en.md",
            "title": "Delivery times",
            "url": "",
            "audience": "public",
            "language": "en",
            "heading": ["Delivery"],
            "paragraphs": [SAID],
        }
    ],
    "approved_by": "U0MAI",
    "nano_dollars": 2_000_000,
}


async def broken_off(
    place: Workspace, *steps: tuple[str, dict[str, Any] | None], by_engine: bool = True
) -> Any:
    """Linh asks, the process ends while the model writes, and these steps are what it left.

    `by_engine` leaves them where releases until 28 November 2026 wrote them down. A step without a
    result is one that failed.
    """
    await place.start(stop_grace=0)
    held = place.claude.faults.add("hold", after=1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await held.struck.wait()
    await place.stop()
    with closing(sqlite3.connect(place.folder / "deskhand.db")) as desk, desk:
        desk.execute("DELETE FROM steps")
        if not by_engine:
            _left(desk, "steps", (_kept(place.key(asked), *each) for each in steps))
    if by_engine:
        rows = (_recorded(place.key(asked), number, *each) for number, each in enumerate(steps, 1))
        with closing(sqlite3.connect(place.folder / "deskhand.engine.db")) as engine, engine:
            _left(engine, "operation_outputs", rows)
    return asked


def _kept(story: str, name: str, result: dict[str, Any] | None) -> dict[str, Any]:
    """A step as this release writes it down."""
    if result is None:
        return {"story": story, "name": name, "nth": 0, "raised": "CannotPost"}
    return {"story": story, "name": name, "nth": 0, "result": json.dumps(result)}


def _recorded(story: str, number: int, name: str, result: dict[str, Any] | None) -> dict[str, Any]:
    """A step as the engine wrote it down."""
    failed = {"error": json.dumps({"deskhand:raised": "CannotPost"})}
    ended = {"output": json.dumps(result, ensure_ascii=False)}
    return {
        "workflow_uuid": story,
        "function_id": number,
        "function_name": name,
        **(failed if result is None else ended),
        "started_at_epoch_ms": 1_795_683_600_000,
        "completed_at_epoch_ms": 1_795_683_600_412,
        "serialization": "json",
        "application_name": "deskhand",
        "retention_timestamp": 1_795_683_600_412,
    }


def _left(file: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        file.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of tables
            list(row.values()),
        )


@pytest.mark.parametrize("by_engine", [True, False], ids=["in the engine's file", "as rows"])
@pytest.mark.parametrize(
    ("steps", "asked_again", "requests", "saved"),
    [
        ((("triage", TRIAGED),), 1, ["req_of_an_earlier_life"], 0),
        (
            (("triage", TRIAGED), ("answer", WRITTEN)),
            0,
            ["req_of_an_earlier_life", "req_of_the_answer"],
            0,
        ),
        ((("triage", {**TRIAGED, "calls": [], "approved": APPROVED}),), 0, [], 2_000_000),
    ],
    ids=["triage", "triage and answer", "an approved answer"],
)
async def test_a_story_goes_on_from_what_an_earlier_release_left(
    place: Workspace,
    steps: tuple[tuple[str, dict[str, Any]], ...],
    asked_again: int,
    requests: list[str],
    saved: int,
    *,
    by_engine: bool,
) -> None:
    """No step that had ended is paid for again, and what it found is what the books keep."""
    asked = await broken_off(place, *steps, by_engine=by_engine)
    before = place.asked()

    await place.start()
    await place.resumed()

    (said,) = place.replies(asked)
    decision, ticket = await place.decision(asked), await place.ticket(asked)
    calls = [each.request_id for each in await place.calls()]
    assert place.asked() - before == asked_again
    assert "working days" in said
    assert decision is not None
    read = {name: (decision.triage or {}).get(name) for name in VERDICT}
    assert (decision.outcome, read) == ("answered", VERDICT)
    assert decision.saved_nano_dollars == saved
    assert calls[: len(requests)] == requests
    assert len(calls) == len(requests) + asked_again
    assert ticket is not None
    assert (ticket.title, ticket.urgency) == (VERDICT["summary"], "high")


async def test_a_courtesy_that_an_earlier_release_told_is_settled_as_such(place: Workspace) -> None:
    """It has a language and no verdict, and nobody is called for it."""
    thanks = {**TRIAGED, "triage": None, "calls": [], "polite": "thanks", "language": "vi"}
    asked = await broken_off(place, ("triage", thanks))
    before = place.asked()

    await place.start()
    await place.resumed()

    decision = await place.decision(asked)
    assert decision is not None
    assert (decision.outcome, decision.reason) == ("replied", "a mere thanks, by a rule")
    assert place.asked() == before
    assert len(place.replies(asked)) == 1
    assert place.cards() == []


@pytest.mark.parametrize("by_engine", [True, False], ids=["in the engine's file", "as rows"])
@pytest.mark.parametrize("left", [{"parts": []}, None], ids=["without its words", "failed"])
async def test_a_checkpoint_that_cannot_be_read_calls_a_person(
    place: Workspace, left: dict[str, Any] | None, *, by_engine: bool
) -> None:
    """A verdict without its words is none: the customer hears of it, and an agent sees it.

    A step that had failed has failed: the first life may have told the customer so.
    """
    asked = await broken_off(place, ("triage", left), by_engine=by_engine)

    await place.start()
    await place.resumed()

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "failed"
    assert len(place.replies(asked)) == 1
    assert len(place.cards()) == 1
