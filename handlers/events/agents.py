"""The agents' side: what they type under cards and in customers' threads.

Under a card a message goes to the customer only when every line of it begins with `>` (or it begins
with `>>>`). Everything else stays a note among agents, in a table that no customer's view and no
prompt is made from.
"""

import structlog
from slack_sdk.errors import SlackApiError

from bot.messages.inbound import message_key
from bot.tickets.act_rules import Actor
from bot.tickets.actions import merged_answer_text
from bot.tickets.refusals import ActionRefused
from handlers.commands.asked import TicketDesk
from handlers.commands.thread_commands import (
    ThreadCommand,
    read_thread_command,
    run_thread_command,
)
from handlers.events.payload import PERSONAL, MessageEvent
from handlers.slack.whisper import whisper
from handlers.views.mrkdwn import readable_text
from storage.tickets import cards, tickets
from storage.tickets.audit import ChangeSource

SENT = "outbox_tray"
MIXED = (
    "Nothing was sent: some lines begin with `>` and some do not. To answer the customer begin "
    "every line with `>`, or the first with `>>>`. This stays a note."
)

log = structlog.get_logger("agents")


class AgentEvents:
    """Listens to agents. A refusal is whispered to them by `handlers.errors`."""

    def __init__(self, desk: TicketDesk) -> None:
        self._desk = desk

    async def agent_spoke(self, event: MessageEvent) -> None:
        """A message in the agents' channel; only what stands under a card is of interest."""
        if event.revises:
            await self._revised(event)
            return
        said = event.said
        if said.by_bot or said.subtype not in PERSONAL or not (said.user and said.thread_ts):
            return
        card = await self._desk.store.read(cards.card_at, event.channel, said.thread_ts)
        if card is not None and await self._desk.access.works(said.user):
            await self._under_card(event, card.ticket_id)

    async def thread_command(self, event: MessageEvent) -> tuple[ThreadCommand, int] | None:
        """The command that an agent's message in a ticket's thread is, and the ticket's number.

        It is no word to the customer: it is not stored as one, and takes nothing over.
        """
        command = read_thread_command(_typed(event))
        if command is None or not event.said.thread_ts:
            return None
        ticket = await self._desk.store.read(
            tickets.ticket_of_thread, event.team, event.channel, event.said.thread_ts
        )
        return None if ticket is None else (command, ticket.ticket_id)

    async def run_command(self, event: MessageEvent, command: ThreadCommand, number: int) -> None:
        """Carry it out and whisper what came of it; raises a refusal."""
        actor = _actor(event, "macro")
        sentence = await run_thread_command(self._desk, command, number, actor)
        await self._whisper(event, sentence)

    async def _under_card(self, event: MessageEvent, number: int) -> None:
        text = event.said.content.text
        command = read_thread_command(_typed(event))
        if command is not None:
            await self.run_command(event, command, number)
            return
        there = await self._note_or_reply(_actor(event, "card"), number, text)
        if there is not None:
            await self._sign(event.channel, event.said.ts)
        if there is not None and there != number:
            await self._whisper(event, merged_answer_text(number, there))

    async def _note_or_reply(self, actor: Actor, number: int, text: str) -> int | None:
        """The ticket whose customer reads it; None when it is a note."""
        try:
            said = for_customer(text)
        except ActionRefused:
            await self._desk.work.note(actor, number, text)
            raise
        if said is None:
            await self._desk.work.note(actor, number, text or "(a file)")
            return None
        return await self._desk.work.reply(actor, number, said)

    async def _revised(self, event: MessageEvent) -> None:
        """A note that is edited or deleted follows; what was sent to a customer stays sent."""
        after = event.after
        text = "" if event.deletes or after is None else after.content.text
        key = message_key(event.team, event.channel, event.revised_ts)
        await self._desk.work.revise_note(key, text)

    async def _whisper(self, event: MessageEvent, sentence: str) -> None:
        said = event.said
        thread_ts = said.thread_ts or said.ts
        await whisper(self._desk.client, event.channel, str(said.user), thread_ts, sentence)

    async def _sign(self, channel: str, ts: str) -> None:
        try:
            await self._desk.client.reactions_add(channel=channel, timestamp=ts, name=SENT)
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


def _typed(event: MessageEvent) -> str:
    """What was typed, with ids as they are: a command names people by them."""
    return readable_text(event.said.text)


def _actor(event: MessageEvent, source: ChangeSource) -> Actor:
    return Actor(str(event.said.user), source, event.key)
