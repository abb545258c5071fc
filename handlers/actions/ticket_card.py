"""Buttons and menus on a ticket's card, in its forms and under an answer that is rated."""

from collections.abc import Awaitable, Callable

from bot.tickets.card_state import draw_card
from bot.tickets.refusals import ActionRefused
from bot.workspace.card import Card
from handlers.actions.payload import Click, read_click, read_pressed
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.verbs import BUTTONS
from handlers.slack.modal import open_modal, push_modal
from handlers.types import Ack, MessageBody, Payload
from handlers.views import modals
from handlers.views.ids import ActionId
from handlers.views.modals import Rating, View
from handlers.views.proposal import edit_proposal_modal
from storage.cards import cards
from storage.tickets import changes, outbox


class TicketCardActions:
    """What happens when somebody presses something: a form opens, or a verb of the table is run."""

    def __init__(self, desk: TicketDesk) -> None:
        self._desk = desk
        # What no verb does by itself; the rest are verbs.
        self._own: dict[str, Callable[[Click], Awaitable[None]]] = {
            ActionId.CATEGORY: self._category,
            ActionId.REPLY: self._reply,
            ActionId.SEND_DRAFT: self._send_draft,
            ActionId.EDIT_DRAFT: self._edit_draft,
            ActionId.NOT_A_REQUEST: self._not_a_request,
            ActionId.MORE: self._more,
            ActionId.MERGE: self._merge,
            ActionId.WHY: self._why,
            ActionId.TELL_ALL: self._tell_all,
            ActionId.DO_IT: self._do_it,
            ActionId.EDIT_IT: self._edit_it,
            ActionId.DECLINE: self._decline,
        }

    async def pressed(self, ack: Ack, body: Payload) -> None:
        """Something of the agents' was pressed: do it."""
        await ack()
        click = read_click(body)
        await self._check_place(click)
        if own := self._own.get(click.press):
            await own(click)
        else:
            await self._run(click)

    async def rated(self, ack: Ack, body: Payload) -> None:
        """The customer rates the answer; their words may follow in a form."""
        await ack()
        click = read_click(body)
        rating: Rating = "good" if click.press == ActionId.RATE_GOOD else "bad"
        await self._desk.work.rate(click.actor(), click.number, rating, "")
        ticket = await self._desk.store.read(changes.get_ticket, click.number)
        await self._open(click, modals.rating_modal(click.number, rating, ticket.language))

    async def _check_place(self, click: Click) -> None:
        """Raise ActionRefused unless it stands on the card of that very ticket, or in a form."""
        if click.place is None:
            return
        card = await self._desk.store.read(cards.card_at, *click.place)
        if card is None or card.ticket_id != click.number:
            raise ActionRefused(
                "This button does not stand on that ticket's card. Nothing was changed."
            )

    async def _category(self, click: Click) -> None:
        await self._desk.work.recategorise(click.actor(), click.number, click.chosen)

    async def _send_draft(self, click: Click) -> None:
        await self._desk.work.send_draft(click.actor(), click.number, click.rest)

    async def _do_it(self, click: Click) -> None:
        admin = await self._desk.access.configures(click.user)
        pressed = read_pressed(click.user, click.number, click.rest)
        await self._desk.proposals.decide(pressed, agrees=True, admin=admin)

    async def _edit_it(self, click: Click) -> None:
        pressed = read_pressed(click.user, click.number, click.rest)
        row, tool = await self._desk.proposals.waiting(pressed)
        view = edit_proposal_modal(click.number, click.rest, row.what, tool.input, row.arguments)
        await self._open(click, view)

    async def _decline(self, click: Click) -> None:
        pressed = read_pressed(click.user, click.number, click.rest)
        await self._desk.proposals.decide(pressed, agrees=False, admin=False)

    async def _reply(self, click: Click) -> None:
        await self._open(click, modals.reply_modal(click.number))

    async def _tell_all(self, click: Click) -> None:
        card = await self._card(click)
        await self._open(click, modals.tell_all_modal(click.number, card.affected))

    async def _edit_draft(self, click: Click) -> None:
        draft = await self._desk.store.read(outbox.find_draft, click.rest)
        if draft is None or draft.ticket_id != click.number or draft.fate != "waiting":
            raise ActionRefused(
                "This draft is no longer waiting; the card shows what became of it."
            )
        await self._open(click, modals.edit_draft_modal(click.number, click.rest, draft.text))

    async def _not_a_request(self, click: Click) -> None:
        await self._open(click, modals.not_a_request_modal(click.number))

    async def _more(self, click: Click) -> None:
        await self._open(click, modals.more_modal(await self._card(click)))

    async def _card(self, click: Click) -> Card:
        facts = await self._desk.store.read(cards.card_facts, click.number)
        return draw_card(facts, self._desk.lists.desk)

    async def _merge(self, click: Click) -> None:
        await self._push(click, modals.merge_modal(click.number))

    async def _why(self, click: Click) -> None:
        answer = await BUTTONS[click.press].run(
            self._desk, Asked(click.actor(), number=click.number)
        )
        await self._push(click, modals.reading_modal(answer["text"], answer["blocks"]))

    async def _run(self, click: Click) -> MessageBody:
        asked = Asked(click.actor(), number=click.number)
        return await BUTTONS[click.press].run(self._desk, asked)

    async def _open(self, click: Click, view: View) -> None:
        await open_modal(self._desk.client, click.trigger, view)

    async def _push(self, click: Click, view: View) -> None:
        await push_modal(self._desk.client, click.trigger, view)
