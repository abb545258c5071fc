"""Saying to customers what agents want said: written down first, posted once, then recorded.

What an agent edits or takes back afterwards is a row of its own, and changes what was posted.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.knowledge.citations import CitedArticle
from bot.messages.inbound import File, message_key, moment_of
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from bot.tickets.cards import CardKeeper
from bot.tickets.shared_files import FileSharing
from bot.workspace.failures import CannotPost
from bot.workspace.port import Absence, Workspace, post_row
from bot.workspace.posts import FilePlace, Note, Posted, Reply
from storage.cards import cards as tickets_cards
from storage.costs import ledger
from storage.db.database import Database
from storage.intake import revisions
from storage.tickets import changes, outbox
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import Message, Revision, Ticket
from storage.tickets.values import edited_at, edition_key, original_key

WORKFLOW = "relay"
RELAYED = "relayed"  # the outcome of a message that the bot itself posted for an agent
UNREAD: dict[Absence, str] = {
    "deactivated": "The customer will not read this: their account is deactivated.",
    "left": "The customer has left the channel, and may not read this.",
}

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
        self._files = FileSharing(workflows, store, workspace)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, key: str) -> None:
        """Begin the workflow of a row that has been written down; twice is a no-op."""
        await self._workflows.submit(WORKFLOW, f"relay:{key}", {"key": key})

    async def reword(
        self,
        key: str,
        edited_ts: str,
        number: int,
        text: str,
        *,
        markup: str,
        files: Sequence[File] = (),
    ) -> bool:
        """Have an agent's words read as they were edited; False where none were said under the key.

        Files that the edit added are shared as well. `number` is the ticket under whose card they
        stand: an edit may come in ahead of them.
        """
        known = await self._store.read(outbox.files_of_words, key)
        row = OutboxRow(
            key=edition_key(key, edited_ts),
            ticket_id=number,
            kind="rewording",
            text=text,
            markup=markup,
            files=[each.model_dump() for each in files if each.id not in known],
        )
        return await self._put(row)

    async def take_back(self, key: str, edited_ts: str, number: int) -> bool:
        """Take an agent's words away from the customer; False where none were said."""
        row = OutboxRow(
            key=edition_key(key, edited_ts), ticket_id=number, kind="withdrawal", text=""
        )
        return await self._put(row)

    async def _put(self, row: OutboxRow) -> bool:
        put = await self._store.write(outbox.put_revised_words, row)
        if put:
            await self.send(row.key)
        return put

    async def resume(self) -> None:
        """Send what was written down when the process died, before its workflow had begun."""
        waiting = await self._store.read(outbox.unsent_in_outbox)
        for outbox_row in waiting:
            await self.send(outbox_row.key)

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one row: say it and its files, or bring up to date what was said."""
        key = str(payload["key"])
        # Words and what becomes of them have their turns.
        words = original_key(key)
        async with (
            self._turns.setdefault(words, asyncio.Lock()),
            self._workflows.replicas.alone(f"words:{words}"),
        ):
            row = await self._store.read(outbox.find_in_outbox, key)
            if row is None:
                return "gone"
            if row.kind in ("rewording", "withdrawal"):
                return await self._revise(row)
            if row.kind == "removal":
                return await self._remove(row)
            return await self._deliver(row, recovered=self._recovered(row))

    def _recovered(self, row: OutboxRow) -> bool:
        return self._workflows.recovered(f"relay:{row.key}")

    async def _deliver(self, row: OutboxRow, *, recovered: bool) -> str:
        """Post a row and its files, unless that was done; a note says what Slack refused."""
        ticket = await self._store.read(changes.get_ticket, row.ticket_id)
        absence = await self._absence(row, ticket)
        if row.ts is None:
            if row.problem is not None:
                return "refused"
            try:
                posted = await self._post(row, ticket, recovered=recovered)
            except CannotPost as error:
                return await self._refused(row, str(error))
            await self._said(row, ticket, posted)
        await self._share(row, ticket, recovered=recovered)
        await self._warn(row, row.agent_id, absence)
        return "said"

    async def _revise(self, row: OutboxRow) -> str:
        """Bring what the customer has in line with what its author made of it."""
        words = await self._store.read(outbox.find_in_outbox, original_key(row.key))
        latest = await self._store.read(outbox.latest_wording, row.key)
        if words is None:
            # It has overtaken them; they will heed it.
            await self._store.write(outbox.words_revised, row.key, "before")
        if words is None or row.ts is not None:
            return "done"
        ticket = await self._store.read(changes.get_ticket, row.ticket_id)
        if words.ts is None and words.problem is None:
            if row.kind == "withdrawal":
                await self._store.write(outbox.outbox_refused, words.key, outbox.TAKEN_BACK)
            else:
                await self._deliver(words, recovered=True)
            words = await self._store.read(outbox.find_in_outbox, words.key) or words
        if words.ts is not None and latest is not None and latest.key == row.key:
            try:
                await self._amend(row, words, ticket, words.ts)
            except CannotPost as error:
                return await self._refused(row, str(error))
        await self._store.write(outbox.words_revised, row.key, words.ts or "never")
        if words.ts is not None and row.kind == "rewording":
            await self._share(row, ticket, recovered=self._recovered(row))
            await self._warn(row, words.agent_id, await self._absence(words, ticket))
        self._cards.touch(row.ticket_id)
        return "done"

    async def _remove(self, row: OutboxRow) -> str:
        """Take away what the agents were shown of a message that is gone."""
        post = await self._store.read(ledger.find_post, row.text)
        try:
            if post is not None and row.ts is None:
                await self._workspace.withdraw(post.channel_id, post.ts)
            for each in row.files:
                if each.get("ours"):
                    await self._workspace.delete_file(each["ours"])
        except CannotPost as error:
            log.warning("note not removed", outbox_row=row.key, problem=str(error))
            await self._store.write(outbox.outbox_refused, row.key, str(error))
            return "refused"
        await self._store.write(outbox.words_revised, row.key, post.ts if post else "never")
        return "removed"

    async def _amend(self, row: OutboxRow, words: OutboxRow, ticket: Ticket, ts: str) -> None:
        """Change what stands in the customer's thread, and then what the ticket remembers."""
        text = None if row.kind == "withdrawal" else row.text
        if text is None:
            await self._workspace.withdraw(ticket.channel_id, ts)
            shared = await self._store.read(outbox.files_of_words, row.key)
            for each in filter(None, shared.values()):
                await self._workspace.delete_file(each)
        else:
            await self._workspace.amend(await self._reply(row, words, ticket), ts)
        said = message_key(ticket.team_id, ticket.channel_id, ts)
        revision = Revision(message_key=said, edited_ts=edited_at(row.key), text=text)
        await self._store.write(revisions.revise_message, revision)

    async def _post(self, row: OutboxRow, ticket: Ticket, *, recovered: bool) -> Posted:
        if row.kind == "note":
            return await self._note(row, recovered=recovered)
        say = await self._reply(row, row, ticket)
        return await self._workspace.say(say, recovered=recovered)

    async def _reply(self, row: OutboxRow, words: OutboxRow, ticket: Ticket) -> Reply:
        """A row's words as they stand in the customer's thread under the key of the first ones."""
        return Reply(
            key=f"relay:{words.key}",
            kind="relay",
            channel=ticket.channel_id,
            thread_ts=ticket.thread_ts,
            text=row.text,
            markup=row.markup,
            sources=tuple(CitedArticle.model_validate(each) for each in words.sources),
            sources_label=phrase("sources", ticket.language),
            speaker=await self._workspace.name(words.agent_id) if words.agent_id else "",
            rates=words.ticket_id if words.kind == "rating" else None,
        )

    async def _note(self, row: OutboxRow, *, recovered: bool) -> Posted:
        """Say it to the agents under the card, which is drawn first where there is none yet."""
        shown = await self._cards.stand(row.ticket_id)
        if shown is None:
            raise CannotPost("the ticket has no card yet")
        note = Note(
            key=f"relay:{row.key}",
            card_ts=shown,
            text=row.text,
            to=row.agent_id,
            loud=not row.files,
        )
        return await self._workspace.note(note, recovered=recovered)

    async def _card(self, ticket_id: int) -> str | None:
        """Where the ticket's card stands."""
        card = await self._store.read(tickets_cards.card_of_ticket, ticket_id)
        return card.ts if card is not None else None

    async def _share(self, row: OutboxRow, ticket: Ticket, *, recovered: bool) -> None:
        """Share the files of a row where its words stand; a note says which could not be."""
        if not row.files:
            return
        place = FilePlace(channel=ticket.channel_id, thread_ts=ticket.thread_ts)
        card = await self._card(row.ticket_id)
        if row.kind == "note":
            if card is None:
                return
            place = FilePlace(channel=None, thread_ts=card)
        failed = await self._files.share(row, place, recovered=recovered)
        if failed:
            to = "here" if row.kind == "note" else "the customer"
            await self._tell(row, f"This did not get {to}: {'; '.join(failed)}", "files")

    async def _said(self, row: OutboxRow, ticket: Ticket, posted: Posted) -> None:
        words = None if row.kind == "note" else self._message(row, ticket, posted)
        post = post_row(row.ticket_id, posted)
        await self._store.write(outbox.outbox_said, row.key, post, words, moment_of(posted.ts))
        if words is not None:
            self._cards.touch(row.ticket_id)

    def _message(self, row: OutboxRow, ticket: Ticket, posted: Posted) -> Message:
        return Message(
            key=message_key(ticket.team_id, posted.channel, posted.ts),
            ticket_id=row.ticket_id,
            channel_id=posted.channel,
            ts=posted.ts,
            author_id=row.agent_id or self._workspace.bot_user,
            author="agent" if row.agent_id else "bot",
            text=row.text,
            files=row.files,
            outcome=RELAYED,
        )

    async def _refused(self, row: OutboxRow, problem: str) -> str:
        """Slack refuses it: a note under the card says so to the agents."""
        log.error("not posted", outbox_row=row.key, ticket=row.ticket_id, problem=problem)
        await self._store.write(outbox.outbox_refused, row.key, problem)
        told = {
            "rewording": f"The customer still has your words as they were ({problem})",
            "withdrawal": f"The customer still has what you deleted ({problem})",
        }.get(row.kind, f"This did not reach the customer ({problem})")
        await self._tell(row, f"{told}:\n{row.text}" if row.text else f"{told}.", "refused")
        return "refused"

    async def _absence(self, words: OutboxRow, ticket: Ticket) -> Absence | None:
        """Why the customer will not read an agent's words."""
        place = ticket.requester_id, ticket.channel_id
        return await self._workspace.absence(*place) if words.by_agent else None

    async def _warn(self, row: OutboxRow, agent: str | None, absence: Absence | None) -> None:
        if absence is not None:
            await self._tell(row, UNREAD[absence], "unread", to=agent)

    async def _tell(self, row: OutboxRow, text: str, kind: str, to: str | None = None) -> None:
        """Say to the agents under the card what did not work; `to` is pinged."""
        card = await self._card(row.ticket_id)
        if card is None:
            return
        note = Note(key=f"{kind}:{row.key}", card_ts=card, text=text, to=to)
        try:
            await self._workspace.note(note, recovered=True)
        except CannotPost:
            log.exception("agents not told", ticket=row.ticket_id)
