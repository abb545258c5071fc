"""Keeping each ticket's card in step with the ticket: posted once, redrawn in place.

The card is a picture of the store and nothing else, so it can be drawn again at any time: after a
change, after a crash, by any process. Changes that come while a card is being drawn are drawn
together. `shown` in the store says how far the card has kept up; what is behind is drawn again at
the next start and every minute.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import structlog

from bot.config.desk import Desk
from bot.runtime.tasks import BackgroundTasks, Stoppable
from bot.tickets.card_state import draw_card, wants_card
from bot.workspace.card import Card
from bot.workspace.port import CannotPost, Workspace, post_row
from bot.workspace.posts import CardSign, Posted
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import cards
from storage.tickets.cards import CardRow

# A message by its channel and its time.
CardPlace = tuple[str, str]
CARD_SIGNS: tuple[CardSign, ...] = ("eyes", "white_check_mark")

log = structlog.get_logger("cards")


class CardKeeper(Stoppable):
    """Draws the cards. One drawing at a time for each ticket."""

    def __init__(self, store: Database, workspace: Workspace, desk: Desk) -> None:
        self._store = store
        self._workspace = workspace
        self._desk = desk
        # One process at a time has the database: a claim to post made before is of a dead one.
        self._since = utc_now()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._dirty: set[int] = set()
        self._behind: set[int] = set()
        self._over: dict[int, list[CardPlace]] = {}
        self._background = BackgroundTasks()

    def touch(self, ticket_id: int, over: CardPlace | None = None) -> None:
        """The ticket has changed: draw its card soon. Never raises.

        `over` is a message that the bot is done with: 👀 goes, unless a person has the ticket.
        """
        if over is not None:
            self._over.setdefault(ticket_id, []).append(over)
        if ticket_id in self._dirty:
            return
        self._dirty.add(ticket_id)
        self._background.begin(self._catch_up(ticket_id))

    async def resume(self) -> None:
        """Draw the cards that a crash left behind their tickets."""
        self._behind.update(await self._store.read(cards.cards_behind))
        await self.retry()

    async def retry(self) -> None:
        """Draw again what Slack refused a while ago."""
        behind, self._behind = self._behind, set()
        for ticket_id in behind:
            self.touch(ticket_id)

    @property
    def drawing(self) -> bool:
        """Whether any card is being drawn."""
        return bool(self._background)

    async def wait_idle(self) -> None:
        """Wait until no card is being drawn."""
        await self._background.wait_idle()

    async def stop(self) -> None:
        """Stop drawing; what is behind is drawn at the next start."""
        await self._background.stop()

    async def show(self, ticket_id: int) -> Posted | None:
        """Post the ticket's card, or bring it up to date; None when another process posts it.

        Raises:
            CannotPost: Slack refused, or could not be reached for too long.
        """
        async with self._turn(ticket_id):
            row, card, _ = await self._look(ticket_id)
            return await self._bring_up(row, card)

    async def _catch_up(self, ticket_id: int) -> None:
        try:
            async with self._turn(ticket_id):
                over = self._over.pop(ticket_id, ())
                row, card, wanted = await self._look(ticket_id)
                try:
                    if wanted:
                        await self._bring_up(row, card)
                finally:
                    await self._sign_off(card, over)
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
        async with self._locks.setdefault(ticket_id, asyncio.Lock()):
            self._dirty.discard(ticket_id)
            yield

    async def _look(self, ticket_id: int) -> tuple[CardRow | None, Card, bool]:
        """A card as it stands, as it ought to look, and whether the agents are to see it."""
        facts = await self._store.read(cards.card_facts, ticket_id)
        return facts.row, draw_card(facts, self._desk), wants_card(facts, self._desk)

    async def _bring_up(self, row: CardRow | None, card: Card) -> Posted | None:
        if row is None or row.ts is None or not await self._redraw(row, card):
            return await self._post(card, fresh=row is None)
        return None

    async def _sign_off(self, card: Card, over: Sequence[CardPlace]) -> None:
        for card_place in over:
            # There it says from now on that a person has the ticket.
            if "eyes" not in card.signs or card_place != (card.channel, card.ts):
                await self._workspace.sign(*card_place, "eyes", on=False)

    async def _post(self, card: Card, *, fresh: bool) -> Posted | None:
        channel = self._desk.desk.agents_channel
        claim = await self._store.write(cards.claim_card, card.ticket_id, channel, self._since)
        if claim is None:
            return None
        try:
            posted = await self._workspace.card(card, edition=claim.edition, recovered=not fresh)
        except CannotPost:
            await self._store.write(cards.release_card, card.ticket_id)
            raise
        await self._settle(claim, card, posted)
        return posted

    async def _redraw(self, row: CardRow, card: Card) -> bool:
        """Bring the card that stands in Slack up to date; False when it was deleted there."""
        if row.ts is None or card.version == row.shown:
            return True
        if not await self._workspace.redraw(card, row.ts):
            await self._store.write(cards.card_lost, row.ticket_id, row.ts)
            return False
        await self._settle(row, card)
        return True

    async def _settle(self, row: CardRow, card: Card, posted: Posted | None = None) -> None:
        """Mirror the ticket on the customer's message and write down what is shown, and where."""
        shown = set(row.signs.split())
        changed = [name for name in CARD_SIGNS if (name in shown) != (name in card.signs)]
        if posted is not None and changed:
            # A press on the card must find its ticket, and the signs take a while.
            await self._store.write(cards.card_posted, post_row(row.ticket_id, posted))
        for name in changed:
            await self._workspace.sign(card.channel, card.ts, name, on=name in card.signs)
        signs = " ".join(sorted(card.signs))
        post = post_row(row.ticket_id, posted) if posted is not None else None
        current = await self._store.write(
            cards.card_drawn, row.ticket_id, card.version, signs, post
        )
        if not current:
            self.touch(row.ticket_id)
