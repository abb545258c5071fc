"""A ticket as `/ticket` shows it: pure builders over what the store holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.text.money import dollars
from handlers.views.blocks import Block, context, header, section
from handlers.views.mrkdwn import (
    channel_mention,
    clipped,
    doer_mention,
    escape,
    local_time,
    person_mention,
)
from storage.intake.notes import NoteRow
from storage.reports.whole_ticket import TicketDetails, WholeTicket
from storage.tickets import audit
from storage.tickets import changes as tickets_changes
from storage.tickets.tables import CallRow, Change, Decision, Message, Ticket

LINES = 12
LINE = 200
SHORT = 60
# What stands above already, or in what the bot decided: beside it nobody would find the rest.
UNTOLD = frozenset(
    audit.NAMES[each]
    for each in (tickets_changes.UNSEEN - {"private"}) | {"first_response_at", "due_at"}
)
NAMES = {"customer": "Customer", "agent": "Agent", "bot": "Desk"}


def ticket_view(whole: WholeTicket) -> dict[str, Any]:
    """One ticket: its state, what was said, and for agents what stands behind it."""
    ticket, messages, behind = whole.ticket, whole.said, whole.details
    blocks = [
        header(f"{ticket.number} · {ticket.title or ticket.intent or 'no title yet'}"),
        section(_state(ticket)),
        *([section(f"*In short:* {escape(ticket.summary)}")] if ticket.summary else []),
        section("\n".join(_line(each) for each in messages[-LINES:]) or "_Nothing said yet._"),
    ]
    if behind is not None:
        blocks += _behind(behind)
    return {"text": f"{ticket.number}: {ticket.status}", "blocks": blocks}


def _behind(behind: TicketDetails) -> list[Block]:
    lists = (
        ("Incident", _incident(behind)),
        ("Notes among agents", [_note(each) for each in behind.notes]),
        ("What was done", [_change(each) for each in behind.changes if each.what not in UNTOLD]),
        ("What the bot decided", [_why(each) for each in behind.decisions]),
    )
    blocks = [section("\n".join([f"*{name}*", *lines[-LINES:]])) for name, lines in lists if lines]
    return [*blocks, context(_cost(behind.calls))] if behind.calls else blocks


def _incident(behind: TicketDetails) -> list[str]:
    """The ticket that stands for the incident, or those that are linked to this one."""
    if behind.incident:
        return [f"Part of the incident that T-{behind.incident} stands for."]
    return [
        f"{each.number} · {each.status} · {person_mention(each.requester_id)} in "
        f"{channel_mention(each.channel_id)}"
        for each in behind.linked
    ]


def _state(ticket: Ticket) -> str:
    owner = f"<@{ticket.assignee_id}>" if ticket.assignee_id else "nobody yet"
    first = local_time(ticket.first_response_at) if ticket.first_response_at else "not yet"
    status = f"on hold until {local_time(ticket.wake_at)}" if ticket.wake_at else ticket.status
    return (
        f"*{status}* · {ticket.priority} priority · {ticket.intent or 'not triaged'}\n"
        f"From {person_mention(ticket.requester_id)} in {channel_mention(ticket.channel_id)}, "
        f"opened {local_time(ticket.opened_at)} · first response {first} · owner {owner}"
    )


def _line(message: Message) -> str:
    said = escape(clipped(" ".join(message.text.split()), LINE)) or "_a file_"
    return f"*{NAMES.get(message.author, message.author)}:* {said}"


def _note(note: NoteRow) -> str:
    said = escape(clipped(" ".join(note.text.split()), LINE))
    return f"{local_time(note.noted_at)} · {person_mention(note.author_id)}: {said}"


def _change(change: Change) -> str:
    who = doer_mention(change.who)
    before, after = (_value(change.what, each) for each in (change.before, change.after))
    return f"{local_time(change.at)} · {who} · {change.what}: {before} → {after} ({change.source})"


def _value(what: str, value: str | None) -> str:
    """A value of the audit for people: users by mention, moments in the reader's own zone."""
    if not value:
        return "–"
    match what:
        case "owner":
            return f"<@{value}>"
        case "wake-up" | "taken over" | "handed over" | "solved at":
            return local_time(datetime.fromisoformat(value))
        case _:
            return escape(clipped(value, SHORT))


def _why(decision: Decision) -> str:
    model = f" by {decision.model}" if decision.model else ""
    return f"*{decision.outcome}*{model}: {escape(decision.reason)}"


def _cost(calls: Sequence[CallRow]) -> str:
    total = dollars(sum(call.nano_dollars for call in calls))
    slowest = max(call.latency_ms for call in calls)
    number = "1 model call" if len(calls) == 1 else f"{len(calls)} model calls"
    return f"{number}, {total}, slowest {slowest} ms"
