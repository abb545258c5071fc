"""Buttons and menus: one function for each. Who may press it is asked every time, here."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.deskwork import REFUSALS, Deskwork, Refused, told
from bot.picture import draw
from handlers import modals
from handlers.access import Access
from handlers.clicks import Click, Payload, read_click
from handlers.modals import Rating, View
from handlers.verbs import Press
from handlers.why import why
from storage import cards, lifecycle, relays
from storage.database import Database

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]

# Errors of Slack's for a form that came too late to be opened.
TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")

log = structlog.get_logger("actions")


class Actions:
    """What happens when somebody presses something on a card, in a form or under an answer."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Access,
        work: Deskwork,
        desk: Desk,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._work = work
        self._desk = desk
        self._agents: dict[str, Callable[[Click], Awaitable[None]]] = {
            Press.TAKE: self._take,
            Press.REPLY: self._reply,
            Press.SEND_DRAFT: self._send_draft,
            Press.EDIT_DRAFT: self._edit_draft,
            Press.SOLVE: self._solve,
            Press.NOT_A_REQUEST: self._not_a_request,
            Press.RESUME: self._resume,
            Press.MORE: self._more,
            Press.REOPEN: self._reopen,
            Press.CATEGORY: self._category,
            Press.MERGE: self._merge,
            Press.WHY: self._why,
            Press.TELL_ALL: self._tell_all,
        }

    async def pressed(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Something of the agents' was pressed: do it, or tell the one who did why not."""
        await ack()
        try:
            click = read_click(body)
            await self._allow(click)
            await self._agents[click.press](click)
        except REFUSALS as error:
            log.info("refused", user=body["user"]["id"], why=str(error))
            await self._answer(body, respond, told(error))

    async def rated(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """The customer rates the answer; their words may follow in a form."""
        await ack()
        try:
            click = read_click(body)
            rating: Rating = "good" if click.press == Press.RATE_GOOD else "bad"
            await self._work.rate(click.hand(), click.number, rating, "")
            ticket = await self._store.read(lifecycle.ticket, click.number)
            await self._open(click, modals.rating(click.number, rating, ticket.language))
        except REFUSALS as error:
            await self._answer(body, respond, told(error))

    async def _allow(self, click: Click) -> None:
        """Raise Refused unless an agent pressed it, on the card of that very ticket."""
        if not await self._access.works(click.user):
            raise Refused("Only the desk's agents can do this. Nothing was changed.")
        if click.place is None:
            return
        card = await self._store.read(cards.standing_at, *click.place)
        if card is None or card.ticket_id != click.number:
            raise Refused("This button does not stand on that ticket's card. Nothing was changed.")

    async def _answer(self, body: Payload, respond: Respond, sentence: str) -> None:
        """Tell the one who pressed, and nobody else; in a form there is no place but the form."""
        if body.get("response_url"):
            await respond(text=sentence, response_type="ephemeral", replace_original=False)
        elif body.get("view"):
            await self._push(str(body["trigger_id"]), modals.told("Not done", sentence))

    async def _take(self, click: Click) -> None:
        await self._work.take(click.hand(), click.number)

    async def _solve(self, click: Click) -> None:
        await self._work.solve(click.hand(), click.number)

    async def _resume(self, click: Click) -> None:
        await self._work.resume(click.hand(), click.number)

    async def _reopen(self, click: Click) -> None:
        await self._work.reopen(click.hand(), click.number)

    async def _category(self, click: Click) -> None:
        await self._work.recategorise(click.hand(), click.number, click.chosen)

    async def _send_draft(self, click: Click) -> None:
        await self._work.send_draft(click.hand(), click.number, click.rest)

    async def _reply(self, click: Click) -> None:
        await self._open(click, modals.reply(click.number))

    async def _tell_all(self, click: Click) -> None:
        card = await self._store.read(draw, click.number, self._desk)
        await self._open(click, modals.tell_all(click.number, card.affected))

    async def _edit_draft(self, click: Click) -> None:
        draft = await self._store.read(relays.draft, click.rest)
        if draft is None or draft.ticket_id != click.number or draft.fate != "waiting":
            raise Refused("This draft is no longer waiting; the card shows what became of it.")
        await self._open(click, modals.edit_draft(click.number, click.rest, draft.text))

    async def _not_a_request(self, click: Click) -> None:
        await self._open(click, modals.not_a_request(click.number))

    async def _more(self, click: Click) -> None:
        card = await self._store.read(draw, click.number, self._desk)
        await self._open(click, modals.more(card))

    async def _merge(self, click: Click) -> None:
        await self._push(click.trigger, modals.merge(click.number))

    async def _why(self, click: Click) -> None:
        blocks = await self._store.read(why, click.number)
        await self._push(click.trigger, modals.reading(f"Why? T-{click.number}", blocks))

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self._client.views_open(trigger_id=click.trigger, view=view)
        except SlackApiError as error:
            raise _too_late(error) from error

    async def _push(self, trigger: str, view: View) -> None:
        try:
            await self._client.views_push(trigger_id=trigger, view=view)
        except SlackApiError as error:
            raise _too_late(error) from error


def _too_late(error: SlackApiError) -> Exception:
    if error.response.get("error") in TOO_LATE:
        return Refused("That took too long, so Slack did not open the form. Please press again.")
    return error
