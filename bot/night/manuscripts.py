"""Drafts of articles on their way from the night to the knowledge folder, past a person.

What people decide is written in one transaction; the card in Slack and the file follow from it.
What lags behind, after a crash or a refusal, is caught up at the next start and by the clock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import structlog

from bot.deskwork import Hand, Refused, Repeated
from bot.errands import Errands
from bot.frontdesk import CannotPost, FrontDesk
from bot.night.filing import file, origin, read
from bot.night.privacy import Finding, Person, check
from storage import acts, articles, lifecycle, manuscripts, nights
from storage.columns import utc_now
from storage.database import Database, Session
from storage.manuscripts import Decided, Gone, Manuscript, Personal, Wording
from storage.models import Message

log = structlog.get_logger("manuscripts")


class Board(Protocol):
    """Where drafts wait for people. `handlers.manuscripts` does it in Slack."""

    channel: str

    async def post(self, manuscript: Manuscript) -> str:
        """Put a draft before the agents, once; answers its ts. Raises CannotPost."""

    async def redraw(self, manuscript: Manuscript) -> bool:
        """Bring its card up to date; False when it was deleted. Raises CannotPost."""


class PersonalData(Refused):
    """Something of the customer's stands in the text; `in_title` says where."""

    def __init__(self, findings: Sequence[Finding], *, in_title: bool) -> None:
        super().__init__(f"Please take out what belongs to the customer: {told(findings)}.")
        self.in_title = in_title


