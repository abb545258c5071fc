"""Bringing the tickets of another desk into the tables, as a person at a terminal does it."""

import asyncio
import json
import os
import shlex
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.cli import main
from bot.config.settings_file import load_store_settings
from storage.costs.days import Days
from storage.db.database import Database
from storage.reports.desk_stats import desk_stats
from storage.reports.period_outcomes import agent_seconds, message_figures, ticket_figures
from storage.tickets import audit, messages, tickets
from storage.tickets.search import TicketFilter, find_tickets
from storage.tickets.tables import Change, Message, Ticket
from tests.support.databases import only_on
from tests.support.process import command, ended

HISTORY = """\
Ticket ID,Created At,Resolved At,Status,Requester,Assignee,Subject,Description,Resolution,Priority
Z-1,2026-10-01 14:30,2026-10-02T08:00+07:00,Resolved,linh,mai,Broken fan,It broke,New one sent,High
Z-2,1760000000,,open,tom,,Where is it,Where is my order?,,
Z-3,yesterday,,open,tom,,Bad date,Hello?,,
Z-4,,2026-09-30,archived,tom,,,Old question,,
"""


@pytest.fixture
def place(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database and the history of another desk."""
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"DATABASE_URL={database_url}\n")
    return tmp_path


async def stored(place: Path) -> dict[str, tuple[Ticket, list[Message]]]:
    """Every ticket by its number at the other desk, with what was said."""
    store = Database(load_store_settings(place / ".env").database_url)
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
    assert main(["import", "history.csv", "--zone", "UTC"]) == 1
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
    assert found["Z-4"][0].opened_at == datetime(2026, 9, 30, tzinfo=UTC)
    assert "lines    5 = 3 done + 1 failed + 1 skipped" in told.err


def test_a_second_import_changes_only_what_is_new(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same file is a no-op; a ticket that was solved meanwhile is solved here too."""
    main(["import", "history.csv", "--zone", "UTC"])
    main(["import", "history.csv", "--zone", "UTC"])
    news = HISTORY.replace("1760000000,,open", "1760000000,2026-11-01,solved")
    (place / "history.csv").write_text(news, encoding="utf-8")
    main(["import", "history.csv", "--zone", "UTC"])

    _, second, third = capsys.readouterr().out.splitlines()
    found = asyncio.run(stored(place))
    assert second.startswith("0 added, 0 changed, 3 as before")
    assert third.startswith("0 added, 1 changed, 2 as before")
    assert found["Z-2"][0].status == "solved"
    assert len(found) == 3


def test_an_imported_customer_is_erased_by_name_and_stays_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has no id in Slack is known by what the export calls them; it cannot bring them back."""
    twice = HISTORY + "Z-5,2026-10-03 09:00,2026-10-04,closed,TOM,,Nothing,Where is my hat?,,\n"
    solved = twice.replace("1760000000,,open", "1760000000,2026-11-01,solved")
    (place / "history.csv").write_text(solved, encoding="utf-8")
    (place / "desk.toml").write_text('[desk]\nagents_channel = "C0123456789"\n')
    main(["import", "history.csv", "--zone", "UTC"])

    assert main(["erase", "Tom", "--apply"]) == 2
    assert "could be «TOM», «tom»; write one as it stands here" in capsys.readouterr().err
    assert main(["erase", "unknown", "--apply"]) == 2
    assert main(["erase", "mai", "--apply"]) == 2
    assert main(["erase", "tom", "--apply"]) == 0
    assert "in 2 tickets of theirs is gone: T-1002, T-1003." in capsys.readouterr().out
    main(["import", "history.csv", "--zone", "UTC"])

    found = asyncio.run(stored(place))
    assert [(found[each][0].requester_id, found[each][0].title) for each in ("Z-2", "Z-4")] == [
        ("erased", ""),
        ("erased", ""),
    ]
    assert {said.text for each in ("Z-2", "Z-4") for said in found[each][1]} == {""}
    assert found["Z-1"][1][0].text == "It broke"
    assert found["Z-5"][1][0].text == "Where is my hat?"


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
    main(["import", "history.csv", "--zone", "UTC", "--labels", "out.jsonl"])

    found = asyncio.run(stored(place))
    ticket, _ = found["Z-2"]
    assert ticket.title == "The customer asks where the order is."
    assert (ticket.intent, ticket.language, ticket.action_needed) == ("track_shipping", "en", False)
    assert found["Z-1"][0].intent is None


def test_labels_that_are_none_are_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is brought in."""
    assert main(["import", "history.csv", "--zone", "UTC", "--labels", "history.csv"]) == 2
    assert "not what deskhand batch writes" in capsys.readouterr().err
    assert asyncio.run(stored(place)) == {}


LATER = """\
id,subject,body,status,answer,created_at
1,Lamp,{body},{status},{answer},2026-10-01 10:00Z
2,Fan,It hums,open,,2026-10-02 10:00Z
"""


def test_a_later_export_brings_text_answer_and_status(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each change leaves its row in the audit, and the words can be found."""
    file = place / "later.csv"
    file.write_text(LATER.format(body="It flickers", status="open", answer=""), "utf-8")
    assert main(["import", "later.csv"]) == 0
    news = LATER.format(body="It flickers and smells", status="solved", answer="Unplug it")
    file.write_text(news, "utf-8")
    assert main(["import", "later.csv"]) == 0
    assert main(["import", "later.csv"]) == 0

    told = capsys.readouterr().out.splitlines()
    found = asyncio.run(stored(place))
    ticket, said = found["1"]
    assert told[1].startswith("0 added, 1 changed, 1 as before")
    assert told[2].startswith("0 added, 0 changed, 2 as before")
    assert [(each.author, each.text) for each in said] == [
        ("customer", "It flickers and smells"),
        ("agent", "Unplug it"),
    ]
    rows = [(each.what, each.after, each.source) for each in asked(place, audited, ticket)]
    assert rows == [
        ("status", "solved", "import"),
        ("words changed", "customer", "import"),
        ("words added", "agent", "import"),
    ]
    assert [each.id for each in asked(place, finding, "smells")] == [ticket.id]
    assert asked(place, finding, "unplugged smoke") == []


def audited(session: Session, ticket: Ticket) -> Sequence[Change]:
    return audit.ticket_changes(session, ticket.ticket_id)


def finding(session: Session, words: str) -> Sequence[Ticket]:
    return find_tickets(session, TicketFilter(words), 10).tickets


def asked(place: Path, question: Callable[..., Any], *about: Any) -> Any:
    """What the store answers."""

    async def ask() -> Any:
        store = Database(load_store_settings(place / ".env").database_url)
        try:
            return await store.read(question, *about)
        finally:
            await store.close()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("id,body,status,created\n1,a,Đang xử lý,2026-10-01Z\n", 'status:"Đang xử lý"=open'),
        ("id,body,priority,created\n1,a,P1,2026-10-01 1:00Z\n", "--map priority:P1=low"),
        ("id,body,created\n1,a,2026-10-01 10:00\n", "--zone UTC"),
        ("id,body,created\n1,a,01/02/2026 10:00Z\n", "--date-order dmy"),
        ("id,body\n1,a\n", "--opened-on 2026-01-31"),
        ("id,body,status,created\n1,a,2,2026-10-01 1:00Z\n", "--map status:2=open"),
    ],
)
def test_what_is_not_known_is_asked_and_nothing_is_written(
    place: Path, capsys: pytest.CaptureFixture[str], text: str, question: str
) -> None:
    """With the option that answers it; said as it is shown, it is imported."""
    (place / "x.csv").write_text(text.replace("2026-10-01Z", "2026-10-01 1:00Z"), "utf-8")
    assert main(["import", "x.csv"]) == 2
    told = capsys.readouterr().err
    assert question in told
    assert "Nothing was written" in told
    assert asyncio.run(stored(place)) == {}

    option = next(line for line in told.splitlines() if question in line).strip()
    said = shlex.split(option.removeprefix("--opened-at COLUMN, or for all ").partition(", or")[0])
    assert main(["import", "x.csv", *said]) == 0
    assert set(asyncio.run(stored(place))) == {"1"}


def test_a_dry_run_shows_the_mapping_and_writes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each column and value becomes."""
    assert main(["import", "history.csv", "--zone", "Asia/Ho_Chi_Minh", "--dry-run"]) == 0
    told = capsys.readouterr().err

    for line in ("id ← Ticket ID", "Resolved → solved (1)", "archived → closed (1)",
                 "High → high (1)", "agents: mai", "taken in Asia/Ho_Chi_Minh"):  # fmt: skip
        assert line in told
    assert asyncio.run(stored(place)) == {}


def test_a_number_that_stands_twice_loses_and_invents_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another row of it is named, or a message, as people say; the very same is skipped."""
    rows = "1,first,2026-10-01 1:00Z\n1,second,2026-10-02 1:00Z\n1,first,2026-10-01 1:00Z\n"
    (place / "x.csv").write_text(f"id,body,created\n{rows}", "utf-8")
    assert main(["import", "x.csv"]) == 1
    told = capsys.readouterr().err
    once = asyncio.run(stored(place))
    assert main(["import", "x.csv", "--repeats", "messages"]) == 0
    twice = asyncio.run(stored(place))

    assert "line 3: the id '1' stands on line 2 already, with something else" in told
    assert "4 = 1 done + 1 failed + 2 skipped" in told
    assert [each.text for each in once["1"][1]] == ["first"]
    assert [each.text for each in twice["1"][1]] == ["first", "second"]


def test_html_and_damage(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bodies become text; a cut row is named with its lines and becomes no ticket."""
    html = '"<div><p>Hi,</p><p>where is my <b>refund</b>?</p><script>x=1</script></div>"'
    text = f'id,body,created\n1,{html},2026-10-01 1:00Z\n2,"cut off\nin, the, middle'
    (place / "x.csv").write_text(text, "utf-8")
    assert main(["import", "x.csv"]) == 1

    found = asyncio.run(stored(place))
    assert "line 3: a quote is opened and never closed" in capsys.readouterr().err
    assert [each.text for _, said in found.values() for each in said] == [
        "Hi,\n\nwhere is my refund?"
    ]


def test_history_is_nothing_that_happened_today(place: Path) -> None:
    """Neither when it comes nor when it changes: it was another desk's work."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}Z"
    row = f"1,Lamp,It flickers,{{}},{now},{now},Mai,Unplug it\n"
    head = "id,subject,body,status,created,resolved,assignee,answer\n"
    for status in ("open", "solved"):
        (place / "x.csv").write_text(head + row.format(status), "utf-8")
        assert main(["import", "x.csv"]) == 0
    since = datetime.now(UTC) - timedelta(days=2)
    days = Days(since.date(), datetime.now(UTC).date(), UTC)

    figures = asked(place, desk_stats, since)
    tickets_of_days = asked(place, ticket_figures, days)
    assert (figures.opened, figures.solved, figures.reopened, figures.solved_by) == (0, 0, 0, {})
    assert (tickets_of_days.opened, tickets_of_days.solved) == (0, 0)
    assert asked(place, message_figures, days, since).ticketed == 0
    assert asked(place, agent_seconds, days) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nowhere.csv"], 2, "cannot be read: No such file"),
        (["history.csv", "--encoding", "klingon"], 2, "there is no encoding 'klingon'"),
        (["history.csv", "--labels", "nowhere"], 2, "not what deskhand batch writes"),
        (["history.csv", "--text", "Nothing"], 2, "--text: no column 'Nothing'"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, told: str
) -> None:
    """And an exit status; nothing is written."""
    assert main(["import", *arguments]) == status
    assert told in capsys.readouterr().err
    assert asyncio.run(stored(place)) == {}


@pytest.mark.parametrize(
    "option",
    [["--map", "x"], ["--map", "status:a=solves"], ["--zone", "Mars"], ["--opened-on", "x"]],
)
def test_an_option_that_says_nothing_is_refused(
    capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    """With what is expected."""
    with pytest.raises(SystemExit) as ended:
        main(["import", "history.csv", *option])

    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@only_on("sqlite", "a file is overwritten")
def test_a_database_that_cannot_be_written_is_a_sentence(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file holds something else."""
    (place / "deskhand.db").write_bytes(b"this is no database, and never was one" * 100)

    assert main(["import", "history.csv", "--zone", "UTC"]) in (2, 3)
    assert "cannot be" in capsys.readouterr().err


@pytest.mark.long
def test_ctrl_c_is_a_sentence_and_the_same_command_goes_on(place: Path) -> None:
    """What was written stands and is counted; nothing is written twice."""
    rows = "".join(f"{n},ticket {n} of a long file,2026-10-01 1:00Z\n" for n in range(4_000))
    (place / "long.csv").write_text(f"id,body,created\n{rows}", "utf-8")
    said = place / "said"
    process = command(["import", "long.csv"], place, os.environ, said)
    while not (said.exists() and "words" in said.read_text("utf-8")):
        assert process.exitcode is None
        time.sleep(0.01)
    os.kill(process.pid or 0, signal.SIGINT)

    assert asyncio.run(ended(process)) == 130
    told = said.read_text("utf-8")
    assert "interrupted" in told
    assert "Traceback" not in told
    before = asked(place, tickets.all_tickets)
    assert len(before) < 4_000
    assert main(["import", "long.csv"]) == 0
    assert len(asked(place, tickets.all_tickets)) == 4_000
