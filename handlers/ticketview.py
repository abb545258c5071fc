"""A ticket as `/ticket` shows it: pure builders over what the store holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.pricing import dollars
from handlers.blocks import Block, context, header, section
from handlers.mrkdwn import clipped, escape
from storage.models import Call, Decision, Message, Ticket

LINES = 12
LINE = 200
NAMES = {"customer": "Customer", "agent": "Agent", "bot": "Desk"}


def ticket_view(
    ticket: Ticket,
    messages: Sequence[Message],
    decisions: Sequence[Decision],
    calls: Sequence[Call],
) -> dict[str, Any]:
    """One ticket: its state, what was said, and for agents what was decided and what it cost."""
    blocks = [
        header(f"{ticket.number} · {ticket.title or ticket.intent or 'no title yet'}"),
        section(_state(ticket)),
        section("\n".join(_line(each) for each in messages[-LINES:]) or "_Nothing said yet._"),
    ]
    if decisions:
        blocks.append(section("\n".join(_why(each) for each in decisions[-LINES:])))
    if calls:
        blocks.append(context(_cost(calls)))
    return {"text": f"{ticket.number}: {ticket.status}", "blocks": blocks}


def ticket_list(own: Sequence[Ticket]) -> dict[str, Any]:
    """The tickets of one person, newest first."""
    if not own:
        return {"text": "You have no tickets."}
    lines = [
        f"*{each.number}* · {each.status} · {_date(each.opened_at)} · "
        f"{escape(clipped(each.title or each.intent or 'no title yet', LINE))}"
        for each in own
    ]
    blocks: list[Block] = [section("\n".join(lines))]
    return {"text": f"Your {len(own)} latest tickets", "blocks": blocks}


def _state(ticket: Ticket) -> str:
    owner = f"<@{ticket.assignee_id}>" if ticket.assignee_id else "nobody yet"
    first = _date(ticket.first_response_at) if ticket.first_response_at else "not yet"
    return (
        f"*{ticket.status}* · {ticket.priority} priority · {ticket.intent or 'not triaged'}\n"
        f"From <@{ticket.requester_id}> in <#{ticket.channel_id}>, opened "
        f"{_date(ticket.opened_at)} · first response {first} · owner {owner}"
    )


def _line(message: Message) -> str:
    said = escape(clipped(" ".join(message.text.split()), LINE)) or "_a file_"
    return f"*{NAMES.get(message.author, message.author)}:* {said}"


def _why(decision: Decision) -> str:
    model = f" by {decision.model}" if decision.model else ""
    return f"*{decision.outcome}*{model}: {escape(decision.reason)}"


def _cost(calls: Sequence[Call]) -> str:
    total = dollars(sum(call.nano_dollars for call in calls))
    slowest = max(call.latency_ms for call in calls)
    return f"{len(calls)} model calls, {total}, slowest {slowest} ms"


def _date(moment: datetime) -> str:
    """Slack shows the moment in the reader's own time zone."""
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"
