"""Saying to customers what agents want said: written down first, posted once, then recorded."""

from typing import Any

import structlog

from bot.knowledge.citations import CitedArticle
from bot.messages.inbound import message_key, moment_of
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from bot.tickets.cards import CardKeeper
from bot.workspace.port import CannotPost, Workspace
from bot.workspace.posts import Note, Posted, Reply
from storage.db.database import Database
from storage.tickets import cards as tickets_cards
from storage.tickets import changes, outbox
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import Message, Post, Ticket

WORKFLOW = "relay"
RELAYED = "relayed"  # the outcome of a message that the bot itself posted for an agent

log = structlog.get_logger("outbox")


class Outbox:
    """Posts the words of agents. Each is a row in the database before its workflow begins."""

    def __init__(
        self, workflows: Workflows, store: Database, workspace: Workspace, cards: CardKeeper
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._workspace = workspace
        self._cards = cards

    async def send(self, key: str) -> None:
        """Begin the workflow of a row that has been written down; twice is a no-op."""
        await self._workflows.submit(WORKFLOW, f"relay:{key}", {"key": key})

    async def resume(self) -> None:
        """Send what was written down when the process died, before its workflow had begun."""
        waiting = await self._store.read(outbox.unsent_in_outbox)
        for outbox_row in waiting:
            await self.send(outbox_row.key)

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one row: post it, and write down that it was said."""
        outbox_row = await self._store.read(outbox.find_in_outbox, payload["key"])
        if outbox_row is None or outbox_row.ts is not None:
            return "gone" if outbox_row is None else "said"
        ticket = await self._store.read(changes.get_ticket, outbox_row.ticket_id)
        try:
            posted = await self._post(outbox_row, ticket)
        except CannotPost as error:
            return await self._refused(outbox_row, str(error))
        await self._said(outbox_row, ticket, posted)
        return "said"

    async def _post(self, outbox_row: OutboxRow, ticket: Ticket) -> Posted:
        recovered = self._workflows.recovered(f"relay:{outbox_row.key}")
        if outbox_row.kind == "note":
            return await self._note(outbox_row, recovered=recovered)
        say = Reply(
            key=f"relay:{outbox_row.key}",
            kind="relay",
            channel=ticket.channel_id,
            thread_ts=ticket.thread_ts,
            text=outbox_row.text,
            sources=tuple(CitedArticle.model_validate(each) for each in outbox_row.sources),
            sources_label=phrase("sources", ticket.language),
            speaker=await self._workspace.name(outbox_row.agent_id) if outbox_row.agent_id else "",
            rates=outbox_row.ticket_id if outbox_row.kind == "rating" else None,
        )
        return await self._workspace.say(say, recovered=recovered)

    async def _note(self, outbox_row: OutboxRow, *, recovered: bool) -> Posted:
        """Say it to the agents under the card, which is drawn first where there is none yet."""
        card = await self._store.read(tickets_cards.card_of_ticket, outbox_row.ticket_id)
        shown = card.ts if card is not None else None
        if shown is None:
            posted = await self._cards.show(outbox_row.ticket_id)
            shown = posted.ts if posted else None
        if shown is None:
            raise CannotPost("the ticket has no card yet")
        note = Note(
            key=f"relay:{outbox_row.key}",
            card_ts=shown,
            text=outbox_row.text,
            to=outbox_row.agent_id,
            loud=True,
        )
        return await self._workspace.note(note, recovered=recovered)

    async def _said(self, outbox_row: OutboxRow, ticket: Ticket, posted: Posted) -> None:
        words = None if outbox_row.kind == "note" else self._message(outbox_row, ticket, posted)
        await self._store.write(
            outbox.outbox_said,
            outbox_row.key,
            _written(outbox_row, posted),
            words,
            moment_of(posted.ts),
        )
        self._cards.touch(outbox_row.ticket_id)

    def _message(self, outbox_row: OutboxRow, ticket: Ticket, posted: Posted) -> Message:
        return Message(
            key=message_key(ticket.team_id, posted.channel, posted.ts),
            ticket_id=outbox_row.ticket_id,
            channel_id=posted.channel,
            ts=posted.ts,
            author_id=outbox_row.agent_id or self._workspace.bot_user,
            author="agent" if outbox_row.agent_id else "bot",
            text=outbox_row.text,
            outcome=RELAYED,
        )

    async def _refused(self, outbox_row: OutboxRow, problem: str) -> str:
        """Slack refuses the post: a note under the card says so to the agents."""
        log.error(
            "not posted", outbox_row=outbox_row.key, ticket=outbox_row.ticket_id, problem=problem
        )
        await self._store.write(outbox.outbox_refused, outbox_row.key, problem)
        card = await self._store.read(tickets_cards.card_of_ticket, outbox_row.ticket_id)
        if card is not None and card.ts is not None:
            note = Note(
                key=f"refused:{outbox_row.key}",
                card_ts=card.ts,
                text=f"This did not reach the customer ({problem}):\n{outbox_row.text}",
            )
            try:
                await self._workspace.note(note, recovered=True)
            except CannotPost:
                log.exception("agents not told", ticket=outbox_row.ticket_id)
        return "refused"


def _written(outbox_row: OutboxRow, posted: Posted) -> Post:
    return Post(
        key=posted.key,
        ticket_id=outbox_row.ticket_id,
        kind="note" if outbox_row.kind == "note" else "relay",
        channel_id=posted.channel,
        ts=posted.ts,
    )
