"""The operations on a desk. Whoever asks is known; what they may is asked here, and nowhere else.

What a caller may not see does not exist for them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from bot.api import operations as table
from bot.api import shapes
from bot.api.answered_once import AnsweredOnce
from bot.api.api_failure import ApiFailure, not_there
from bot.api.asking import ProgramQuestions
from bot.api.callers import Caller
from bot.api.operations import Operation
from bot.api.telling import page_told, whole_ticket_told
from bot.config.desk import Desk
from bot.knowledge.terms import unsought_words
from bot.pipeline.forms import FormRequest, FormTickets, NotOpened
from bot.tickets.act_rules import Actor
from bot.tickets.actions import TicketActions
from bot.tickets.refusals import REFUSALS, ActionRepeated, refusal_text
from bot.tools.customers import Profiles
from storage.db.database import Database
from storage.intake import idempotency
from storage.reports.whole_ticket import WholeTicket, whole_ticket_of
from storage.tickets import search
from storage.tickets.changes import NoTicket
from storage.tickets.search import TicketFilter
from storage.tickets.tables import Ticket

IsPrivate = Callable[[str], Awaitable[bool]]
# Seconds for which a program waits for the number of the ticket that it opens.
OPENED_WITHIN = 8.0
# Pages of the store that one page for a program is made of, where it may not see all of them.
MOST_PAGES = 5
# Questions that are answered at a time; a model works for each.
MOST_QUESTIONS = 4


@dataclass(frozen=True)
class ApiRequest:
    """What a caller wants: an operation with what it takes; `key` makes it count once.

    `once` says that the caller named the key, and may send it again.
    """

    caller: Caller
    operation: Operation
    given: Any
    key: str
    once: bool = False

    @property
    def content(self) -> str:
        """All that was given, as a digest."""
        return sha256(self.given.model_dump_json().encode()).hexdigest()

    @property
    def actor(self) -> Actor:
        """As whom it acts on a ticket."""
        return Actor(self.caller.who, "api", self.act_key)

    @property
    def act_key(self) -> str:
        """The same key of another caller, or on another ticket, is another one."""
        number = getattr(self.given, "number", "")
        return f"{self.caller.who}:{self.operation.name}:{number}:{self.key}"


class DeskOperations:
    """Carries operations out. `private` tells of a channel whether only its members read it."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        store: Database,
        desk: Desk,
        team: str,
        actions: TicketActions,
        forms: FormTickets,
        questions: ProgramQuestions,
        private: IsPrivate,
        people: Profiles,
    ) -> None:
        self._store = store
        self._desk = desk
        self._team = team
        self._actions = actions
        self._forms = forms
        self._questions = questions
        self._private = private
        self._people = people
        self._categories = [intent.name for intent in desk.intents]
        self._answering = asyncio.Semaphore(MOST_QUESTIONS)
        self._answered_once = AnsweredOnce()
        self._work: Mapping[str, Callable[[ApiRequest], Awaitable[BaseModel]]] = {
            table.WHO_AM_I.name: self._who_am_i,
            table.FIND.name: self._find,
            table.READ.name: self._read,
            table.OPEN.name: self._open,
            table.COMMENT.name: self._comment,
            table.SOLVE.name: self._solve,
            table.ASK.name: self._ask,
        }

    async def carry_out(self, request: ApiRequest) -> BaseModel:
        """Do it, and tell what came of it.

        Raises:
            ApiFailure: it is not possible, or the caller may not; nothing was changed.
        """
        needed = request.operation.needs
        if needed is not None and needed not in request.caller.may:
            raise ApiFailure(403, "not_allowed", f"This token may not {needed}.")
        if request.once and needed is not None:
            await self._require_same(request)
        try:
            return await self._work[request.operation.name](request)
        except NoTicket:
            raise not_there() from None
        except REFUSALS as error:
            raise ApiFailure(409, "refused", refusal_text(error)) from None

    async def _require_same(self, request: ApiRequest) -> None:
        """Raise ApiFailure where a key came with something else before."""
        same = await self._store.write(idempotency.same_as_before, request.act_key, request.content)
        if not same:
            raise ApiFailure(422, "other_request", "Idempotency-Key: it came with another request.")

    async def _who_am_i(self, request: ApiRequest) -> shapes.WhoToldMe:
        caller = request.caller
        return shapes.WhoToldMe(
            name=caller.name,
            role=caller.role,
            may=sorted(caller.may),
            private=caller.private,
            categories=self._categories,
        )

    async def _find(self, request: ApiRequest) -> shapes.PageTold:
        given: shapes.SearchGiven = request.given
        wanted = TicketFilter(
            words=given.words,
            status=(given.status,) if given.status else (),
            requester=given.requester,
            intent=given.category,
            priority=given.priority,
            channel=given.channel,
            public=not request.caller.private,
        )
        found: list[Ticket] = []
        start: int | None = given.start
        for _ in range(MOST_PAGES):
            page = await self._store.read(
                search.find_tickets, wanted, given.size, start or 0, stop=unsought_words()
            )
            found += await self._seen_of(request.caller, page.tickets)
            start = page.next
            if start is None or len(found) >= given.size:
                break
        if len(found) > given.size or (start is not None and len(found) == given.size):
            # Where it goes on is told by what the caller sees.
            start = found[given.size - 1].ticket_id
        return page_told(found[: given.size], start)

    async def _seen_of(self, caller: Caller, tickets: Sequence[Ticket]) -> Sequence[Ticket]:
        seen = await asyncio.gather(*(self._sees(caller, each) for each in tickets))
        return [each for each, is_seen in zip(tickets, seen, strict=True) if is_seen]

    async def _read(self, request: ApiRequest) -> shapes.WholeTicketTold:
        return whole_ticket_told(await self._seen(request), request.given.size)

    async def _open(self, request: ApiRequest) -> shapes.OpenedTold:
        given: shapes.OpeningGiven = request.given
        asked = FormRequest(
            key=request.act_key,
            team=self._team,
            user=await self._requester(request),
            channel=given.channel,
            private=await self._place(request.caller, given.channel),
            category=self._category(given.category),
            title=given.title,
            details=given.details,
            urgency=given.priority,
            asked_ts=f"{time.time():.6f}",
            by=request.caller.who,
        )
        await self._forms.ask(asked)
        try:
            number = await self._forms.opened(asked.key, OPENED_WITHIN)
        except NotOpened:
            sentence = "Slack did not take it, and nothing was opened: try later, with another key."
            raise ApiFailure(409, "refused", sentence) from None
        return shapes.OpenedTold(
            number=int(number.removeprefix("T-")) if number else None, request=request.key
        )

    async def _comment(self, request: ApiRequest) -> shapes.DoneTold:
        given: shapes.CommentGiven = request.given
        await self._seen(request)
        with suppress(ActionRepeated):
            await self._actions.note(request.actor, given.number, given.text)
        return shapes.DoneTold(number=given.number, done="It is noted, for agents only.")

    async def _solve(self, request: ApiRequest) -> shapes.DoneTold:
        number: int = request.given.number
        await self._seen(request)
        with suppress(ActionRepeated):
            await self._actions.solve(request.actor, number, vouches=False)
        return shapes.DoneTold(number=number, done=f"T-{number} is solved.")

    async def _ask(self, request: ApiRequest) -> BaseModel:
        if not request.once:
            return await self._answer(request)
        return await self._answered_once.answer(request.act_key, partial(self._answer, request))

    async def _answer(self, request: ApiRequest) -> shapes.AnswerTold:
        if self._answering.locked():
            raise ApiFailure(503, "busy", "Other questions are being answered: ask again later.")
        async with self._answering:
            return await self._questions.answer(request.caller, request.given.question)

    async def _seen(self, request: ApiRequest) -> WholeTicket:
        """The ticket that it is about; raises ApiFailure where the caller may not know of it."""
        whole = await self._store.read(
            whole_ticket_of, request.given.number, agent=request.caller.agent
        )
        if whole is None or not await self._sees(request.caller, whole.ticket):
            raise not_there()
        return whole

    async def _sees(self, caller: Caller, ticket: Ticket) -> bool:
        if caller.private:
            return True
        hidden = ticket.private or ticket.channel_id.startswith("D")
        return not hidden and not await self._private(ticket.channel_id)

    async def _place(self, caller: Caller, channel: str) -> bool:
        """Whether the channel of a new ticket is private; raises ApiFailure for one that is not."""
        private = await self._private(channel)
        if self._desk.mode(channel) == "off" or (private and not caller.private):
            raise ApiFailure(409, "refused", "The desk opens no tickets in that channel.")
        return private

    async def _requester(self, request: ApiRequest) -> str:
        user: str | None = request.given.requester
        if user is None:
            return request.caller.who
        person = await self._people.profile(user)
        if person is None or person.bot or person.gone:
            raise ApiFailure(409, "refused", "Nobody with that user id can be asked for.")
        return user

    def _category(self, name: str) -> str:
        if name not in self._categories:
            known = ", ".join(self._categories)
            raise ApiFailure(400, "wrong", f"category: expected one of {known}.")
        return name
