"""What people ask of the desk by `/ticket`, without changing a ticket.

Each answers with a message, empty when a form opens instead, or raises one of `REFUSALS`.
"""

from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.messages.outcomes import UNANSWERED
from bot.reports.gaps import find_gaps
from bot.tickets.refusals import ActionRefused
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.lists import ListPage
from handlers.commands.parse import days_typed
from handlers.slack.modal import open_modal
from handlers.types import MessageBody
from handlers.views import modals
from handlers.views.blocks import section
from handlers.views.decision import decision_blocks
from handlers.views.elements import PARAGRAPH
from handlers.views.gaps import gaps_view
from handlers.views.mrkdwn import readable_text
from handlers.views.ticket import ticket_view
from handlers.views.ticket_list import stats_blocks
from storage.db.columns import utc_now
from storage.reports import desk_stats
from storage.reports import gaps as questions_asked
from storage.reports.whole_ticket import decisions_and_calls, whole_ticket
from storage.tickets import changes, tickets
from storage.tickets.changes import NoTicket

TOO_LATE = "Slack did not open the form in time. Please try again."


async def start(desk: TicketDesk, asked: Asked) -> MessageBody:
    """What `/ticket` alone shows."""
    mine = await desk.lists.show(asked.user, ListPage("mine"))
    shown = mine.get("blocks") or [section(mine["text"])]
    hint = section("`/ticket help` shows everything that can be asked.")
    return {"text": mine["text"], "blocks": [*shown, hint]}


async def mine(desk: TicketDesk, asked: Asked) -> MessageBody:
    return await desk.lists.show(asked.user, ListPage("mine"))


async def queue(desk: TicketDesk, asked: Asked) -> MessageBody:
    return await desk.lists.show(asked.user, ListPage("queue", asked.rest))


async def find(desk: TicketDesk, asked: Asked) -> MessageBody:
    if not asked.rest:
        raise ActionRefused("What should I look for? `/ticket find broken kettle status:open`")
    return await desk.lists.show(asked.user, ListPage("find", asked.rest))


async def show(desk: TicketDesk, asked: Asked) -> MessageBody:
    """One sentence for both reasons to refuse, so that numbers tell nothing to strangers."""
    ticket = await desk.store.read(tickets.find_ticket, asked.number)
    if ticket is None or not await desk.access.may_see(asked.user, ticket):
        raise NoTicket(f"There is no ticket T-{asked.number} that you may see.")
    agent = await desk.access.works(asked.user)
    return ticket_view(await desk.store.read(whole_ticket, ticket, agent=agent))


async def new(desk: TicketDesk, asked: Asked) -> MessageBody:
    view = modals.new_ticket_modal(
        [intent.name for intent in desk.lists.desk.intents],
        channel=await _channel(desk, asked.channel),
        text=readable_text(asked.rest)[:PARAGRAPH],
    )
    await open_modal(desk.client, asked.trigger, view, TOO_LATE)
    return {}


async def why(desk: TicketDesk, asked: Asked) -> MessageBody:
    await desk.store.read(changes.get_ticket, asked.number)
    return {
        "text": f"Why? T-{asked.number}",
        "blocks": decision_blocks(*await desk.store.read(decisions_and_calls, asked.number)),
    }


async def gaps(desk: TicketDesk, asked: Asked) -> MessageBody:
    length = days_typed(asked.rest or f"{questions_asked.DAYS}d")
    since = utc_now() - timedelta(days=length)
    unanswered = await desk.store.read(questions_asked.unanswered, UNANSWERED, since)
    found = find_gaps(unanswered)
    return {"text": f"{len(found)} gaps", "blocks": gaps_view(found, length)}


async def stats(desk: TicketDesk, asked: Asked) -> MessageBody:
    length = days_typed(asked.rest)
    since = utc_now() - timedelta(days=length)
    found = await desk.store.read(desk_stats.desk_stats, since)
    return {"text": f"The last {length} days", "blocks": stats_blocks(found, length)}


async def _channel(desk: TicketDesk, channel: str) -> str | None:
    """Where the ticket's thread can begin: here, if the bot is in and it is not the agents'."""
    if channel == desk.lists.desk.desk.agents_channel:
        return None
    try:
        info = (await desk.client.conversations_info(channel=channel))["channel"]
    except SlackApiError:
        return None
    return channel if info.get("is_member") and not info.get("is_im") else None
