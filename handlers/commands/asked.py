"""A verb as it was asked, and what the verbs work with."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.act_rules import Actor
from bot.tickets.actions import TicketActions
from bot.tickets.issues import Issues
from bot.tickets.outbox import Outbox
from bot.tickets.proposals import Proposals
from bot.tickets.signs import SignKeeper
from handlers.commands.lists import TicketLists
from handlers.slack.permissions import Permissions
from storage.db.database import Database


@dataclass(frozen=True)
class Asked:
    """Who asks, the words after the verb, and the ticket's number where the verb is about one.

    `trigger` opens a modal; it is empty where none can be opened, as in a thread.
    """

    actor: Actor
    rest: str = ""
    number: int = 0
    channel: str = ""
    trigger: str = ""

    @property
    def user(self) -> str:
        return self.actor.who


@dataclass(frozen=True)
class TicketDesk:
    """What every verb may use, whatever way it was asked."""

    client: AsyncWebClient
    store: Database
    access: Permissions
    work: TicketActions
    outbox: Outbox
    proposals: Proposals
    issues: Issues
    signs: SignKeeper
    lists: TicketLists
