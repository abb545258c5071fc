"""Changes where the other side, or two people at once, do what nobody expects."""

import asyncio
import copy
import re
from collections.abc import Sequence

import pytest

from emulator.slack import Message
from handlers.views.ids import FieldId
from tests.stories.tools.test_refunds import ASKED, edit_form, pressed, proposed, refunds, settled
from tests.support import blocks
from tests.support.shop import REFUNDING, ShopDesk

CANCEL = "Please cancel order LB-10482, I ordered the wrong colour."


def shown(shop: ShopDesk, card: Message | None = None) -> str:
    """What the agents see: a card as it is now, or the first."""
    cards = shop.desk.cards()
    now = next((each for each in cards if card is not None and each.ts == card.ts), cards[0])
    return blocks.shown(now.blocks)


def waiting(shop: ShopDesk) -> Sequence[Message]:
    return [card for card in shop.desk.cards() if "[Do it]" in blocks.shown(card.blocks)]


# Made once


async def _asked_twice(shop: ShopDesk, second: str) -> Sequence[Message]:
    await shop.start_refunding("seconds = 3")
    for text in (ASKED, second):
        await shop.desk.hears(shop.people["tom"], text)
    await settled(shop)
    cards = waiting(shop)
    assert len(cards) == 2
    shop.shop.fault("slow", "refunds", times=None, seconds=0.1)
    await asyncio.gather(*(shop.desk.mai.click(card, "Do it") for card in cards))
    await settled(shop)
    return cards


async def test_the_same_refund_agreed_to_on_two_cards_at_once_is_made_once(shop: ShopDesk) -> None:
    """The second looks after the first, and finds that things are not as they were."""
    cards = await _asked_twice(shop, ASKED)

    assert refunds(shop) == [("LB-10482", 50_000)]
    assert sorted(("changed since" in shown(shop, card)) for card in cards) == [False, True]


async def test_refunds_of_two_orders_agreed_to_at_once_are_both_made(shop: ShopDesk) -> None:
    """One after the other."""
    await _asked_twice(shop, "Please refund 20,000 VND of order LB-10490.")

    assert sorted(refunds(shop)) == [("LB-10482", 50_000), ("LB-10490", 20_000)]


# What the system says of a change


async def test_a_refusal_after_a_lost_answer_is_no_refusal(shop: ShopDesk) -> None:
    """It may have been made at the first attempt; an agent has to look."""
    _asked, _card = await proposed(shop)
    shop.shop.fault("drop", "refunds")
    shop.shop.fault("error", "refunds", status=409, times=None)
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == [("LB-10482", 50_000)]
    assert "refused" not in shown(shop)


async def test_a_refusal_at_once_is_one(shop: ShopDesk) -> None:
    """Nothing was made, and the customer does not read that it was."""
    asked, _card = await proposed(shop)
    shop.shop.fault("error", "refunds", status=409, times=None)
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == []
    assert "refused" in shown(shop)
    assert "We refund" not in shop.desk.replies(asked)[-1]


async def test_a_change_whose_answer_is_words_is_made(shop: ShopDesk) -> None:
    """How things stand is looked up; «OK» is no JSON and no failure."""
    asked, _card = await proposed(shop)
    shop.shop.fault("words", "refunds")
    await pressed(shop, shop.desk.mai)

    assert refunds(shop) == [("LB-10482", 50_000)]
    assert shop.desk.replies(asked)[-1].startswith("We refund 50000 VND")


async def test_after_a_change_nobody_reads_how_it_was_before(shop: ShopDesk) -> None:
    """What was looked up a moment ago is forgotten."""
    await shop.start_cancelling()
    tom = shop.people["tom"]
    before = await shop.desk.hears(tom, "Where is my order LB-10482?")
    await shop.desk.hears(tom, CANCEL)
    await settled(shop)
    await shop.desk.mai.click(waiting(shop)[0], "Do it")
    await settled(shop)
    after = await shop.desk.hears(tom, "And where is my order LB-10482?")

    assert "Being packed" in shop.desk.replies(before)[0]
    assert "Cancelled" in shop.desk.replies(after)[0]


# What the system says of a question


async def test_forbidden_reads_like_not_there(shop: ShopDesk) -> None:
    """Nobody learns from the words that another customer's order exists."""
    await shop.start()
    shop.shop.fault("error", "DH-20311", status=403, times=None)
    tom = shop.people["tom"]
    foreign = await shop.desk.hears(tom, "Where is order DH-20311?")
    unknown = await shop.desk.hears(tom, "Where is order DH-99999?")

    said = [re.sub(r"T-\d+", "T", shop.desk.replies(each)[0]) for each in (foreign, unknown)]
    assert said[0] == said[1]


@pytest.mark.parametrize(("status", "rests"), [(400, False), (422, False), (503, True)])
async def test_what_one_asks_wrongly_puts_no_tool_to_rest_for_others(
    shop: ShopDesk, status: int, *, rests: bool
) -> None:
    """Numbers that cannot be are that customer's; a system that is down is everybody's."""
    await shop.start("cache = 0\nretries = 0\n")
    shop.shop.fault("error", "LB-9", status=status, times=None)
    for digit in range(6):
        await shop.desk.hears(shop.people["tom"], f"Where is order LB-9000{digit}?")
    other = await shop.desk.hears(shop.desk.linh, "Where is my order DH-20311?")

    assert ("On its way" in shop.desk.replies(other)[0]) is not rests


