"""What the outbox says of tickets without a card: one is drawn first, or the reason is kept."""

from datetime import UTC, datetime, timedelta

from emulator.slack import Message
from storage.cards import cards
from storage.tickets import outbox
from tests.stories.tickets.conftest import COMPLAINT, POLICY, QUESTION
from tests.support.workspace import Workspace

DAY = timedelta(days=1)


def under_cards(place: Workspace, mark: str) -> list[Message]:
    """What stands in threads of the agents' channel with this mark."""
    said = place.slack.messages(place.agents)
    return [each for each in said if mark in each.text and each.thread_ts not in (None, each.ts)]


async def complaint_without_card(place: Workspace) -> int:
    """The number of a ticket in people's hands that came while the agents' channel was archived."""
    await place.start(POLICY)
    place.agents.archived = True
    asked = await place.hears(place.linh, COMPLAINT)
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.handed_over_at is not None
    assert place.cards() == []
    return ticket.ticket_id


async def test_a_notice_about_a_ticket_without_a_card_has_one_drawn_first(
    place: Workspace,
) -> None:
    """The channel is back when the SLA is missed: the agents read it under the ticket's card."""
    number = await complaint_without_card(place)
    place.agents.archived = False
    await place.at(datetime.now(UTC) + 2 * DAY)

    [notice] = under_cards(place, "🚨")
    card = await place.running.store.read(cards.card_of_ticket, number)
    assert card is not None
    assert notice.thread_ts == card.ts


async def test_a_notice_that_can_have_no_card_is_tried_once(place: Workspace) -> None:
    """The channel is archived still: nothing waits, and nothing comes late when it is back."""
    await complaint_without_card(place)
    moment = datetime.now(UTC) + 2 * DAY
    await place.at(moment)
    unsent = await place.running.store.read(outbox.unsent_in_outbox)
    place.agents.archived = False
    await place.at(moment + DAY)

    assert unsent == []
    assert under_cards(place, "🚨") == []


async def test_a_reminder_that_slack_refuses_needs_no_card_to_be_over(place: Workspace) -> None:
    """The bot answered alone, so no agent has a card of it; its channel was archived since."""
    await place.start()
    asked = await place.hears(place.linh, QUESTION)
    answered = place.replies(asked)
    place.orders.archived = True
    for days in (4, 5, 30):
        await place.at(datetime.now(UTC) + days * DAY)

    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.status == "closed"
    assert place.replies(asked) == answered
    assert place.cards() == []
    assert await place.running.store.read(outbox.unsent_in_outbox) == []
