"""What people make of an automatic answer: it solved it, it takes a person, it was good or bad.

Like `bot.deskwork`, each act is one transaction under a key, and raises one of its `REFUSALS`
having changed nothing.
"""

from collections.abc import Callable

from bot import judging
from bot.cards import Cards
from bot.deskwork import Hand, Refused, once
from bot.modes import Modes
from bot.phrases import Phrase, phrase
from bot.relaying import Relays
from storage import answers, cards, lifecycle, relays
from storage.columns import utc_now
from storage.database import Database, Session
from storage.lifecycle import Source
from storage.models import Ticket
from storage.relays import Relay

STRANGER = "Only the person who asked, or an agent, can choose this. Nothing was changed."
ASKED = "🙋 {ticket}: a person is asked for, under the bot's answer."

Place = tuple[str, str]


class Aftercare:
    """The acts under an answer. `about` is the key of the message that was answered."""

    def __init__(self, store: Database, drawn: Cards, mouth: Relays, modes: Modes) -> None:
        self._store = store
        self._cards = drawn
        self._relays = mouth
        self._modes = modes

    async def solved(self, who: str, number: int, about: str, place: Place, *, agent: bool) -> str:
        """It solved it: so is the ticket. Answers the line that says so in the thread."""

        def work(session: Session, ticket: Ticket) -> None:
            _check(session, ticket, who, about, place, agent=agent)
            if ticket.status in ("solved", "closed"):
                raise Refused(f"{ticket.number} is {ticket.status} already; nothing was changed.")
            judging.ignored_drafts(session, number, None, who)
            judging.chosen(session, ticket, about, "solved", who)
            lifecycle.change(session, ticket, hand.by, status="solved")

        hand = _choice(who, about)
        return await self._act(hand, number, work, "solved_chosen")

    async def person(self, who: str, number: int, about: str, place: Place, *, agent: bool) -> str:
        """It takes a person: the agents get the ticket, and the customer's word for it."""
        keys = {"line": f"person:{about}", "note": f"asked:{about}"}

        def work(session: Session, ticket: Ticket) -> None:
            _check(session, ticket, who, about, place, agent=agent)
            said: Phrase = "added" if ticket.handed_over_at else "handed_over"
            ticket.handed_over_at = ticket.handed_over_at or utc_now()
            judging.chosen(session, ticket, about, "needs_human", who)
            lifecycle.change(session, ticket, hand.by, status="open")
            if self._modes.speaks(ticket.channel_id):
                line = phrase(said, ticket.language, ticket=ticket.number)
                relays.send(session, Relay(key=keys["line"], ticket_id=number, text=line))
            if cards.of_ticket(session, number) is not None:
                # A card that is only drawn anew would ring no bell.
                asked = ASKED.format(ticket=ticket.number)
                relays.send(
                    session, Relay(key=keys["note"], ticket_id=number, kind="note", text=asked)
                )

        hand = _choice(who, about)
        told = await self._act(hand, number, work, "person_chosen")
        for key in keys.values():
            await self._relays.send(key)
        return told

    async def opinion(self, hand: Hand, number: int, about: str, opinion: str, why: str) -> None:
        """A thumb for the answer; the latest word of each person counts."""
        if opinion not in ("good", "bad"):
            raise Refused("There is no such opinion. Nothing was changed.")

        def work(session: Session, ticket: Ticket) -> None:
            _belongs(session, ticket, about)
            judging.opinion(session, ticket, about, opinion, why, hand.who)

        await self._store.write(once, hand, number, work)
        self._cards.touch(number)

    async def _act(
        self, hand: Hand, number: int, work: Callable[[Session, Ticket], None], told: Phrase
    ) -> str:
        ticket = await self._store.write(once, hand, number, work)
        self._cards.touch(number)
        return phrase(told, ticket.language)


def _choice(who: str, about: str) -> Hand:
    """An answer is chosen about once, whoever presses."""
    source: Source = "thread"
    return Hand(who, source, f"choice:{about}")


def _check(
    session: Session, ticket: Ticket, who: str, about: str, place: Place, *, agent: bool
) -> None:
    if not agent and ticket.requester_id != who:
        raise Refused(STRANGER)
    _belongs(session, ticket, about)
    if answers.standing_at(session, about, *place) is None:
        raise Refused("This button does not stand under that answer. Nothing was changed.")


def _belongs(session: Session, ticket: Ticket, about: str) -> None:
    post = answers.find(session, about)
    if post is None or post.ticket_id != ticket.id:
        raise Refused(f"{ticket.number} has no such answer. Nothing was changed.")
