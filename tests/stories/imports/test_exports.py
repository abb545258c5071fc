"""Exports in the layouts of eight desks: known by their columns, with who said what and when."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.config.settings_file import load_store_settings
from storage.db.database import Database
from storage.intake import notes
from storage.tickets import messages, tickets

AT = "2026-10-01T10:00:00Z"
LATER = "2026-10-01T11:00:00Z"
EPOCH = 1790848800
ZENDESK: dict[str, Any] = {
    "id": 7, "subject": "Lamp", "description": "It flickers", "status": "hold", "priority": None,
    "requester_id": 11, "assignee_id": 22, "created_at": AT,
    "comments": [
        {"id": 9, "author_id": 11, "body": "It flickers\n", "created_at": AT},
        {"id": 1, "author_id": 22, "html_body": "<p>Unplug <b>it</b></p>", "created_at": LATER},
        {"id": 2, "author_id": 11, "body": "Thanks", "public": True, "created_at": LATER},
        {"id": 3, "author_id": 22, "body": "Rude", "public": False, "created_at": LATER},
    ],
}  # fmt: skip
FRESHDESK: dict[str, Any] = {
    "id": 7, "subject": "Lamp", "description_text": "It flickers", "status": 3, "priority": 2,
    "requester_id": 11, "responder_id": 22, "created_at": AT,
    "conversations": [
        {"id": 1, "user_id": 22, "incoming": False, "body_text": "Unplug it", "created_at": LATER},
        {"id": 2, "user_id": 11, "incoming": True, "body_text": "Thanks", "created_at": LATER},
        {"id": 3, "user_id": 22, "private": True, "body_text": "Rude", "created_at": LATER},
    ],
}  # fmt: skip
INTERCOM: dict[str, Any] = {
    "type": "conversation", "id": "7", "created_at": EPOCH, "state": "snoozed", "title": "Lamp",
    "source": {"body": "<p>It flickers</p>", "author": {"type": "user", "id": "11"}},
    "admin_assignee_id": 22,
    "conversation_parts": {"conversation_parts": [
        {"id": "1", "part_type": "comment", "body": "<p>Unplug it</p>", "created_at": EPOCH + 3600,
         "author": {"type": "admin", "id": "22"}},
        {"id": "2", "part_type": "comment", "body": "<p>Thanks</p>", "created_at": EPOCH + 3600,
         "author": {"type": "user", "id": "11"}},
        {"id": "3", "part_type": "note", "body": "<p>Rude</p>", "created_at": EPOCH + 3600,
         "author": {"type": "admin", "id": "22"}},
        {"id": "4", "part_type": "assignment", "body": None, "author": {"type": "bot"}},
    ]},
}  # fmt: skip
JIRA: dict[str, Any] = {
    "key": "7",
    "fields": {
        "summary": "Lamp", "description": "It flickers", "status": {"name": "Waiting for customer"},
        "reporter": {"displayName": "11"}, "assignee": {"displayName": "22"}, "created": AT,
        "comment": {"comments": [
            {"id": "1", "author": {"displayName": "22"}, "body": "Unplug it", "created": LATER},
            {"id": "2", "author": {"displayName": "11"}, "body": "Thanks", "created": LATER},
            {"id": "3", "author": {"displayName": "22"}, "body": "Rude", "created": LATER,
             "jsdPublic": False},
        ]},
    },
}  # fmt: skip
ZAMMAD: dict[str, Any] = {
    "id": 1, "number": "7", "title": "Lamp", "state": "pending reminder", "priority": "2 normal",
    "customer": "11", "owner": "22", "created_at": AT,
    "articles": [
        {"id": 9, "sender": "Customer", "from": "11", "body": "It flickers", "created_at": AT},
        {"id": 1, "sender": "Agent", "from": "22", "body": "Unplug it", "created_at": LATER},
        {"id": 2, "sender": "Customer", "from": "11", "body": "Thanks", "created_at": LATER},
        {"id": 3, "sender": "Agent", "from": "22", "body": "Rude", "created_at": LATER,
         "internal": True},
        {"id": 4, "sender": "System", "from": "x", "body": "Auto reply", "created_at": LATER},
    ],
}  # fmt: skip
CHATWOOT: dict[str, Any] = {
    "id": 7, "status": "pending", "inbox_id": 1, "created_at": EPOCH,
    "meta": {"sender": {"name": "11"}, "assignee": {"name": "22"}},
    "messages": [
        {"id": 9, "message_type": 0, "content": "It flickers", "created_at": EPOCH,
         "sender": {"name": "11"}},
        {"id": 1, "message_type": 1, "content": "Unplug it", "created_at": EPOCH + 3600,
         "sender": {"name": "22"}},
        {"id": 2, "message_type": 0, "content": "Thanks", "created_at": EPOCH + 3600,
         "sender": {"name": "11"}},
        {"id": 3, "message_type": 1, "content": "Rude", "created_at": EPOCH + 3600,
         "private": True, "sender": {"name": "22"}},
        {"id": 4, "message_type": 2, "content": "Assigned to 22", "created_at": EPOCH + 3600},
    ],
}  # fmt: skip
HELP_SCOUT: dict[str, Any] = {
    "id": 900, "number": 7, "threads": 3, "status": "pending", "subject": "Lamp",
    "preview": "It fl…", "createdAt": AT, "closedAt": None, "primaryCustomer": {"email": "11"},
    "assignee": {"email": "22"},
    "_embedded": {"threads": [
        {"id": 3, "type": "note", "body": "Rude", "createdAt": LATER,
         "createdBy": {"type": "user", "email": "22"}},
        {"id": 4, "type": "customer", "body": "Thanks", "createdAt": "2026-10-01T12:00:00Z",
         "createdBy": {"type": "customer", "email": "11"}},
        {"id": 2, "type": "message", "body": "<p>Unplug it</p>", "createdAt": LATER,
         "createdBy": {"type": "user", "email": "22"}},
        {"id": 1, "type": "customer", "body": "It flickers", "createdAt": AT,
         "createdBy": {"type": "customer", "email": "11"}},
        {"id": 5, "type": "lineitem", "body": None, "createdAt": LATER},
    ]},
}  # fmt: skip
GORGIAS: dict[str, Any] = {
    "id": 7, "status": "snoozed", "priority": "normal", "subject": "Lamp",
    "customer": {"email": "11"}, "assignee_user": {"email": "22"},
    "created_datetime": "2026-10-01T10:00:00.5",
    "messages": [
        {"id": 9, "from_agent": False, "public": True, "body_text": "It flickers",
         "sender": {"email": "11"}, "created_datetime": "2026-10-01T10:00:00.5"},
        {"id": 1, "from_agent": True, "public": True, "body_text": "Unplug it",
         "sender": {"email": "22"}, "created_datetime": "2026-10-01T11:00:00.5"},
        {"id": 2, "from_agent": False, "public": True, "body_text": "Thanks",
         "sender": {"email": "11"}, "created_datetime": "2026-10-01T11:00:00.5"},
        {"id": 3, "from_agent": True, "public": False, "body_text": "Rude",
         "sender": {"email": "22"}, "created_datetime": "2026-10-01T11:00:00.5"},
    ],
}  # fmt: skip
HAPPYFOX: dict[str, Any] = {
    "id": 1, "display_id": "7", "subject": "Lamp", "first_message": "It flickers",
    "status": {"name": "On Hold", "behavior": "pending"}, "priority": {"name": "Medium"},
    "user": {"email": "11", "name": "Jo"}, "assigned_to": {"name": "22"}, "created_at": AT,
    "updates": [
        {"update_id": 9, "timestamp": AT, "by": {"type": "user", "email": "11"},
         "message": {"text": "It flickers"}},
        {"update_id": 1, "timestamp": LATER, "by": {"type": "staff", "name": "22"},
         "message": {"text": "Unplug it"}},
        {"update_id": 2, "timestamp": LATER, "by": {"type": "user", "email": "11"},
         "message": {"text": "Thanks"}},
        {"update_id": 3, "timestamp": LATER, "by": {"type": "staff", "name": "22"},
         "message": {"text": "Rude", "message_type": "p"}},
        {"update_id": 4, "timestamp": LATER, "by": None, "message": None},
    ],
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"DATABASE_URL={database_url}\n")
    return tmp_path


def stored(place: Path) -> tuple[Any, list[tuple[str, str, str]], list[tuple[str, str]]]:
    """The one ticket, what was said in it, and the notes."""

    async def read() -> Any:
        store = Database(load_store_settings(place / ".env").database_url)
        (ticket,) = await store.read(tickets.all_tickets)
        said = await store.read(messages.messages_of_ticket, ticket.ticket_id)
        noted = await store.read(notes.notes_of_ticket, ticket.ticket_id)
        await store.close()
        return (
            ticket,
            [(each.author, each.author_id, each.text) for each in said],
            [(each.author_id, each.text) for each in noted],
        )

    found: tuple[Any, list[tuple[str, str, str]], list[tuple[str, str]]] = asyncio.run(read())
    return found


@pytest.mark.parametrize(
    ("desk", "export"),
    [
        ("Zendesk", {"tickets": [ZENDESK], "users": [{"id": 11, "name": "Jo"}], "count": 1}),
        ("Freshdesk", [FRESHDESK]),
        ("Intercom", {"type": "conversation.list", "conversations": [INTERCOM]}),
        ("Jira", {"issues": [JIRA], "total": 1}),
        ("Zammad", [ZAMMAD]),
        ("Chatwoot", {"data": {"meta": {"all_count": 1}, "payload": [CHATWOOT]}}),
        ("Help Scout", {"_embedded": {"conversations": [HELP_SCOUT]}, "page": {"size": 25}}),
        ("Gorgias", {"data": [GORGIAS], "object": "list"}),
        ("HappyFox", {"page_info": {"count": 1}, "rows": [HAPPYFOX]}),
    ],
)
def test_what_was_said_is_kept_with_who_said_it(
    place: Path, capsys: pytest.CaptureFixture[str], desk: str, export: Any
) -> None:
    """Customers' and agents' words in their order, notes as notes, and nothing twice."""
    (place / "x.json").write_text(json.dumps(export, indent=2), "utf-8")
    assert main(["import", "x.json"]) == 0
    assert main(["import", "x.json"]) == 0

    told = capsys.readouterr()
    ticket, said, noted = stored(place)
    assert f"{desk}, by its columns" in told.err
    assert "0 added, 0 changed, 1 as before" in told.out
    assert said == [
        ("customer", "11", "It flickers"),
        ("agent", "22", "Unplug it"),
        ("customer", "11", "Thanks"),
    ]
    assert noted == [("22", "Rude")]
    assert (ticket.thread_ts, ticket.status, ticket.requester_id) == ("7", "pending", "11")
    assert (ticket.assignee_id, ticket.priority) == ("22", "normal")
    assert ticket.opened_at.isoformat() == AT.replace("Z", "+00:00")


CSV = {
    "Zendesk": "Ticket id,Subject,Description,Requester,Requester email,Assignee,Status,Priority,"
    "Created at,Solved at\n7,Lamp,It flickers,Jo,11,22,On-hold,-,2026-10-01 10:00:00 UTC,\n",
    "Freshdesk": "Ticket ID,Subject,Status,Priority,Agent,Created time,Resolved time,Email,"
    "Description\n7,Lamp,Waiting on Customer,Medium,22,2026-10-01 17:00:00,,11,It flickers\n",
    "HubSpot": "Ticket ID,Ticket name,Ticket status,Create date,Priority,Ticket owner,"
    "Ticket description,Email\n7,Lamp,Waiting on contact,2026-10-01 17:00,MEDIUM,22,It flickers,"
    "11\n",
    "Jira": "Summary,Issue key,Status,Priority,Resolution,Assignee,Reporter,Created,Description,"
    "Comment,Comment\nLamp,7,Pending,Medium,Done,22,11,01/Oct/26 5:00 PM,It flickers,,\n",
    "Zoho Desk": "ID,Subject,Description,Status,Contact Name,Email,Priority,Ticket Id,Created Time,"
    "Ticket Owner,Ticket Closed Time\n1,Lamp,<div>It flickers</div>,On Hold,Jo,11,-None-,7,"
    "2026-10-01 17:00:00,22,\n",
    "Intercom": "Conversation ID,Conversation started at (UTC),Conversation state,Last teammate,"
    "User email,Subject,First message\n7,2026-10-01 17:00,snoozed,22,11,Lamp,It flickers\n",
    "osTicket": "Ticket Number,Date Created,Subject,From,From Email,Priority,Current Status,"
    "Agent Assigned,Due Date\n7,10/1/26 5:00 PM,It flickers,Jo,11,Normal,Pending,22,10/13/26\n",
}  # fmt: skip


@pytest.mark.parametrize("desk", CSV)
def test_tables_of_desks_are_known_by_their_columns(
    place: Path, capsys: pytest.CaptureFixture[str], desk: str
) -> None:
    """A zone and an order are said where the export does not say them."""
    (place / "x.csv").write_text(CSV[desk], "utf-8")
    said = ["--zone", "Asia/Ho_Chi_Minh", "--date-order", "mdy"]
    assert main(["import", "x.csv", *said]) == 0

    ticket, words, _ = stored(place)
    assert f"{desk}, by its columns" in capsys.readouterr().err
    assert words == [("customer", "11", "It flickers")]
    assert (ticket.thread_ts, ticket.status, ticket.assignee_id) == ("7", "pending", "22")
    assert ticket.opened_at.isoformat() == AT.replace("Z", "+00:00")


def test_rows_of_front_are_messages(place: Path) -> None:
    """What came in is the customer's, what went out an agent's, what was said within nobody's."""
    head = (
        "Message ID,Conversation ID,Direction,Status,Message date,Author,Contact handle,Extract\n"
    )
    rows = (
        "m1,7,Inbound,Archived,2026-10-01 10:00:00,,11,It flickers\n"
        "m2,7,Outbound,Archived,2026-10-01 11:00:00,22,11,Unplug it\n"
        "m3,7,Internal,Archived,2026-10-01 12:00:00,22,11,Rude\n"
    )
    (place / "x.csv").write_text(head + rows, "utf-8")
    assert main(["import", "x.csv", "--zone", "UTC"]) == 0

    _, words, _ = stored(place)
    assert words == [("customer", "11", "It flickers"), ("agent", "22", "Unplug it")]


