"""Buttons and menus: one function for each. Who may press it is asked every time, here."""

from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.desk import Desk
from bot.tickets.actions import REFUSALS, ActionRefused, TicketActions, refusal_text
from bot.tickets.card_state import draw_card
from handlers.actions.payload import Click, Payload, read_click
from handlers.slack.modal import too_late
from handlers.slack.permissions import Permissions
from handlers.types import Ack, Respond
from handlers.views import modals
from handlers.views.decision import decision_blocks
from handlers.views.ids import ActionId
from handlers.views.modals import Rating, View
from storage.db.database import Database
from storage.reports.whole_ticket import decisions_and_calls
from storage.tickets import cards, changes, outbox

log = structlog.get_logger("actions")


class TicketCardActions:
    """What happens when somebody presses something on a card, in a form or under an answer."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        work: TicketActions,
        desk: Desk,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._work = work
        self._desk = desk
        self._agents: dict[str, Callable[[Click], Awaitable[None]]] = {
            ActionId.TAKE: self._take,
            ActionId.REPLY: self._reply,
            ActionId.SEND_DRAFT: self._send_draft,
            ActionId.EDIT_DRAFT: self._edit_draft,
            ActionId.SOLVE: self._solve,
            ActionId.NOT_A_REQUEST: self._not_a_request,
            ActionId.RESUME: self._resume,
            ActionId.MORE: self._more,
            ActionId.REOPEN: self._reopen,
            ActionId.CATEGORY: self._category,
            ActionId.MERGE: self._merge,
            ActionId.WHY: self._why,
            ActionId.TELL_ALL: self._tell_all,
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
            await self._answer(body, respond, refusal_text(error))

    async def rated(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """The customer rates the answer; their words may follow in a form."""
        await ack()
        try:
            click = read_click(body)
            rating: Rating = "good" if click.press == ActionId.RATE_GOOD else "bad"
            await self._work.rate(click.actor(), click.number, rating, "")
            ticket = await self._store.read(changes.get_ticket, click.number)
            await self._open(click, modals.rating_modal(click.number, rating, ticket.language))
        except REFUSALS as error:
            await self._answer(body, respond, refusal_text(error))

    async def _allow(self, click: Click) -> None:
        """Raise Refused unless an agent pressed it, on the card of that very ticket."""
        if not await self._access.works(click.user):
            raise ActionRefused("Only the desk's agents can do this. Nothing was changed.")
        if click.place is None:
            return
        card = await self._store.read(cards.card_at, *click.place)
        if card is None or card.ticket_id != click.number:
            raise ActionRefused(
                "This button does not stand on that ticket's card. Nothing was changed."
            )

    async def _answer(self, body: Payload, respond: Respond, sentence: str) -> None:
        """Tell the one who pressed, and nobody else; in a form there is no place but the form."""
        if body.get("response_url"):
            await respond(text=sentence, response_type="ephemeral", replace_original=False)
        elif body.get("view"):
            await self._push(str(body["trigger_id"]), modals.notice_modal("Not done", sentence))

    async def _take(self, click: Click) -> None:
        await self._work.take(click.actor(), click.number)

    async def _solve(self, click: Click) -> None:
        await self._work.solve(click.actor(), click.number)

    async def _resume(self, click: Click) -> None:
        await self._work.resume(click.actor(), click.number)

    async def _reopen(self, click: Click) -> None:
        await self._work.reopen(click.actor(), click.number)

    async def _category(self, click: Click) -> None:
        await self._work.recategorise(click.actor(), click.number, click.chosen)

    async def _send_draft(self, click: Click) -> None:
        await self._work.send_draft(click.actor(), click.number, click.rest)

    async def _reply(self, click: Click) -> None:
        await self._open(click, modals.reply_modal(click.number))

    async def _tell_all(self, click: Click) -> None:
        facts = await self._store.read(cards.card_facts, click.number)
        card = draw_card(facts, self._desk)
        await self._open(click, modals.tell_all_modal(click.number, card.affected))

    async def _edit_draft(self, click: Click) -> None:
        draft = await self._store.read(outbox.find_draft, click.rest)
        if draft is None or draft.ticket_id != click.number or draft.fate != "waiting":
            raise ActionRefused(
                "This draft is no longer waiting; the card shows what became of it."
            )
        await self._open(click, modals.edit_draft_modal(click.number, click.rest, draft.text))

    async def _not_a_request(self, click: Click) -> None:
        await self._open(click, modals.not_a_request_modal(click.number))

    async def _more(self, click: Click) -> None:
        facts = await self._store.read(cards.card_facts, click.number)
        card = draw_card(facts, self._desk)
        await self._open(click, modals.more_modal(card))

    async def _merge(self, click: Click) -> None:
        await self._push(click.trigger, modals.merge_modal(click.number))

    async def _why(self, click: Click) -> None:
        blocks = decision_blocks(*await self._store.read(decisions_and_calls, click.number))
        await self._push(click.trigger, modals.reading_modal(f"Why? T-{click.number}", blocks))

    async def _open(self, click: Click, view: View) -> None:
        try:
            await self._client.views_open(trigger_id=click.trigger, view=view)
        except SlackApiError as error:
            raise too_late(error) from error

    async def _push(self, trigger: str, view: View) -> None:
        try:
            await self._client.views_push(trigger_id=trigger, view=view)
        except SlackApiError as error:
            raise too_late(error) from error
