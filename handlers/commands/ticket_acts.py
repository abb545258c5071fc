"""What agents do to one ticket by a word. Callers have checked that an agent asked it.

Each answers with a sentence, or raises one of `REFUSALS`, having changed nothing.
"""

import re

from bot.tickets.refusals import ActionRefused
from bot.tickets.snooze import NotATime, wake_time
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.parse import NUMBER
from handlers.types import MessageBody
from handlers.views.mrkdwn import local_time, mrkdwn_link
from storage.db.columns import utc_now
from storage.tickets.states import PRIORITIES, STATUSES

_PERSON = re.compile(r"<?@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?")


async def solve(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.solve(asked.actor, asked.number)
    return _said(f"T-{asked.number} is solved.")


async def reopen(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.reopen(asked.actor, asked.number)
    return _said(f"T-{asked.number} is open again.")


async def take(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.take(asked.actor, asked.number)
    return _said(f"T-{asked.number} is yours, and the bot keeps quiet.")


async def resume(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.resume(asked.actor, asked.number)
    return _said(f"The bot answers in T-{asked.number} again.")


async def note(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.note(asked.actor, asked.number, asked.rest)
    return _said(f"Noted in T-{asked.number}, for agents only.")


async def issue(desk: TicketDesk, asked: Asked) -> MessageBody:
    made = await desk.issues.create(asked.actor, asked.number, asked.rest)
    return _said(f"T-{asked.number} has an issue: {mrkdwn_link(made.url, made.key)}")


async def tag(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.work.tag(asked.actor, asked.number, asked.rest.split())
    return _said(f"T-{asked.number} is tagged.")


async def hold(desk: TicketDesk, asked: Asked) -> MessageBody:
    return await _hold(desk, asked, asked.rest)


async def priority(desk: TicketDesk, asked: Asked) -> MessageBody:
    wanted = asked.rest.lower()
    if wanted not in PRIORITIES:
        raise ActionRefused(f"Expected one of {', '.join(PRIORITIES)}.")
    await desk.work.edit(asked.actor, asked.number, {}, {"priority": wanted})
    return _said(f"T-{asked.number} has {wanted} priority.")


async def status(desk: TicketDesk, asked: Asked) -> MessageBody:
    """Any status by its name; each has rules of its own."""
    wanted, _, until = asked.rest.lower().replace("-", "_").partition(" ")
    match wanted:
        case "on_hold" | "hold":
            return await _hold(desk, asked, until.strip())
        case "solved":
            return await solve(desk, asked)
        case "open" | "pending" | "closed":
            await desk.work.edit(asked.actor, asked.number, {}, {"status": wanted})
            return _said(f"T-{asked.number} is {wanted}.")
        case _:
            raise ActionRefused(f"Expected one of {', '.join(STATUSES)}.")


async def assign(desk: TicketDesk, asked: Asked) -> MessageBody:
    named = _PERSON.fullmatch(asked.rest)
    if named is None:
        raise ActionRefused("Expected a person, as in ?assign @mai.")
    if not await desk.access.works(named[1]):
        raise ActionRefused(f"<@{named[1]}> is not in the agents' channel.")
    await desk.work.edit(asked.actor, asked.number, {}, {"assignee_id": named[1]})
    return _said(f"T-{asked.number} belongs to <@{named[1]}>.")


async def tell_all(desk: TicketDesk, asked: Asked) -> MessageBody:
    told = await desk.work.tell_all(asked.actor, asked.number, asked.rest)
    return _said(f"On its way to the customers of {told} tickets.")


async def merge(desk: TicketDesk, asked: Asked) -> MessageBody:
    target = NUMBER.fullmatch(asked.rest)
    if target is None:
        raise ActionRefused("Expected a ticket, as in ?merge T-1042.")
    await desk.work.merge(asked.actor, asked.number, int(target[1]))
    return _said(f"T-{asked.number} is merged into T-{target[1]}.")


async def _hold(desk: TicketDesk, asked: Asked, span: str) -> MessageBody:
    try:
        until = wake_time(span, utc_now(), desk.lists.desk.zone)
    except NotATime as error:
        raise ActionRefused(str(error)) from None
    await desk.work.hold(asked.actor, asked.number, until)
    return _said(f"T-{asked.number} is on hold until {local_time(until)}.")


def _said(sentence: str) -> MessageBody:
    return {"text": sentence}
