"""What a desk lets happen by itself: named changes, for named intents, under a limit."""

from datetime import UTC, date

from emulator.slack import Message, View
from storage.costs.days import Days
from storage.db.database import Session
from storage.reports.proposal_counts import changes_alone
from storage.tickets.proposals import proposals_of_ticket
from storage.tickets.switches import AUTONOMY, put_switch
from tests.support import blocks
from tests.support.shop import ShopDesk

ALONE = 'autonomy = "do"\nalone_for = ["cancel_order"]\nalone_up_to = {limit}'
ASKED = "Please cancel order LB-10482, I ordered the wrong colour."
DONE = "Your order LB-10482 is cancelled."


async def asked(shop: ShopDesk, limit: int = 320_000) -> Message:
    """A request of Tom's to a desk that cancels by itself up to a limit; Mai is an admin."""
    desk = f'admins = ["{shop.desk.mai.id}"]\n'
    await shop.start_cancelling(ALONE.format(limit=limit), desk)
    message = await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)
    return message


async def settled(shop: ShopDesk) -> None:
    await shop.desk.settled()
    await shop.desk.running.cards.wait_idle()


def effects(shop: ShopDesk) -> list[str]:
    return [f"{each['what']} {each['number']}" for each in shop.shop.book.effects()]


async def shows_desk(shop: ShopDesk, part: str) -> View:
    """Mai's Home at the tab of the desk, once it says so."""
    slack, mai = shop.desk.slack, shop.desk.mai

    def seen() -> View | None:
        view = slack.home(mai)
        return view if view is not None and part in blocks.shown(view.blocks) else None

    if seen() is None:
        await mai.open_home()
        await slack.until(lambda: slack.home(mai))
        front = slack.home(mai)
        assert front is not None
        await mai.click(front, "The desk")
    await slack.until(seen)
    view = seen()
    assert view is not None
    return view


async def test_a_small_order_is_cancelled_by_itself(shop: ShopDesk) -> None:
    """Once, with a word before and after, and the digest tells of it."""
    message = await asked(shop)
    await shop.desk.slack.until(lambda: DONE in shop.desk.replies(message))

    assert effects(shop) == ["cancel LB-10482"]
    assert "I'm having that done" in shop.desk.replies(message)[0]
    assert shop.desk.replies(message).count(DONE) == 1
    days = Days(date(2020, 1, 1), date(2100, 1, 1), UTC)
    (alone,) = await shop.desk.running.store.read(changes_alone, days)
    assert (alone.tool, alone.fate) == ("cancel", "done")


async def test_above_its_limit_it_waits_for_a_person(shop: ShopDesk) -> None:
    """A unit is enough."""
    message = await asked(shop, 319_999)

    assert effects(shop) == []
    assert "nothing has been changed yet" in shop.desk.replies(message)[0]
    assert "[Do it]" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_where_agents_send_nothing_happens_by_itself(shop: ShopDesk) -> None:
    """A channel in draft mode."""
    channel = f'[[channels]]\nid = "{shop.desk.orders.id}"\nmode = "draft"\n'
    write = 'kind = "write"'
    alone = f"{write}\n{ALONE.format(limit=320_000)}"
    await shop.desk.start(shop.cancelling().replace(write, alone) + channel)
    await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)

    assert effects(shop) == []
    assert "[Do it]" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_one_switch_in_the_home_stops_it(shop: ShopDesk) -> None:
    """What comes then waits for people, whose word is counted; the switch can be taken back."""
    await asked(shop, 319_999)
    await shop.desk.mai.click(shop.desk.cards()[0], "Do it")
    await settled(shop)
    view = await shows_desk(shop, "1 of 1 agreed to unchanged")
    await shop.desk.mai.click(view, "Stop it")
    await shows_desk(shop, "stopped by")

    late = await shop.desk.hears(shop.people["linh"], "Please cancel order DH-20340.")
    assert "nothing has been changed yet" in shop.desk.replies(late)[0]
    assert effects(shop) == ["cancel LB-10482"]


