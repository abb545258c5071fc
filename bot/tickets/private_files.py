"""Files of private conversations, shown to the agents: a link into there opens for none of them."""

from bot.tickets.outbox import Outbox
from storage.cards import private_files
from storage.db.database import Database


class PrivateFiles:
    """Shares what customers attach in private under their tickets' cards, once a card stands."""

    def __init__(self, store: Database, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def show(self, ticket_id: int | None = None) -> None:
        """Share the files of a ticket, or of every live one, that the agents have not seen yet."""
        for key in await self._store.write(private_files.put_private_files, ticket_id):
            await self._outbox.send(key)
