"""A ticket as `/ticket` shows it: pure builders over what the store holds."""

from collections.abc import Sequence
from typing import Any

from bot.pricing import dollars
from handlers.blocks import context, header, section
from handlers.mrkdwn import clipped, escape, when
from storage import ledger, lifecycle, tickets
from storage.database import Session
from storage.models import Call, Change, Decision, Message, Ticket

LINES = 12
LINE = 200
SHORT = 60
NAMES = {"customer": "Customer", "agent": "Agent", "bot": "Desk"}


def ticket_view(
    ticket: Ticket,
    messages: Sequence[Message],
    decisions: Sequence[Decision],
    calls: Sequence[Call],
    changes: Sequence[Change],
) -> dict[str, Any]:
    """One ticket: its state, what was said, and for agents what was done, why, and the cost."""
    blocks = [
        header(f"{ticket.number} · {ticket.title or ticket.intent or 'no title yet'}"),
        section(_state(ticket)),
        section("\n".join(_line(each) for each in messages[-LINES:]) or "_Nothing said yet._"),
    ]
    if changes:
        blocks.append(section("\n".join(_change(each) for each in changes[-LINES:])))
    if decisions:
        blocks.append(section("\n".join(_why(each) for each in decisions[-LINES:])))
    if calls:
        blocks.append(context(_cost(calls)))
    return {"text": f"{ticket.number}: {ticket.status}", "blocks": blocks}


def whole_ticket(session: Session, ticket: Ticket, *, agent: bool) -> dict[str, Any]:
    """The view of a ticket, read from the store; what is for agents only when `agent` is set."""
    number = ticket.id or 0
    return ticket_view(
        ticket,
        tickets.messages(session, number),
        tickets.decisions(session, number) if agent else [],
        ledger.calls(session, number) if agent else [],
        lifecycle.history(session, number) if agent else [],
    )


def _state(ticket: Ticket) -> str:
    owner = f"<@{ticket.assignee_id}>" if ticket.assignee_id else "nobody yet"
    first = when(ticket.first_response_at) if ticket.first_response_at else "not yet"
    return (
        f"*{ticket.status}* · {ticket.priority} priority · {ticket.intent or 'not triaged'}\n"
        f"From <@{ticket.requester_id}> in <#{ticket.channel_id}>, opened "
        f"{when(ticket.opened_at)} · first response {first} · owner {owner}"
    )


def _line(message: Message) -> str:
    said = escape(clipped(" ".join(message.text.split()), LINE)) or "_a file_"
    return f"*{NAMES.get(message.author, message.author)}:* {said}"


def _change(change: Change) -> str:
    who = f"<@{change.who}>" if change.who[:1] in "UW" else f"the {change.who}"
    before, after = (_value(change.what, each) for each in (change.before, change.after))
    return f"{when(change.at)} · {who} · {change.what}: {before} → {after} ({change.source})"


def _value(what: str, value: str | None) -> str:
    if value is None:
        return "–"
    return f"<@{value}>" if what == "owner" else escape(clipped(value, SHORT))


def _why(decision: Decision) -> str:
    model = f" by {decision.model}" if decision.model else ""
    return f"*{decision.outcome}*{model}: {escape(decision.reason)}"


def _cost(calls: Sequence[Call]) -> str:
    total = dollars(sum(call.nano_dollars for call in calls))
    slowest = max(call.latency_ms for call in calls)
    return f"{len(calls)} model calls, {total}, slowest {slowest} ms"
