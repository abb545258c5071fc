"""`/ticket`. Answers are for the one who asked only, and every mistake gets a sentence.

The command is acknowledged at once; what it asks for follows by its response_url.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.actions import REFUSALS, ActionRefused, Actor, refusal_text
from handlers.background import ListenerTasks
from handlers.commands.lists import ListPage, TicketLists
from handlers.commands.parse import TicketCommand, days_typed, read_command
from handlers.commands.thread_commands import ThreadCommand, ThreadCommands
from handlers.slack.permissions import Permissions
from handlers.views import modals
from handlers.views.blocks import section
from handlers.views.decision import decision_blocks
from handlers.views.elements import PARAGRAPH
from handlers.views.mrkdwn import readable_text
from handlers.views.ticket import ticket_view
from handlers.views.ticket_list import stats_blocks
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.reports import stats
from storage.reports.whole_ticket import decisions_and_calls, whole_ticket
from storage.tickets import changes, tickets
from storage.tickets.changes import NoTicket
from storage.tickets.models import Ticket

HELP = """*For everybody*
`/ticket` or `/ticket mine` · your tickets
`/ticket 1042` · one ticket with its history
`/ticket new [text]` · ask the desk something
`/ticket find <words>` · search, with filters such as `status:open before:2026-11-01`"""
AGENTS_HELP = """*For agents*
`/ticket queue [urgent | unassigned | a category | owner:@mai]` · what waits, next due first
`/ticket take 1042` · `assign 1042 @mai` · `priority 1042 high` · `tag 1042 billing`
`/ticket status 1042 open | pending | solved | closed` · `snooze 1042 2d` · `reopen 1042`
`/ticket merge 1042 1040` · `note 1042 …` · `resume 1042` (give it back to the bot)
`/ticket why 1042` · triage, route and reason, articles, prompts, models, cost
`/ticket stats [7d]` · the desk in figures
*Filters for find:* `status:open,pending` `from:@linh` `owner:@mai` (`me`, `nobody`) `in:#orders` \
`intent:refund_request` `priority:high` `before:2026-11-01` `after:7d`, and words \
`"in a row"`"""
# The verbs that agents also type in threads, where no command can be typed.
MACROS = (
    "take",
    "assign",
    "priority",
    "status",
    "snooze",
    "hold",
    "merge",
    "reopen",
    "solve",
    "close",
    "resume",
    "tag",
    "note",
)
AGENTS_ONLY = "Only the desk's agents can do this. Nothing was changed."
TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "invalid_trigger_id")

Message = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class TicketCommands:
    """What can be asked with `/ticket`. Who may ask it is checked here."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        thread_commands: ThreadCommands,
        lists: TicketLists,
        listener_tasks: ListenerTasks,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._macros = thread_commands
        self._lists = lists
        self._listener_tasks = listener_tasks
        self._desk = lists.desk
        self._verbs: dict[str, Callable[[TicketCommand], Awaitable[Message]]] = {
            "start": self._start,
            "help": self._help,
            "show": self._show,
            "mine": self._list,
            "queue": self._list,
            "find": self._find,
            "new": self._new,
            "why": self._why,
            "stats": self._stats,
            **dict.fromkeys(MACROS, self._macro),
        }

    async def ticket(self, ack: Ack, command: dict[str, Any], respond: Respond) -> None:
        """Acknowledge a command, then answer it."""
        await ack()
        self._listener_tasks.start(self._told(read_command(command), respond), respond)

    async def _told(self, asked: TicketCommand, respond: Respond) -> None:
        try:
            message = await self.answer(asked)
        except REFUSALS as error:
            message = {"text": refusal_text(error)}
        if message:
            await respond(**message, response_type="ephemeral")

    async def answer(self, asked: TicketCommand) -> Message:
        """The message that answers a command, empty when a form does.

        Raises:
            Refused: or another one of `REFUSALS`; the sentence says why.
        """
        work = self._verbs.get(asked.verb)
        if work is None:
            raise ActionRefused(f"I don't know `{asked.verb}`. `/ticket help` shows what I know.")
        return await work(asked)

    async def _start(self, asked: TicketCommand) -> Message:
        mine = await self._lists.show(asked.user, ListPage("mine"))
        shown = mine.get("blocks") or [section(mine["text"])]
        hint = section("`/ticket help` shows everything that can be asked.")
        return {"text": mine["text"], "blocks": [*shown, hint]}

    async def _help(self, asked: TicketCommand) -> Message:
        parts = [HELP, AGENTS_HELP] if await self._access.works(asked.user) else [HELP]
        return {"text": "What /ticket can do", "blocks": [section(part) for part in parts]}

    async def _show(self, asked: TicketCommand) -> Message:
        number, _ = asked.number()
        found = await self._store.read(tickets.find_ticket, number)
        ticket = await self._seen(found, asked.user, number)
        agent = await self._access.works(asked.user)
        return ticket_view(await self._store.read(whole_ticket, ticket, agent=agent))

    async def _seen(self, ticket: Ticket | None, user: str, number: int) -> Ticket:
        """The same sentence for both reasons, so that numbers tell nothing to strangers."""
        if ticket is None or not await self._access.may_see(user, ticket):
            raise NoTicket(f"There is no ticket T-{number} that you may see.")
        return ticket

    async def _list(self, asked: TicketCommand) -> Message:
        turn = ListPage("queue", asked.rest) if asked.verb == "queue" else ListPage("mine")
        return await self._lists.show(asked.user, turn)

    async def _find(self, asked: TicketCommand) -> Message:
        if not asked.rest:
            raise ActionRefused("What should I look for? `/ticket find broken kettle status:open`")
        return await self._lists.show(asked.user, ListPage("find", asked.rest))

    async def _new(self, asked: TicketCommand) -> Message:
        view = modals.new_ticket_modal(
            [intent.name for intent in self._desk.intents],
            channel=await self._channel(asked.channel),
            text=readable_text(asked.rest)[:PARAGRAPH],
        )
        try:
            await self._client.views_open(trigger_id=asked.trigger, view=view)
        except SlackApiError as error:
            if error.response.get("error") in TOO_LATE:
                raise ActionRefused(
                    "Slack did not open the form in time. Please try again."
                ) from error
            raise
        return {}

    async def _channel(self, channel: str) -> str | None:
        """Where the ticket's thread can begin: here, if the bot is in and it is not the agents'."""
        if channel == self._desk.desk.agents_channel:
            return None
        try:
            info = (await self._client.conversations_info(channel=channel))["channel"]
        except SlackApiError:
            return None
        return channel if info.get("is_member") and not info.get("is_im") else None

    async def _why(self, asked: TicketCommand) -> Message:
        await self._agents_only(asked)
        number, _ = asked.number()
        await self._store.read(changes.get_ticket, number)
        return {
            "text": f"Why? T-{number}",
            "blocks": decision_blocks(*await self._store.read(decisions_and_calls, number)),
        }

    async def _stats(self, asked: TicketCommand) -> Message:
        await self._agents_only(asked)
        length = days_typed(asked.rest)
        found = await self._store.read(stats.desk_stats, utc_now() - timedelta(days=length))
        return {"text": f"The last {length} days", "blocks": stats_blocks(found, length)}

    async def _macro(self, asked: TicketCommand) -> Message:
        await self._agents_only(asked)
        number, rest = asked.number()
        actor = Actor(asked.user, "command", asked.key)
        return {
            "text": await self._macros.run(
                ThreadCommand(asked.verb, rest_text(rest)), number, actor
            )
        }

    async def _agents_only(self, asked: TicketCommand) -> None:
        if not await self._access.works(asked.user):
            raise ActionRefused(AGENTS_ONLY)


def rest_text(rest: str) -> str:
    """Macros read `@U1` and `<@U1>` alike; other references become readable text."""
    return rest if rest.startswith("<@") else readable_text(rest)
