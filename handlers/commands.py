"""Slash commands. Every answer is for the one who asked only, and every mistake gets a sentence."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from handlers.roster import Roster
from handlers.ticketview import ticket_list, ticket_view
from storage import ledger, tickets
from storage.database import Database
from storage.models import Ticket

HELP = (
    "`/ticket 1042` shows a ticket with its history, its cost and the reasons for what was done. "
    "`/ticket mine` lists your own tickets."
)

Ack = Callable[..., Awaitable[Any]]


class Commands:
    """What can be asked with `/ticket`."""

    def __init__(self, store: Database, roster: Roster) -> None:
        self._store = store
        self._roster = roster

    async def ticket(self, ack: Ack, command: dict[str, Any]) -> None:
        """`/ticket 1042`, `/ticket mine`, or anything else for help."""
        asked = str(command.get("text") or "").strip().lower()
        user = str(command["user_id"])
        number = re.fullmatch(r"(?:t-)?#?(\d{1,9})", asked)
        if number:
            await ack(**await self._one(int(number[1]), user))
        elif asked == "mine":
            await ack(**await self._mine(user))
        elif not asked or asked == "help":
            await ack(text=HELP)
        else:
            await ack(text=f"I don't know that one. {HELP}")

    async def _one(self, number: int, user: str) -> dict[str, Any]:
        async with self._store.read() as session:
            ticket = await tickets.find(session, number)
            if ticket is None or not await self._may_see(ticket, user):
                # The same sentence for both, so that numbers tell nothing to strangers.
                return {"text": f"There is no ticket T-{number} that you may see."}
            is_agent = await self._roster.is_agent(user)
            return ticket_view(
                ticket,
                await tickets.messages(session, number),
                await tickets.decisions(session, number) if is_agent else [],
                await ledger.calls(session, number) if is_agent else [],
            )

    async def _mine(self, user: str) -> dict[str, Any]:
        async with self._store.read() as session:
            own = await tickets.of_requester(session, user)
        return ticket_list(own)

    async def _may_see(self, ticket: Ticket, user: str) -> bool:
        return ticket.requester_id == user or await self._roster.is_agent(user)
