"""Lists of tickets and figures, as Block Kit: pure builders for messages and for the Home."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.text.money import dollars
from handlers.views.blocks import Block, context, section
from handlers.views.elements import button
from handlers.views.mrkdwn import (
    channel_mention,
    clipped,
    doer_mention,
    escape,
    local_time,
    person_mention,
)
from storage.reports.desk_stats import DeskStats
from storage.tickets.tables import Ticket

SUBJECT = 150
STATUS = {"open": "🔵", "pending": "⚪", "on_hold": "⏸️", "solved": "✅", "closed": "🔒"}
PRIORITY = {"urgent": "🚨 ", "high": "🔺 ", "low": "🔻 "}


def ticket_lines(tickets: Sequence[Ticket], now: datetime) -> list[Block]:
    """Two lines for each ticket: what it is, and who has it until when."""
    return [ticket_line(each, now) for each in tickets]


def ticket_line(ticket: Ticket, now: datetime) -> Block:
    """Two lines for one ticket."""
    return section(f"{_subject(ticket)}\n{_state(ticket, now)}")


def turn_buttons(action: str, back: str | None, onwards: str | None) -> list[Block]:
    """Buttons to the page before and the page after; each value says how to get there."""
    buttons = []
    if back is not None:
        buttons.append(button(f"{action}_back", "← Back", back))
    if onwards is not None:
        buttons.append(button(f"{action}_next", "More →", onwards))
    return [{"type": "actions", "elements": buttons}] if buttons else []


def stats_blocks(stats: DeskStats, days: int) -> list[Block]:
    """What happened at the desk in so many days."""
    living = " · ".join(f"{count} {_spoken(name)}" for name, count in stats.living.items())
    blocks = [
        section(
            f"*The last {days} day{'s' if days > 1 else ''}*\n"
            f"{stats.opened} opened · {stats.solved} solved · {stats.reopened} came back · "
            f"{stats.missed} target{'s' if stats.missed != 1 else ''} missed\n"
            f"First response: {_median(stats.first_response)} · spent {_spent(stats)}"
        ),
        section(f"*Now:* {living or 'nothing to do'}"),
    ]
    if stats.outcomes:
        told = " · ".join(f"{count} {_spoken(name)}" for name, count in stats.outcomes.items())
        blocks.append(section(f"*What became of messages:* {told}"))
    if stats.solved_by:
        people = list(stats.solved_by.items())[:10]
        told = " · ".join(f"{doer_mention(who)} {count}" for who, count in people)
        blocks.append(context(f"Solved by {told}"))
    return blocks


def _subject(ticket: Ticket) -> str:
    title = escape(clipped(" ".join((ticket.title or "no title yet").split()), SUBJECT))
    mark = STATUS.get(ticket.status, "•")
    return f"{mark} *{ticket.number}* · {PRIORITY.get(ticket.priority, '')}{title}"


def _state(ticket: Ticket, now: datetime) -> str:
    told = [
        f"{person_mention(ticket.requester_id)} in {channel_mention(ticket.channel_id)}",
        local_time(ticket.opened_at),
    ]
    told.append(f"owner <@{ticket.assignee_id}>" if ticket.assignee_id else "no owner")
    if ticket.intent:
        told.append(escape(ticket.intent))
    if ticket.merged_into is not None:
        told.append(f"merged into T-{ticket.merged_into}")
    elif ticket.wake_at is not None:
        told.append(f"wakes {local_time(ticket.wake_at)}")
    elif ticket.due_at is not None:
        told.append(
            f"{'*late since*' if ticket.due_at < now else 'due'} {local_time(ticket.due_at)}"
        )
    return " · ".join(told)


def _median(span: timedelta | None) -> str:
    if span is None:
        return "none yet"
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    told = f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"
    return f"{told} (median)"


def _spent(stats: DeskStats) -> str:
    total = dollars(stats.nano_dollars)
    if not stats.solved:
        return total
    return f"{total}, {dollars(stats.nano_dollars // stats.solved)} for each ticket solved"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
