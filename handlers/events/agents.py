"""The agents' side: what they type under cards and in customers' threads.

Under a card a message goes to the customer only when every line of it begins with `>` (or it begins
with `>>>`). Everything else stays a note among agents, in a table that no customer's view and no
prompt is made from.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.messages.inbound import IgnoredEvent
from bot.messages.revisions import RevisedMessage
from bot.tickets.act_rules import Actor, check_length
from bot.tickets.actions import merged_answer_text
from bot.tickets.refusals import REFUSALS, ActionRefused
from handlers.commands.asked import TicketDesk
from handlers.commands.thread_commands import (
    ThreadCommand,
    read_thread_command,
    run_thread_command,
)
from handlers.connection.installation import Installation
from handlers.events.agent_words import note_text, read_reply
from handlers.events.payload import MessageEvent, SlackMessage
from handlers.events.revisions import read_revision
from handlers.events.subtypes import PERSONAL
from handlers.slack.whisper import whisper
from handlers.views.mrkdwn import readable_text
from storage.cards import cards
from storage.intake.idempotency import answered_key, was_done
from storage.intake.notes import is_note
from storage.tickets import tickets
from storage.tickets.audit import ChangeSource
from storage.tickets.outbox import find_in_outbox

STILL_SENT = (
    "The customer still has what you sent: without `>` in front of every line an edit changes "
    "nothing there. Delete your message to take it back."
)
EDIT_SENDS_NOTHING = "An edit sends nothing: to answer the customer write a new message."
TAKEN_BACK = "Taken back: the customer will not find it in the thread any more."


class AgentEvents:
    """Listens to agents. A refusal is whispered to them by `handlers.errors`."""

    def __init__(self, desk: TicketDesk, at: Installation) -> None:
        self._desk = desk
        self._at = at

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
            await self._once(event, partial(self._under_card, event, card.ticket_id))

    async def thread_command(self, event: MessageEvent) -> tuple[ThreadCommand, int] | None:
        """The command that an agent's message in a ticket's thread is, and the ticket's number.

        It is no word to the customer: it is not stored as one, and takes nothing over.
        """
        command = read_thread_command(_typed(event.said))
        if command is None or not event.said.thread_ts:
            return None
        ticket = await self._desk.store.read(
            tickets.ticket_of_thread, event.team, event.channel, event.said.thread_ts
        )
        return None if ticket is None else (command, ticket.ticket_id)

    async def run_command(self, event: MessageEvent, command: ThreadCommand, number: int) -> None:
        """Carry it out and whisper what came of it; raises a refusal."""
        await self._once(event, partial(self._run, event, command, number))

    async def _once(self, event: MessageEvent, work: Callable[[], Awaitable[None]]) -> None:
        """Answer what an agent typed once, also where nothing came of it but a sentence."""
        key = f"{event.key}:{event.edited_in}" if event.edited_in else event.key
        if await self._desk.store.read(was_done, answered_key(key)):
            return
        try:
            await work()
        except REFUSALS:
            await self._desk.work.answered(key)
            raise
        await self._desk.work.answered(key)

    async def _run(self, event: MessageEvent, command: ThreadCommand, number: int) -> None:
        actor = _actor(event, "macro")
        sentence = await run_thread_command(self._desk, command, number, actor)
        await self._whisper(event, sentence)

    async def _under_card(self, event: MessageEvent, number: int) -> None:
        command = read_thread_command(_typed(event.said))
        if command is not None:
            await self._run(event, command, number)
            return
        there = await self._note_or_reply(_actor(event, "card"), number, event)
        if there is not None:
            await self._desk.signs.show(event.channel, event.said.ts, "outbox_tray")
        if there is not None and there != number:
            await self._whisper(event, merged_answer_text(number, there))

    async def _note_or_reply(self, actor: Actor, number: int, event: MessageEvent) -> int | None:
        """The ticket whose customer reads it; None when it is a note."""
        content = event.said.content
        try:
            reply = read_reply(event.said, event.names)
        except ActionRefused:
            await self._desk.work.note(actor, number, note_text(content))
            raise
        if reply is None:
            await self._desk.work.note(actor, number, note_text(content))
            return None
        return await self._desk.work.reply(
            actor, number, reply.text, markup=reply.markup, files=reply.files
        )

    async def _revised(self, event: MessageEvent) -> None:
        """A note that is edited or deleted follows, and so does what a customer was told."""
        revised = read_revision(event, bot_user=self._at.bot_user)
        if isinstance(revised, IgnoredEvent):
            return
        after, number = event.after, await self._number(event)
        if revised.content is None or after is None:
            await self._desk.work.revise_note(revised.key, "", revised.edited_ts)
            if await self._desk.outbox.take_back(revised.key, revised.edited_ts, number):
                await self._whisper(event, TAKEN_BACK)
            return
        told = await self._reworded(revised, after, number, event.names)
        if told:
            await self._whisper(event, told)

    async def _number(self, event: MessageEvent) -> int:
        """The ticket under whose card a message stands; 0 where that is none."""
        thread_ts = event.concerned.thread_ts
        if thread_ts is None:
            return 0
        card = await self._desk.store.read(cards.card_at, event.channel, thread_ts)
        return card.ticket_id if card is not None else 0

    async def _reworded(
        self, revised: RevisedMessage, after: SlackMessage, number: int, names: Mapping[str, str]
    ) -> str | None:
        """Bring the note or the customer's words in line; a sentence where that cannot be."""
        known = await self._desk.store.read(find_in_outbox, revised.key)
        try:
            reply = read_reply(after, names)
        except ActionRefused:
            reply = None
        noted = known is None and await self._desk.store.read(is_note, revised.key)
        if noted or (known is None and reply is None and number):
            # It may have overtaken the note, which will heed it.
            await self._desk.work.revise_note(revised.key, _noted(after), revised.edited_ts)
            return EDIT_SENDS_NOTHING if reply else None
        if reply is None:
            return STILL_SENT if known else None
        try:
            check_length(reply.text, reply.markup)
        except ActionRefused as error:
            return f"The customer has your words as they were. {error}"
        await self._desk.outbox.reword(
            revised.key,
            revised.edited_ts,
            number,
            reply.text,
            markup=reply.markup,
            files=reply.files,
        )
        return None

    async def _whisper(self, event: MessageEvent, sentence: str) -> None:
        said = event.concerned
        thread_ts = said.thread_ts or said.ts
        await whisper(self._desk.client, event.channel, str(said.user), thread_ts, sentence)


def _typed(said: SlackMessage) -> str:
    """What was typed, with ids as they are: a command names people by them."""
    return readable_text(said.text)


def _noted(said: SlackMessage) -> str:
    """What a note says; of one that was typed as a command, the words after the verb."""
    command = read_thread_command(_typed(said))
    return command.rest if command is not None else note_text(said.content)


def _actor(event: MessageEvent, source: ChangeSource) -> Actor:
    return Actor(str(event.said.user), source, event.key)
