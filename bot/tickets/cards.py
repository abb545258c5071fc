"""Keeping each ticket's card in step with the ticket: posted once, redrawn in place.

The card is a picture of the store and nothing else, so it can be drawn again at any time: after a
change, after a crash, by any process. Changes that come while a card is being drawn are drawn
together. `shown` in the store says how far the card has kept up; what is behind is drawn again at
the next start and every minute.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.config.desk import Desk
from bot.runtime.replicas import Replicas
from bot.runtime.tasks import BackgroundTasks, Stoppable
from bot.tickets.card_state import draw_card, wants_card
from bot.tickets.signs import SignKeeper
from bot.workspace.card import Card
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace, post_row
from bot.workspace.posts import Note, Posted
from storage.cards import card_notes, cards
from storage.cards.card_notes import CardNoteRow
from storage.cards.cards import CardFacts, CardRow
from storage.cards.signs import sign_key
from storage.db.columns import utc_now
from storage.db.database import Database

# Seconds between two drawings of a card that only counts on.
APART = 60.0
# Seconds by which a note that was wanted stands, or another process has failed to post it.
MOMENTS = 3.0

log = structlog.get_logger("cards")


class CardKeeper(Stoppable):
    """Draws the cards. One drawing at a time for each ticket."""

    def __init__(
        self,
        store: Database,
        workspace: Workspace,
        desk: Desk,
        signs: SignKeeper,
        replicas: Replicas | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._signs = signs
        self._replicas = replicas or Replicas(store)
        self._now = now
        # When the cards of tickets that stand for others were last drawn because of that.
        self._grown: dict[int, float] = {}
        self._store = store
        self._workspace = workspace
        self._desk = desk
        # A claim to post made before this is of a process that died; among several, whoever is
        # alone with a card finds only such claims.
        self._since = utc_now()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        # First cards that we have claimed, and what they are drawn from while that is news.
        self._claimed: dict[int, CardRow] = {}
        self._news: dict[int, CardFacts] = {}
        self._dirty: set[int] = set()
        self._behind: set[int] = set()
        # Tickets with words to stand under their cards, and words that may stand there already.
        self._saying: set[int] = set()
        self._begun: set[str] = set()
        self._background = BackgroundTasks()

    def claimed(self, facts: CardFacts) -> None:
        """A ticket's first card is ours to post, once the ticket is touched."""
        number = facts.ticket.ticket_id
        self._news[number] = facts
        if facts.row is not None:
            self._claimed[number] = facts.row

    def touch(self, ticket_id: int, *, says: bool = False, changed: bool = True) -> None:
        """The ticket has changed: draw its card soon. Never raises.

        `says` that words for the agents were written down, to stand under the card; not `changed`
        that nothing has since its card was claimed.
        """
        if changed:
            self._news.pop(ticket_id, None)
        if says:
            self._saying.add(ticket_id)
        if ticket_id in self._dirty:
            return
        self._dirty.add(ticket_id)
        self._background.begin(self._catch_up(ticket_id))

    def touch_seldom(self, ticket_id: int) -> None:
        """The ticket stands for more than it did: draw its card, a minute after the last time."""
        now = self._now()
        if now - self._grown.get(ticket_id, -APART) < APART:
            self._behind.add(ticket_id)
            return
        self._grown = {each: at for each, at in self._grown.items() if now - at < APART}
        self._grown[ticket_id] = now
        self.touch(ticket_id)

    async def take_over(self) -> None:
        """Another process died: what it had begun to post may stand, and the rest is ours."""
        self._since = utc_now()
        await self.resume()

    async def resume(self) -> None:
        """Draw the cards that a crash left behind their tickets, and see to the signs."""
        await self._signs.resume()
        self._behind.update(await self._store.read(cards.cards_behind))
        self._saying.update(await self._store.read(card_notes.tickets_with_notes))
        self._behind |= self._saying
        await self.retry()

    async def retry(self) -> None:
        """Draw again what Slack refused a while ago, and see to the signs that it refused."""
        await self._signs.retry()
        behind, self._behind = self._behind, set()
        for ticket_id in behind:
            if ticket_id in self._grown:
                self.touch_seldom(ticket_id)
            else:
                self.touch(ticket_id)

    @property
    def drawing(self) -> bool:
        """Whether any card is being drawn, or any sign put on or taken off."""
        return bool(self._background or self._signs)

    async def wait_idle(self) -> None:
        """Wait until no card is being drawn, and every sign is as it should be."""
        while self.drawing:
            await self._background.wait_idle()
            await self._signs.wait_idle()

    async def stop(self) -> None:
        """Stop drawing; what is behind is drawn at the next start."""
        await self._background.stop()
        await self._signs.stop()

    async def stand(self, ticket_id: int) -> str | None:
        """The ts of the ticket's card, posted if it was not, with what was to stand under it.

        None when another process posts it.

        Raises:
            CannotPost: Slack refused, or could not be reached for too long.
        """
        async with self._turn(ticket_id):
            row = await self._store.read(cards.card_of_ticket, ticket_id)
            if row is None or row.ts is None:
                row, card, _ = await self._look(ticket_id)
                await self._bring_up(row, card)
            return await self._say(ticket_id)

    async def _catch_up(self, ticket_id: int) -> None:
        try:
            async with self._turn(ticket_id):
                row, card, wanted = await self._look(ticket_id)
                if wanted:
                    await self._bring_up(row, card)
                    if ticket_id in self._saying:
                        await self._say(ticket_id)
        except CannotPost as error:
            self._behind.add(ticket_id)
            log.warning("card is behind", ticket=ticket_id, problem=str(error))
        except Exception:
            self._behind.add(ticket_id)
            log.exception("card is behind", ticket=ticket_id)
        finally:
            self._dirty.discard(ticket_id)

    @asynccontextmanager
    async def _turn(self, ticket_id: int) -> AsyncIterator[None]:
        """Alone with a ticket's card; what changes from here on is drawn again afterwards."""
        async with (
            self._locks.setdefault(ticket_id, asyncio.Lock()),
            self._replicas.alone(f"card:{ticket_id}"),
        ):
            self._dirty.discard(ticket_id)
            yield

    async def _look(self, ticket_id: int) -> tuple[CardRow | None, Card, bool]:
        """A card as it stands, as it ought to look, and whether the agents are to see it."""
        facts = self._news.pop(ticket_id, None)
        if facts is None or self._replicas.several:
            # What another process has done meanwhile is known to the store alone.
            facts = await self._store.read(cards.card_facts, ticket_id)
        return facts.row, draw_card(facts, self._desk), wants_card(facts, self._desk)

    async def _say(self, ticket_id: int) -> str | None:
        """Post what waits to stand under the card, each once, oldest first; the card's ts."""
        row = await self._store.read(cards.card_of_ticket, ticket_id)
        if row is None or row.ts is None:
            self._behind.add(ticket_id)
            return None
        if ticket_id not in self._saying:
            return row.ts
        self._saying.discard(ticket_id)
        try:
            for each in await self._store.read(card_notes.notes_of_card, ticket_id):
                recovered = each.key in self._begun or each.asked_at < self._tried_before()
                self._begun.add(each.key)
                posted = await self._workspace.note(_note(each, row.ts), recovered=recovered)
                post = post_row(ticket_id, posted)
                await self._store.write(card_notes.note_posted, each.key, post)
                self._begun.discard(each.key)
        except BaseException:
            self._saying.add(ticket_id)
            raise
        return row.ts

    def _tried_before(self) -> datetime:
        """What was wanted before may have been posted by a process that could not write it down.

        Another of several that live writes what it posts down within moments, or has not begun.
        """
        moments_ago = utc_now() - timedelta(seconds=MOMENTS)
        return max(self._since, moments_ago) if self._replicas.several else self._since

    async def _bring_up(self, row: CardRow | None, card: Card) -> None:
        if row is None or row.ts is None or not await self._redraw(row, card):
            await self._post(row, card)

    async def _post(self, row: CardRow | None, card: Card) -> None:
        """Post the card, unless another process does."""
        channel = self._desk.desk.agents_channel
        first = self._claimed.pop(card.ticket_id, None)
        since = self._since
        if self._replicas.several:
            since = utc_now()
            if first is not None and (row is None or row.begun_at != first.begun_at):
                # Another process has begun since then.
                first = None
        claim = (
            (first, False)
            if first is not None
            else await self._store.write(cards.claim_card, card.ticket_id, channel, since)
        )
        if claim is None:
            return
        row, begun = claim
        try:
            posted = await self._workspace.card(card, edition=row.edition, recovered=begun)
        except CannotPost:
            await self._store.write(cards.release_card, card.ticket_id, since)
            raise
        await self._settle(row, card, posted.picture, posted)

    async def _redraw(self, row: CardRow, card: Card) -> bool:
        """Bring the card that stands in Slack up to date; False when it was deleted there."""
        if row.ts is None or card.version == row.shown:
            return True
        picture = await self._workspace.redraw(card, row.ts, row.picture)
        if picture is None:
            await self._store.write(cards.card_lost, row.ticket_id, row.ts)
            return False
        await self._settle(row, card, picture)
        return True

    async def _settle(
        self, row: CardRow, card: Card, picture: str, posted: Posted | None = None
    ) -> None:
        """Write down what is shown, and where, and what the customer's message is to carry."""
        names = " ".join(sorted(card.signs))
        post = post_row(row.ticket_id, posted) if posted is not None else None
        current = await self._store.write(
            cards.card_drawn, row.ticket_id, card.version, picture, names, post
        )
        if names != row.signs:
            self._signs.touch(sign_key(card.channel, card.ts))
        if not current:
            again = self.touch_seldom if row.ticket_id in self._grown else self.touch
            again(row.ticket_id)


def _note(row: CardNoteRow, card_ts: str) -> Note:
    return Note(
        key=row.post,
        card_ts=card_ts,
        author=row.author_id,
        text=row.text,
        files=tuple(map(str, row.files)),
        place=(row.channel_id, row.ts, row.thread_ts),
        loud=row.loud,
        edited=row.edited,
    )