@pytest.mark.parametrize("total", ["NaN", "1e999", "9" * 4000])
async def test_a_figure_that_nobody_could_read_is_no_answer(shop: ShopDesk, total: str) -> None:
    """Nor is it the worth of a change."""
    await shop.start_cancelling()
    shop.shop.fault("odd", "LB-10482", times=None, json=total)
    tom = shop.people["tom"]
    asked = await shop.desk.hears(tom, "Where is my order LB-10482, and how much is it in total?")
    await shop.desk.hears(tom, CANCEL)
    await settled(shop)

    assert "couldn't look this up" in shop.desk.replies(asked)[0]
    assert waiting(shop) == []


@pytest.mark.parametrize("total", ['"\\ud800 x"', '"\\u0000 x"', '"<!channel> *x*"', "-5"])
async def test_strange_text_in_an_order_reaches_nobody_as_it_is(shop: ShopDesk, total: str) -> None:
    """The customer and the card are served; nobody is called, nothing breaks."""
    await shop.start_cancelling()
    shop.shop.fault("odd", "LB-10482", times=None, json=total)
    tom = shop.people["tom"]
    asked = await shop.desk.hears(tom, "Where is my order LB-10482, and how much is it in total?")
    await shop.desk.hears(tom, CANCEL)
    await settled(shop)

    told = shop.desk.slack.transcript(shop.desk.orders)
    assert shop.desk.replies(asked)
    assert "<!channel>" not in told
    assert not any("<!channel>" in shown(shop, card) for card in shop.desk.cards())


# What the card shows


async def test_a_card_says_that_more_changes_wait_than_it_shows(shop: ShopDesk) -> None:
    """Four at once: three with buttons; the fourth when one of them is decided."""
    numbers = [f"LB-1060{digit}" for digit in (1, 2, 3, 4)]
    for number in numbers:
        shop.shop.book.place(number, "tom@example.com", 100_000)
    await shop.start_cancelling()
    listed = f"{', '.join(numbers[:3])} and {numbers[3]}"
    await shop.desk.hears(shop.people["tom"], f"Please cancel orders {listed}.")
    await settled(shop)

    card = shown(shop)
    assert card.count("[Do it]") == 3
    assert "1 more waits" in card
    await pressed(shop, shop.desk.mai)
    await settled(shop)

    assert "more wait" not in shown(shop)
    done = [each["number"] for each in shop.shop.book.effects()]
    assert len(done) == 1
    left = [number for number in numbers if number not in done]
    assert all(f"cancel ({number})" in shown(shop) for number in left)


async def test_what_waits_goes_along_with_a_merged_ticket(shop: ShopDesk) -> None:
    """It is decided on the ticket that goes on, and only there."""
    await shop.start_refunding()
    tom, mai = shop.people["tom"], shop.desk.mai
    await shop.desk.hears(tom, ASKED)
    into = await shop.desk.hears(tom, "Please refund 20,000 VND of order LB-10490.")
    await settled(shop)
    merged, kept = shop.desk.cards()
    ticket = await shop.desk.ticket(into)
    assert ticket is not None
    await mai.click(merged, "More…")
    await mai.click(shop.desk.slack.views(mai)[-1], "Merge…")
    await mai.submit(shop.desk.slack.views(mai)[-1], {FieldId.TARGET: str(ticket.id)})
    await settled(shop)

    assert "[Do it]" not in shown(shop, merged)
    assert "refund (LB-10482, 50000)" in shown(shop, kept)
    assert "refund (LB-10490, 20000)" in shown(shop, kept)


async def test_nothing_is_changed_from_a_ticket_that_is_over(shop: ShopDesk) -> None:
    """A press on the card as it was seen before; the ticket was solved meanwhile."""
    _asked, card = await proposed(shop)
    seen = copy.deepcopy(card)
    await shop.desk.mai.click(card, "Solve")
    await settled(shop)
    await shop.desk.mai.click(seen, "Do it")
    await settled(shop)

    assert refunds(shop) == []


# What is typed into a form


async def _typed(shop: ShopDesk, kind: str, typed: str) -> str:
    """What the form says to an amount of that kind; nothing where it was taken."""
    tool = REFUNDING.replace('type = "integer"', f'type = "{kind}"')
    await shop.start(also=tool.format(url=shop.shop.url, more=""))
    await shop.desk.hears(shop.people["tom"], ASKED)
    form = await edit_form(shop, shop.desk.cards()[0])
    sent = await shop.desk.mai.submit(form, {"argument_field1": typed})
    await settled(shop)
    return str(sent.errors or "")


@pytest.mark.parametrize(
    "typed",
    ["nan", "inf", "1e400", "1e5", "50.000", "50,000", "50 000", "1_000", "١٢٣", "9" * 30, "5 VND"],
)
async def test_a_figure_that_reads_in_two_ways_is_refused(shop: ShopDesk, typed: str) -> None:
    """Nobody gives back a thousandth, or a thousand times as much."""
    assert "number" in await _typed(shop, "number", typed) or len(typed) == 30
    assert "refund (LB-10482, 50000)" in shown(shop)


@pytest.mark.parametrize(
    ("typed", "kept"), [("20000", "20000"), ("20000.50", "20000.5"), (" 20000 ", "20000")]
)
async def test_a_plain_figure_stays_as_it_was_typed(shop: ShopDesk, typed: str, kept: str) -> None:
    """A whole one gets no point."""
    assert not await _typed(shop, "number", typed)
    assert f"refund (LB-10482, {kept})" in shown(shop)
