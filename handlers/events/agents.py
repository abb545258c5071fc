"""The agents' side: what they type under cards and in customers' threads, and how they react.

Under a card a message goes to the customer only when every line of it begins with `>` (or it begins
with `>>>`). Everything else stays a note among agents, in a table that no customer's view and no
prompt is made from.
"""

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.inbound import message_key
from bot.tickets.actions import (
    REFUSALS,
    ActionRefused,
    ActionRepeated,
    Actor,
    TicketActions,
    merged_answer_text,
    refusal_text,
)
from handlers.commands.thread_commands import ThreadCommand, ThreadCommands, read_thread_command
from handlers.events.payload import PERSONAL
from handlers.slack.permissions import Permissions
from handlers.views.mrkdwn import readable_text
from storage.db.database import Database
from storage.tickets import cards, tickets
from storage.tickets.changes import ChangeSource

TAKEN = "eyes"
SOLVED = ("white_check_mark", "heavy_check_mark")
SENT = "outbox_tray"
MIXED = (
    "Nothing was sent: some lines begin with `>` and some do not. To answer the customer begin "
    "every line with `>`, or the first with `>>>`. This stays a note."
)

log = structlog.get_logger("backstage")


class AgentEvents:
    """Listens to agents."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        work: TicketActions,
        thread_commands: ThreadCommands,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._work = work
        self._macros = thread_commands

    async def agent_spoke(self, event: dict[str, Any], team: str) -> None:
        """A message in the agents' channel; only what stands under a card is of interest."""
        if event.get("subtype") in ("message_changed", "message_deleted"):
            await self._revised(event, team)
            return
        user, root = event.get("user"), event.get("thread_ts")
        if event.get("bot_id") or event.get("subtype") not in PERSONAL or not (user and root):
            return
        card = await self._store.read(cards.card_at, event["channel"], root)
        if card is not None and await self._access.works(user):
            await self._under_card(event, team, card.ticket_id)

    async def thread_command(self, event: dict[str, Any], team: str) -> bool:
        """Whether an agent's message in a customer's thread is a macro; then it is carried out.

        It is no word to the customer: it is not stored as one, and takes nothing over.
        """
        thread_command = read_thread_command(readable_text(event.get("text") or ""))
        if thread_command is None or not event.get("thread_ts"):
            return False
        ticket = await self._store.read(
            tickets.ticket_of_thread, team, event["channel"], event["thread_ts"]
        )
        if ticket is None:
            return False
        await self._macro(event, team, thread_command, ticket.ticket_id)
        return True

    async def reacted(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """An agent's 👀 or ✅ on the message that opened a ticket does what the button does."""
        item, user, name = event["item"], str(event["user"]), str(event["reaction"])
        if item.get("type") != "message" or name not in (TAKEN, *SOLVED):
            return
        team = str(body["team_id"])
        ticket = await self._store.read(tickets.ticket_of_thread, team, item["channel"], item["ts"])
        if ticket is None or not await self._access.works(user):
            return
        actor = Actor(user, "reaction", f"reaction:{user}:{name}:{event['event_ts']}")
        work = self._work.take if name == TAKEN else self._work.solve
        try:
            await work(actor, ticket.ticket_id)
        except ActionRepeated:
            return
        except REFUSALS as error:
            await self._whisper(item["channel"], user, item["ts"], refusal_text(error))

    async def _under_card(self, event: dict[str, Any], team: str, number: int) -> None:
        text = readable_text(event.get("text") or "")
        thread_command = read_thread_command(text)
        if thread_command is not None:
            await self._macro(event, team, thread_command, number)
            return
        actor = _actor(event, team, "card")
        try:
            there = await self._note_or_reply(actor, number, text)
        except ActionRepeated:
            return
        except REFUSALS as error:
            await self._whisper(
                event["channel"], actor.who, event["thread_ts"], refusal_text(error)
            )
            return
        if there is not None:
            await self._sign(event["channel"], event["ts"])
        if there is not None and there != number:
            news = merged_answer_text(number, there)
            await self._whisper(event["channel"], actor.who, event["thread_ts"], news)

    async def _note_or_reply(self, actor: Actor, number: int, text: str) -> int | None:
        """The ticket whose customer hears it; None when it is a note."""
        try:
            said = for_customer(text)
        except ActionRefused:
            await self._work.note(actor, number, text)
            raise
        if said is None:
            await self._work.note(actor, number, text or "(a file)")
            return None
        return await self._work.reply(actor, number, said)

    async def _macro(
        self, event: dict[str, Any], team: str, thread_command: ThreadCommand, number: int
    ) -> None:
        actor = _actor(event, team, "macro")
        try:
            sentence = await self._macros.run(thread_command, number, actor)
        except ActionRepeated:
            return
        except REFUSALS as error:
            sentence = refusal_text(error)
        await self._whisper(event["channel"], actor.who, event["thread_ts"], sentence)

    async def _revised(self, event: dict[str, Any], team: str) -> None:
        """A note that is edited or deleted follows; what was sent to a customer stays sent."""
        after = event.get("message") or {}
        ts = event.get("deleted_ts") or after.get("ts")
        gone = event["subtype"] == "message_deleted" or after.get("subtype") == "tombstone"
        text = "" if gone else readable_text(after.get("text") or "")
        await self._work.revise_note(message_key(team, event["channel"], str(ts)), text)

    async def _whisper(self, channel: str, user: str, thread_ts: str, sentence: str) -> None:
        """Tell one agent something. Never raises: the ticket itself shows what was done."""
        try:
            await self._client.chat_postEphemeral(
                channel=channel, user=user, thread_ts=thread_ts, text=sentence
            )
        except (SlackClientError, OSError, TimeoutError) as error:
            log.warning("agent not told", user=user, error=type(error).__name__)

    async def _sign(self, channel: str, ts: str) -> None:
        try:
            await self._client.reactions_add(channel=channel, timestamp=ts, name=SENT)
        except SlackApiError as error:
            log.debug("no sign", error=str(error.response.get("error")))


def for_customer(text: str) -> str | None:
    """The part of an agent's message that is meant for the customer; None when it is a note.

    Quoting somebody and then commenting looks almost like an answer, so a message of which only
    some lines begin with `>` is not sent.

    Raises:
        Refused: it is such a mixture.
    """
    if text.startswith(">>>"):
        return text.removeprefix(">>>").strip()
    if not text.startswith(">"):
        return None
    lines = text.splitlines()
    if any(line.strip() and not line.startswith(">") for line in lines):
        raise ActionRefused(MIXED)
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines).strip()


def _actor(event: dict[str, Any], team: str, source: ChangeSource) -> Actor:
    return Actor(str(event["user"]), source, message_key(team, event["channel"], event["ts"]))
