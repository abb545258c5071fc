"""A change in the shop: proposed by the bot, made once, by an agent's press."""

import asyncio

import pytest

from emulator.slack import Message
from shop.faults import FaultKind
from tests.support import blocks
from tests.support.shop import ShopDesk

CANCEL = "Please cancel order LB-10482, I ordered the wrong colour."
DONE = "Your order LB-10482 is cancelled."


async def proposed(shop: ShopDesk, more: str = "", text: str = CANCEL) -> tuple[Message, Message]:
    """A request of Tom's, and its card."""
    await shop.start_cancelling(more)
    asked = await shop.desk.hears(shop.people["tom"], text)
    (card,) = shop.desk.cards()
    return asked, card


async def settled(shop: ShopDesk) -> None:
    await shop.desk.settled()
    await shop.desk.running.cards.wait_idle()


def effects(shop: ShopDesk) -> list[str]:
    return [f"{each['what']} {each['number']}" for each in shop.shop.book.effects()]


async def test_an_agent_cancels_an_order_and_the_customer_hears_of_it(shop: ShopDesk) -> None:
    """Nothing happens by the model's word; the card says what, for whom, and how it stands."""
    asked, card = await proposed(shop)

    shown = blocks.shown(card.blocks)
    assert "cancel (LB-10482)" in shown
    assert "worth 320,000" in shown
    assert "Being packed" in shown
    assert "nothing has been changed yet" in shop.desk.replies(asked)[0]
    assert effects(shop) == []

    await shop.desk.mai.click(card, "Do it")
    await settled(shop)

    assert effects(shop) == ["cancel LB-10482"]
    assert shop.desk.replies(asked)[-1] == DONE
    after = blocks.shown(shop.desk.cards()[0].blocks)
    assert "cancel (LB-10482)*: done" in after
    assert "[Do it]" not in after


async def test_two_agents_press_and_it_happens_once(shop: ShopDesk) -> None:
    """Each twice, all at the same time: one effect, one word to the customer."""
    other = shop.desk.slack.add_user("lan")
    shop.desk.agents.members.append(other.id)
    asked, card = await proposed(shop)

    await asyncio.gather(
        *(who.click(card, "Do it") for who in (shop.desk.mai, other, shop.desk.mai, other))
    )
    await settled(shop)

    assert effects(shop) == ["cancel LB-10482"]
    assert shop.desk.replies(asked).count(DONE) == 1


async def test_a_declined_change_is_not_made(shop: ShopDesk) -> None:
    """Nor can it be agreed to afterwards."""
    _asked, card = await proposed(shop)

    await shop.desk.mai.click(card, "Decline")
    await shop.desk.mai.click(card, "Do it")
    await settled(shop)

    assert effects(shop) == []
    assert "declined" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_above_the_limit_it_takes_two_people(shop: ShopDesk) -> None:
    """The first press is noted, the same person's second one refused."""
    other = shop.desk.slack.add_user("lan")
    shop.desk.agents.members.append(other.id)
    asked, card = await proposed(shop, "agents_up_to = 100000")

    assert "takes 2 people" in blocks.shown(card.blocks)
    await shop.desk.mai.click(card, "Do it")
    await shop.desk.mai.click(card, "Do it")
    await settled(shop)
    assert effects(shop) == []

    await other.click(shop.desk.cards()[0], "Do it")
    await settled(shop)
    assert effects(shop) == ["cancel LB-10482"]
    assert shop.desk.replies(asked)[-1] == DONE


async def test_what_has_changed_since_is_not_done(shop: ShopDesk) -> None:
    """The order was sent meanwhile: the press looks again, and the customer gets a person."""
    asked, card = await proposed(shop)
    shop.shop.book.send("LB-10482")

    await shop.desk.mai.click(card, "Do it")
    await settled(shop)

    assert effects(shop) == []
    assert "A person will look into it" in shop.desk.replies(asked)[-1]
    assert "stale" in blocks.shown(shop.desk.cards()[0].blocks)
    under = shop.desk.slack.thread(shop.desk.cards()[0])
    assert "things have changed" in under[-1].text


@pytest.mark.parametrize(
    ("kind", "fate", "told"),
    [
        ("drop", "done", DONE),
        ("error", "done", DONE),
        ("half", "doubtful", "A person will look into it"),
    ],
)
async def test_a_doubt_is_cleared_by_looking(
    shop: ShopDesk, kind: FaultKind, fate: str, told: str
) -> None:
    """An answer that is lost, one that fails, and a system that only said it would."""
    asked, card = await proposed(shop)
    shop.shop.fault(kind, "cancel")

    await shop.desk.mai.click(card, "Do it")
    await settled(shop)

    assert effects(shop) == ["cancel LB-10482"]
    assert told in shop.desk.replies(asked)[-1]
    assert f"cancel (LB-10482)*: {fate}" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_what_is_too_late_or_not_theirs_is_never_proposed(shop: ShopDesk) -> None:
    """Too late is answered from the shop; somebody else's is not there."""
    await shop.start_cancelling()
    late = await shop.desk.hears(shop.people["tom"], "Please cancel order LB-10490.")
    foreign = await shop.desk.hears(shop.people["tom"], "Please cancel order LB-10513.")

    assert "Delayed" in shop.desk.replies(late)[0]
    assert "couldn't find" in shop.desk.replies(foreign)[0]
    assert not any("[Do it]" in blocks.shown(card.blocks) for card in shop.desk.cards())


async def test_a_customer_cannot_press(shop: ShopDesk) -> None:
    """Somebody who is no agent is refused, wherever they found the button."""
    _asked, card = await proposed(shop)

    await shop.people["tom"].click(card, "Do it")
    await settled(shop)

    assert effects(shop) == []
