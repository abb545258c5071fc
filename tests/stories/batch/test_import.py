"""Bringing the tickets of another desk into the tables."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest

from bot.cli import main
from storage.db.database import Database
from storage.tickets import messages, tickets
from storage.tickets.tables import Message, Ticket

HISTORY = """\
Ticket ID,Created At,Resolved At,Status,Requester,Assignee,Subject,Description,Resolution,Priority
Z-1,2026-10-01 14:30,2026-10-02T08:00+07:00,Resolved,linh,mai,Broken fan,It broke,New one sent,High
Z-2,1760000000,,open,tom,,Where is it,Where is my order?,,
Z-3,yesterday,,open,tom,,Bad date,Hello?,,
Z-4,,,archived,tom,,,Old question,,whenever
"""


@pytest.fixture
def place(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database and the history of another desk."""
    copy(migrated, tmp_path / "deskhand.db")
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'deskhand.db'}")
    return tmp_path


async def stored(place: Path) -> dict[str, tuple[Ticket, list[Message]]]:
    """Every ticket by its number at the other desk, with what was said."""
    store = Database(f"sqlite:///{place / 'deskhand.db'}")
    found = {
        ticket.thread_ts: (
            ticket,
            list(await store.read(messages.messages_of_ticket, ticket.ticket_id)),
        )
        for ticket in await store.read(tickets.all_tickets)
    }
    assert await store.read(tickets.unfinished_messages) == 0
    await store.close()
    return found


def test_history_becomes_tickets(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With dates, state, people and both sides of the talk; a bad line is named."""
    assert main(["import", "history.csv"]) == 1
    told = capsys.readouterr()
    found = asyncio.run(stored(place))

    assert "3 added, 0 changed, 0 as before, 1 not usable" in told.out
    assert "line 4: opened_at: expected a date like 2026-10-01 14:30" in told.err
    fan, said = found["Z-1"]
    assert (fan.status, fan.priority, fan.title) == ("solved", "high", "Broken fan")
    assert fan.opened_at == datetime(2026, 10, 1, 14, 30, tzinfo=UTC)
    assert fan.solved_at == datetime(2026, 10, 2, 1, tzinfo=UTC)
    assert [(each.author, each.author_id) for each in said] == [
        ("customer", "linh"),
        ("agent", "mai"),
    ]
    assert found["Z-2"][0].opened_at == datetime.fromtimestamp(1760000000, UTC)
    assert (found["Z-4"][0].status, found["Z-4"][0].priority) == ("closed", "normal")


def test_a_second_import_changes_only_what_is_new(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same file is a no-op; a ticket that was solved meanwhile is solved here too."""
    main(["import", "history.csv"])
    main(["import", "history.csv"])
    news = HISTORY.replace("1760000000,,open", "1760000000,2026-11-01,solved")
    (place / "history.csv").write_text(news, encoding="utf-8")
    main(["import", "history.csv"])

    _, second, third = capsys.readouterr().out.splitlines()
    found = asyncio.run(stored(place))
    assert second.startswith("0 added, 0 changed, 3 as before")
    assert third.startswith("0 added, 1 changed, 2 as before")
    assert found["Z-2"][0].status == "solved"
    assert len(found) == 3


def test_labels_of_a_batch_run_become_columns(place: Path) -> None:
    """The summary is the ticket's title; a failed row has no labels."""
    label = {
        "id": "Z-2",
        "summary": "The customer asks where the order is.",
        "product": None,
        "issue_type": "track_shipping",
        "sentiment": "neutral",
        "action_needed": False,
        "intent": "track_shipping",
        "language": "en",
        "line": 3,
    }
    lines = [json.dumps(label), json.dumps({"id": "Z-1", "error": "the model refused"})]
    (place / "out.jsonl").write_text("\n".join(lines), encoding="utf-8")
    main(["import", "history.csv", "--labels", "out.jsonl"])

    found = asyncio.run(stored(place))
    ticket, _ = found["Z-2"]
    assert ticket.title == "The customer asks where the order is."
    assert (ticket.intent, ticket.language, ticket.action_needed) == ("track_shipping", "en", False)
    assert found["Z-1"][0].intent is None


def test_labels_that_are_none_are_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is brought in."""
    assert main(["import", "history.csv", "--labels", "history.csv"]) == 2
    assert "not what deskhand batch writes" in capsys.readouterr().err
    assert asyncio.run(stored(place)) == {}
