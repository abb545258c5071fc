"""Edits and deletions of messages: heeded by a story under way, else told again or ended.

What is edited after it was dealt with is its author's word of that moment: it gets a story of its
own, under a key of its own, in the thread of its ticket. What is deleted ends a ticket in which
nothing else was asked.
"""

from functools import partial

import structlog

from bot.config.modes import Mode
from bot.messages.content import Content
from bot.messages.inbound import File, IncomingMessage
from bot.messages.revisions import RevisedMessage, changes_matter
from bot.pipeline.context import Published, Read
from bot.pipeline.intake import Intake
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from storage.db.database import Database
from storage.intake import revisions
from storage.intake.history import HISTORY
from storage.intake.revisions import Consequences, RevisionEffect, SeenRevision
from storage.intake.talk import LEFT_ALONE
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Revision
from storage.tickets.values import original_key

log = structlog.get_logger("reception")


class Revisions:
    """Takes in what people change about what they have said."""

    def __init__(self, store: Database, intake: Intake, cards: CardKeeper, outbox: Outbox) -> None:
        self._store = store
        self._intake = intake
        self._cards = cards
        self._outbox = outbox
        # Edits that a story under way ought to heed, until it has ended.
        self._late: dict[str, tuple[RevisedMessage, Mode]] = {}

    async def revised(self, revised: RevisedMessage, mode: Mode) -> RevisionEffect:
        """Write an edit or a deletion down and do what follows from it; twice is a no-op."""
        content = revised.content
        row = Revision(
            message_key=revised.key,
            edited_ts=revised.edited_ts,
            text=None if content is None else content.text,
            files=None if content is None else [each.model_dump() for each in content.files],
        )
        rule = partial(consequences_of, revised, mode)
        # Its story may end between the write and our hearing of it, and has to find this by then.
        late = self._late[revised.key] = (revised, mode)
        effect = RevisionEffect()
        try:
            effect = await self._store.write(revisions.revise_message, row, rule)
        finally:
            told_here = effect.pending and self._intake.tells(revised.key)
            if not told_here and self._late.get(revised.key) is late:
                del self._late[revised.key]
        await self._follow(effect)
        return effect

    def now(self, key: str) -> RevisedMessage | None:
        """How a message reads whose story is under way, if it was edited meanwhile.

        Only this process knows: at the next start the story asks triage for whom the words are.
        """
        revised, _ = self._late.get(original_key(key), (None, None))
        return revised

    async def reconsider(self, key: str) -> None:
        """A message that was none of the desk's business was edited: it is judged anew."""
        await self._store.write(revisions.no_longer_ignored, key)

    async def settle(self, published: Published) -> None:
        """Its story has ended: follow what came after its last look and before its end."""
        reached = published.reached
        key = reached.inbound.key
        revised, mode = self._late.pop(original_key(key), (None, None))
        if revised is None and self._intake.shared:
            revised, mode = await self._heard_elsewhere(original_key(key)), reached.inbound.mode
        if revised is None or mode is None:
            return
        heard = reached.heard if isinstance(reached, Read) else reached.ticket.heard
        if revised.content is None:
            late = published.outcome != "cancelled"
        else:
            late = revised.content.text not in heard.text
        if late:
            log.info("edited too late for its answer", message=key)
            rule = partial(consequences_of, revised, mode)
            await self._follow(await self._store.write(revisions.catch_up, key, heard.text, rule))

    async def _heard_elsewhere(self, key: str) -> RevisedMessage | None:
        """The latest edit of a message whose story was told here, unless it has its own story.

        Another process may have heard it, which knew for whom it is; here it is for the desk.
        """
        row = await self._store.read(revisions.unfollowed_revision, key)
        if row is None:
            return None
        files = tuple(File.model_validate(each) for each in row.files or ())
        content = None if row.text is None else Content(words=row.text, files=files)
        return RevisedMessage(key=key, edited_ts=row.edited_ts, content=content)

    async def _follow(self, effect: RevisionEffect) -> None:
        if effect.ticket_id is None:
            return
        self._cards.touch(effect.ticket_id)
        if effect.story is not None:
            await self._intake.retell(IncomingMessage.model_validate(effect.story))
        for key in effect.sends:
            await self._outbox.send(key)


def consequences_of(revised: RevisedMessage, mode: Mode, seen: SeenRevision) -> Consequences:
    """What an edit or a deletion brings where the message had been dealt with; pure.

    What was said in a thread before the desk was called is there to be read, and asks nothing.
    """
    if seen.message.outcome == HISTORY:
        return Consequences(removes=revised.content is None)
    if revised.content is None:
        closes = seen.only and seen.ticket.status in LIVE
        note = _note(seen, closes=closes) if seen.carded else None
        return Consequences(closes=closes, note=note, removes=True)
    if revised.left_alone is not None:
        # What was answered stands; nothing more is said to people who talk to each other.
        return Consequences()
    content, ticket, message = revised.content, seen.ticket, seen.message
    left_alone = message.outcome == LEFT_ALONE
    called = left_alone and revised.calls
    before, now = [str(each["id"]) for each in seen.files], [each.id for each in content.files]
    if not (called or changes_matter(seen.text, content.text, before, now)):
        return Consequences()
    again = IncomingMessage(
        team=ticket.team_id,
        channel=message.channel_id,
        ts=message.ts,
        thread_ts=ticket.thread_ts,
        user=message.author_id,
        text=content.text,
        files=content.files,
        private=ticket.private,
        mode=mode,
        edited_ts=revised.edited_ts,
        addressed=not left_alone or called or revised.addressed,
    )
    return Consequences(story=(again.key, again.model_dump(mode="json")))


def _note(seen: SeenRevision, *, closes: bool) -> OutboxRow:
    """What the agents read of a deletion; whoever has the ticket is pinged."""
    ticket = seen.ticket
    told = f"The customer deleted a message of {ticket.number}."
    if closes:
        told = f"The customer deleted what they asked: {ticket.number} is closed."
    return OutboxRow(
        key=f"deleted:{seen.message.key}",
        ticket_id=ticket.ticket_id,
        agent_id=ticket.assignee_id,
        kind="note",
        text=told,
    )