class Manuscripts:
    """What people do to drafts of articles. Callers have checked who may.

    Each act raises Refused, having changed nothing.
    """

    def __init__(
        self,
        store: Database,
        front: FrontDesk,
        board: Board,
        folder: Path,
        read_folder: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._front = front
        self._board = board
        self._folder = folder
        self._read_folder = read_folder
        self._catching_up = asyncio.Lock()
        self._errands = Errands()

    async def approve(self, hand: Hand, number: int) -> None:
        """Let a draft become an article."""
        await self._act(hand, lambda session: _approve(session, number, hand.who))

    async def reject(self, hand: Hand, number: int, reason: str) -> None:
        """Let a draft be none, and keep why."""
        await self._act(hand, lambda session: _reject(session, number, hand.who, reason))

    async def edit(
        self, hand: Hand, number: int, title: str, body: str, audience: str, language: str
    ) -> None:
        """Change a draft, which goes on waiting; what belongs to the customer is refused."""
        title, body = " ".join(title.split()), body.strip()
        person = await self._person(number)
        found = check(title, person), check(body, person)
        for some, in_title in zip(found, (True, False), strict=True):
            certain = [each for each in some if each.certain]
            if certain:
                raise PersonalData(certain, in_title=in_title)
        findings = [asdict(each) for each in dict.fromkeys((*found[0], *found[1]))]
        wording = Wording(title, body, audience, language, findings)
        await self._act(hand, lambda session: _edit(session, number, wording, hand.who))

    async def find(self, number: int) -> Manuscript:
        """A draft that waits; raises Refused when it does no longer."""
        manuscript = await self._store.read(manuscripts.find, number)
        if manuscript is None:
            raise Refused("There is no such draft.")
        if manuscript.state != "waiting":
            raise Refused(_decided(manuscript.state, manuscript.decided_by))
        return manuscript

    async def standing_at(self, channel: str, ts: str) -> Manuscript | None:
        """The draft whose card stands at this place."""
        return await self._store.read(manuscripts.standing_at, channel, ts)

    def touch(self) -> None:
        """Something has changed: let cards and files follow soon. Never raises."""
        self._errands.begin(self.catch_up())

    async def quiet(self) -> None:
        """Wait until cards and files have followed."""
        await self._errands.quiet()

    async def stop(self) -> None:
        """Stop; what is behind is caught up at the next start."""
        await self._errands.stop()

    async def catch_up(self) -> None:
        """File what was approved and bring every card up to date. Never raises."""
        async with self._catching_up:
            for number in await self._store.read(manuscripts.behind):
                try:
                    await self._file(number)
                    await self._show(number)
                except CannotPost as error:
                    log.warning("draft's card is behind", draft=number, problem=str(error))
                except Exception:
                    log.exception("draft is behind", draft=number)

    async def _file(self, number: int) -> None:
        manuscript = await self._store.read(manuscripts.find, number)
        if manuscript is None or manuscript.state != "approved":
            return
        try:
            source = await asyncio.to_thread(file, self._folder, manuscript)
        except OSError as error:
            log.error("article not written", draft=number, problem=str(error))  # noqa: TRY400
            problem = f"{self._folder} cannot be written ({error.strerror or error})"
            source = await self._store.write(_shelve, manuscript, origin(self._folder), problem)
        else:
            await self._read_folder()
            await self._store.write(manuscripts.filed, number, source)
        log.info("article filed", draft=number, source=source, ticket=manuscript.ticket_id)

    async def _show(self, number: int) -> None:
        manuscript = await self._store.read(manuscripts.find, number)
        if manuscript is None or manuscript.shown == manuscript.version:
            return
        ts = manuscript.ts
        if ts is None or not await self._board.redraw(manuscript):
            ts = await self._board.post(manuscript)
        await self._store.write(
            manuscripts.posted, number, self._board.channel, ts, manuscript.version
        )

    async def _act(self, hand: Hand, work: Callable[[Session], None]) -> None:
        try:
            await self._store.write(_once, hand.key, work)
        except Gone:
            raise Refused("There is no such draft.") from None
        except Decided as error:
            raise Refused(_decided(error.state, error.who)) from None
        except Personal:
            raise Refused(
                "Something of the customer's stands in it: take it out with Edit first."
            ) from None
        self.touch()

    async def _person(self, number: int) -> Person:
        ticket, said, orders = await self._store.read(_ticket_of, (await self.find(number)))
        try:
            names = await self._front.names(ticket)
        except CannotPost as error:
            raise Refused(f"{error}, so the text cannot be checked now. Try again.") from None
        return person_of(names, said, orders)


def person_of(names: Sequence[str], said: Sequence[Message], orders: Sequence[str]) -> Person:
    """The customer of a ticket, as the check for personal data wants to know them."""
    return Person(
        names=tuple(names),
        wrote="\n".join(each.text for each in said if each.author == "customer"),
        thread="\n".join(each.text for each in said),
        orders=tuple(orders),
    )


def told(findings: Sequence[Finding]) -> str:
    """Findings in words."""
    return ", ".join(f"{each.kind} {each.text}" for each in findings)


def _once(session: Session, key: str, work: Callable[[Session], None]) -> None:
    if not acts.first_time(session, key):
        raise Repeated("That was done already.")
    work(session)


def _shelve(session: Session, manuscript: Manuscript, where: str, problem: str) -> str:
    """Put an article on the shelf without a file; answers its source."""
    written = read(manuscript)
    articles.take_in(session, [written], where)
    manuscripts.filed(session, manuscript.number, written.source, problem)
    return written.source


def _approve(session: Session, number: int, who: str) -> None:
    manuscripts.approve(session, number, who, utc_now())


def _reject(session: Session, number: int, who: str, reason: str) -> None:
    manuscripts.reject(session, number, who, reason, utc_now())


def _edit(session: Session, number: int, wording: Wording, who: str) -> None:
    manuscripts.edit(session, number, wording, who)


def _ticket_of(
    session: Session, manuscript: Manuscript
) -> tuple[str, Sequence[Message], tuple[str, ...]]:
    number = manuscript.ticket_id
    requester = lifecycle.ticket(session, number).requester_id
    return requester, nights.said(session, number), nights.orders(session, number)


def _decided(state: str, who: str | None) -> str:
    done = {"filed": "approved"}.get(state, state)
    by = f"<@{who}> was faster: the" if who else "The"
    return f"{by} draft is {done}. Nothing was changed."