def test_names_with_signs_and_brackets_are_understood(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number is called #, a date says its zone, a status its pipeline, a priority its place."""
    text = (
        "#,Title,Contents,State,Priority,Requestors,Create Date (EDT)\n"
        "7,Lamp,It flickers,Closed (Sales),1 - Critical,11,Thu Oct 01 10:00:00 2026\n"
    )
    (place / "x.csv").write_text(text, "utf-8")
    assert main(["import", "x.csv", "--zone", "UTC"]) == 0

    ticket, words, _ = stored(place)
    assert words == [("customer", "11", "It flickers")]
    assert (ticket.thread_ts, ticket.status, ticket.priority) == ("7", "closed", "urgent")
    assert ticket.opened_at.isoformat() == AT.replace("Z", "+00:00")
    assert "the number of the line" not in capsys.readouterr().err


def test_tickets_without_a_number_are_called_after_their_line_which_is_shown(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later export may have other lines, so people see it before anything is written."""
    (place / "x.csv").write_text("body,status\nIt flickers,open\n", "utf-8")
    assert main(["import", "x.csv", "--opened-on", "2026-10-01"]) == 0
    assert "id ← the number of the line (--id COLUMN)" in capsys.readouterr().err


def test_comments_of_jira_become_messages(place: Path) -> None:
    """Cells of one name, each with its date, its author and its words; semicolons may follow."""
    head = "Summary,Issue key,Status,Assignee,Reporter,Created,Description,Comment,Comment\n"
    row = 'Lamp,SUP-1,Done,mai,jo,01/Oct/26 5:00 PM,Broken,"{}","{}"\n'
    comments = ("01/Oct/26 6:00 PM;mai;Unplug it; then wait", "01/Oct/26 7:00 PM;jo;Thanks")
    (place / "x.csv").write_text(head + row.format(*comments), "utf-8")
    assert main(["import", "x.csv", "--zone", "UTC"]) == 0

    _, words, _ = stored(place)
    assert words == [
        ("customer", "jo", "Broken"),
        ("agent", "mai", "Unplug it; then wait"),
        ("customer", "jo", "Thanks"),
    ]


def test_rows_that_are_messages_become_one_ticket(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Intercom's transcripts are written; what nobody says is skipped."""
    head = (
        "message_id,message_body,message_type,message_created_at,message_author_type,"
        "message_author_name,conversation_id,conversation_state\n"
    )
    rows = (
        "m1,It flickers,conversation_message,2026-10-01 10:00:00,user,11,7,closed\n"
        "m2,Unplug it,comment,2026-10-01 11:00:00,admin,22,7,closed\n"
        "m3,Rude,note,2026-10-01 11:30:00,admin,22,7,closed\n"
    )
    (place / "x.csv").write_text(head + rows, "utf-8")
    assert main(["import", "x.csv"]) == 0

    _, words, noted = stored(place)
    assert words == [("customer", "11", "It flickers"), ("agent", "22", "Unplug it")]
    assert noted == [("22", "Rude")]
    assert "lines    4 = 3 done + 0 failed + 1 skipped" in capsys.readouterr().err


REPORT = (
    '"Reporting period 2026-09-01 to 2026-09-30"\n\n'
    "Conversation ID,Inbox Name,Customer Name,Customer Email,Agent Name,"
    "Conversation Status,Labels\n"
    "12,Web,Lan,lan@example.com,-,resolved,billing\n"
)


def test_a_report_of_chatwoot_is_known_and_nobody_is_no_agent(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "report.csv").write_text(REPORT)

    assert main(["import", "report.csv", "--yes", "--opened-on", "2026-09-30"]) == 0
    ticket, said, _ = stored(place)
    assert "Chatwoot, by its columns" in capsys.readouterr().err
    assert (ticket.status, ticket.assignee_id) == ("solved", None)
    assert [text for _, _, text in said] == ["billing"]


@pytest.mark.parametrize(
    "row",
    [
        "Mã,Tiêu đề,Nội dung,Trạng thái,Ngày tạo,Người yêu cầu\n7,Đèn,Nó nháy,open,{},an\n",
        "Ticketnummer;Betreff;Beschreibung;Status;Erstellt am;Kunde\n7;Đèn;Nó nháy;open;{};\n",
        "Numéro du ticket,Objet,Description,Statut,Créé le,Demandeur\n7,Đèn,Nó nháy,open,{},an\n",
        "ID del ticket,Asunto,Descripción,Estado,Fecha de creación\n7,Đèn,Nó nháy,open,{}\n",
        "チケットID,件名,説明,ステータス,作成日時,リクエスタ\n7,Đèn,Nó nháy,open,{},an\n",
    ],
)  # fmt: skip
def test_columns_are_known_in_the_languages_of_desks(place: Path, row: str) -> None:
    (place / "t.csv").write_text(row.format(AT))

    assert main(["import", "t.csv", "--yes"]) == 0
    ticket, said, _ = stored(place)
    assert (ticket.title, ticket.status, ticket.opened_at.hour) == ("Đèn", "open", 10)
    assert [text for _, _, text in said] == ["Nó nháy"]


def test_words_that_only_some_rows_have_are_read(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first row alone does not say which fields there are; a subject alone is a ticket too."""
    rows = [
        {"id": 1, "subject": "Lamp", "status": "closed", "created_at": AT},
        {"id": 2, "subject": "Fan", "body": "It hums", "status": "closed", "created_at": AT},
    ]
    (place / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))

    assert main(["import", "t.jsonl", "--yes"]) == 0
    shown = capsys.readouterr().err
    assert "text ← body" in shown
    assert "not read" not in shown
