"""Money that goes back: who may agree to how much, and what an agent makes of a proposal."""

from typing import Any

import pytest

from emulator.slack import Message, Person, View
from storage.intake.notes import notes_of_ticket
from tests.support import blocks
from tests.support.shop import ShopDesk

ASKED = "The cup was broken, please refund 50,000 VND of order LB-10482."


async def proposed(shop: ShopDesk, more: str = "", desk: str = "") -> tuple[Message, Message]:
    """A request of Tom's, and its card."""
    await shop.start_refunding(more, desk)
    asked = await shop.desk.hears(shop.people["tom"], ASKED)
    (card,) = shop.desk.cards()
    return asked, card


async def pressed(shop: ShopDesk, who: Person, label: str = "Do it") -> None:
    await who.click(shop.desk.cards()[0], label)
    await settled(shop)


async def edit_form(shop: ShopDesk, card: Message) -> View:
    await shop.desk.mai.click(card, "Edit")
    (form,) = await shop.desk.slack.until(lambda: shop.desk.slack.views(shop.desk.mai))
    return form


async def settled(shop: ShopDesk) -> None:
    await shop.desk.settled()
    await shop.desk.running.cards.wait_idle()


def refunds(shop: ShopDesk) -> list[tuple[str, int]]:
    return [(each["number"], each["amount"]) for each in shop.shop.book.effects()]


def agent(shop: ShopDesk, name: str) -> Person:
    person = shop.desk.slack.add_user(name)
    shop.desk.agents.members.append(person.id)
    return person


async def test_an_agent_agrees_to_a_small_refund_alone(shop: ShopDesk) -> None:
    """The limit is for what is given back, not for what the order is worth."""
    asked, card = await proposed(shop, "agents_up_to = 50000")

    shown = blocks.shown(card.blocks)
    assert "refund (LB-10482, 50000)" in shown
    assert "worth 50,000" in shown
    assert "takes 2 people" not in shown
    assert "Why: " in shown
    assert "Afterwards they read: We refund 50000 VND of your order LB-10482." in shown
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == [("LB-10482", 50_000)]
    assert shop.desk.replies(asked)[-1] == "We refund 50000 VND of your order LB-10482."


async def test_one_more_takes_a_second_person(shop: ShopDesk) -> None:
    """A unit above the limit, and whoever agreed first is not the second."""
    other = agent(shop, "lan")
    _asked, card = await proposed(shop, "agents_up_to = 49999.99")
    assert "takes 2 people" in blocks.shown(card.blocks)

    await pressed(shop, shop.desk.mai)
    await pressed(shop, shop.desk.mai)
    assert refunds(shop) == []
    await pressed(shop, other)

    assert refunds(shop) == [("LB-10482", 50_000)]


@pytest.mark.parametrize(("limit", "done"), [(50_000, True), (49_999, False)])
async def test_an_admin_has_a_limit_of_their_own(shop: ShopDesk, limit: int, *, done: bool) -> None:
    """Up to it one press does; above it admins are agents like any other."""
    more = f"agents_up_to = 10\nadmins_up_to = {limit}"
    await proposed(shop, more, f'admins = ["{shop.desk.mai.id}"]\n')
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == ([("LB-10482", 50_000)] if done else [])


async def test_an_agent_edits_what_is_proposed(shop: ShopDesk) -> None:
    """Looked up anew, noted with the ticket, and agreed to as it stands then."""
    asked, card = await proposed(shop)
    form = await edit_form(shop, card)
    sent = await shop.desk.mai.submit(form, {"argument_field1": "20000"})
    assert not sent.errors
    await settled(shop)

    shown = blocks.shown(shop.desk.cards()[0].blocks)
    assert "refund (LB-10482, 20000)" in shown
    assert "edited" in shown
    assert refunds(shop) == []
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == [("LB-10482", 20_000)]
    noted = await shop.desk.running.store.read(notes_of_ticket, 1001)
    assert "edited: refund (LB-10482, 50000) → refund (LB-10482, 20000)" in [
        each.text for each in noted
    ]
    assert shop.desk.replies(asked)[-1] == "We refund 20000 VND of your order LB-10482."


async def test_an_edit_above_the_limit_takes_two(shop: ShopDesk) -> None:
    """Whoever made it larger does not get it through alone."""
    _asked, card = await proposed(shop, "agents_up_to = 50000")
    form = await edit_form(shop, card)
    await shop.desk.mai.submit(form, {"argument_field1": "60000"})
    await settled(shop)

    await pressed(shop, shop.desk.mai)
    assert refunds(shop) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"argument_field1": "a lot"}, "Expected a number"),
        ({"argument_field1": "0"}, "cannot be so"),
        ({"argument_field0": "10482"}, "cannot be so"),
        ({"argument_field0": "DH-20311"}, "nothing of the kind for this customer"),
    ],
)
async def test_an_edit_that_cannot_be_is_refused_in_the_form(
    shop: ShopDesk, typed: dict[str, str], told: str
) -> None:
    """No such figure, none of that shape, and somebody else's order."""
    _asked, card = await proposed(shop)
    form = await edit_form(shop, card)
    sent = await shop.desk.mai.submit(form, typed)

    assert told in str(sent.errors)
    assert "refund (LB-10482, 50000)" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_a_press_on_the_card_of_before_does_nothing(shop: ShopDesk) -> None:
    """One edits, another presses what they still see; nor can it be edited from there."""
    other = agent(shop, "lan")
    _asked, card = await proposed(shop)
    (seen,) = (each["value"] for each in elements(card) if each.get("action_id") == "do_it")
    form = await edit_form(shop, card)
    await shop.desk.mai.submit(form, {"argument_field1": "60000"})
    await settled(shop)
    await other.click(shop.desk.cards()[0], "Do it", value=seen)
    await settled(shop)

    assert refunds(shop) == []
    await other.click(shop.desk.cards()[0], "Edit", value=seen)
    assert shop.desk.slack.views(other) == []


def elements(message: Message) -> list[dict[str, Any]]:
    return [each for block in message.blocks for each in block.get("elements", ())]