async def test_what_the_switch_stopped_is_done_by_a_press(shop: ShopDesk) -> None:
    """It was to happen when the process died, and was stopped before the next start."""
    await asked(shop, 319_999)

    def stopped(session: Session) -> None:
        (row,) = proposals_of_ticket(session, 1001)
        row.fate, row.people = "approved", 0
        put_switch(session, AUTONOMY, shop.desk.mai.id, thrown=True)

    await shop.desk.running.store.write(stopped)
    await shop.desk.stop()
    await shop.start_cancelling(ALONE.format(limit=320_000))
    await settled(shop)
    assert effects(shop) == []

    await shop.desk.mai.click(shop.desk.cards()[0], "Do it")
    await settled(shop)
    assert effects(shop) == ["cancel LB-10482"]


async def test_who_is_no_admin_stops_nothing(shop: ShopDesk) -> None:
    """A customer's press on the switch, wherever they found it."""
    await asked(shop, 319_999)
    view = await shows_desk(shop, "*By itself* (on)")
    await shop.people["tom"].click(view, "Stop it")
    await settled(shop)

    assert "(on)" in blocks.shown((await shows_desk(shop, "*By itself*")).blocks)


async def test_what_changed_meanwhile_is_not_done_by_itself(shop: ShopDesk) -> None:
    """The second look finds the order sent: nobody pressed, so the card says it to everybody."""
    shop.shop.fault("error", "cancel", times=None, status=409)
    message = await asked(shop)
    await shop.desk.slack.until(
        lambda: "A person will look into it" in shop.desk.replies(message)[-1]
    )

    assert effects(shop) == []
    await settled(shop)
    assert "refused" in blocks.shown(shop.desk.cards()[0].blocks)


async def test_beyond_the_limit_of_a_day_people_decide(shop: ShopDesk) -> None:
    """Of two customers the second waits; who agrees to it is counted as ever."""
    await shop.start_cancelling(f"{ALONE.format(limit=10_000_000)}\nalone_a_day = 1")
    first = await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)
    second = await shop.desk.hears(shop.people["linh"], "Please cancel order DH-20340.")
    await settled(shop)

    assert "I'm having that done" in shop.desk.replies(first)[0]
    assert "nothing has been changed yet" in shop.desk.replies(second)[0]
    assert effects(shop) == ["cancel LB-10482"]


async def test_what_a_day_is_worth_together_is_limited(shop: ShopDesk) -> None:
    """The first fits, to the unit."""
    await shop.start_cancelling(f"{ALONE.format(limit=10_000_000)}\nalone_sum_a_day = 320000")
    await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)
    await shop.desk.hears(shop.people["linh"], "Please cancel order DH-20340.")
    await settled(shop)

    assert effects(shop) == ["cancel LB-10482"]


async def test_nothing_happens_by_itself_before_there_is_evidence(shop: ShopDesk) -> None:
    """One that people agreed to and that was done is enough where one is asked for."""
    await shop.start_cancelling(f"{ALONE.format(limit=10_000_000)}\nalone_after = 1")
    first = await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)
    assert "nothing has been changed yet" in shop.desk.replies(first)[0]
    await shop.desk.mai.click(shop.desk.cards()[0], "Do it")
    await settled(shop)
    second = await shop.desk.hears(shop.people["linh"], "Please cancel order DH-20340.")
    await settled(shop)

    assert "I'm having that done" in shop.desk.replies(second)[0]
    assert effects(shop) == ["cancel LB-10482", "cancel DH-20340"]


async def test_what_people_declined_is_no_evidence(shop: ShopDesk) -> None:
    """Nor is it while one of two was declined."""
    await shop.start_cancelling(f"{ALONE.format(limit=10_000_000)}\nalone_after = 1")
    await shop.desk.hears(shop.people["tom"], ASKED)
    await settled(shop)
    await shop.desk.mai.click(shop.desk.cards()[0], "Decline")
    await settled(shop)
    second = await shop.desk.hears(shop.people["linh"], "Please cancel order DH-20340.")

    assert "nothing has been changed yet" in shop.desk.replies(second)[0]
    assert effects(shop) == []
