"""A system that fails again and again is left alone, and the agents know."""

from tests.support.shop import ShopDesk

AGAIN = "retries = 0\ncache = 0\nrest = {rest}\n"
# Two questions at once.
ASKED = "Where are my orders DH-20311 and DH-20377?"


def notices(shop: ShopDesk) -> list[str]:
    """What the agents read of the tool."""
    texts = [each.text for each in shop.desk.slack.messages(shop.desk.agents)]
    return [text for text in texts if "does not answer" in text]


async def test_a_tool_that_rests_is_told_once_and_so_is_its_answer(shop: ShopDesk) -> None:
    """Failures after a rest are no news; the first answer is."""
    await shop.start(AGAIN.format(rest=0))
    shop.shop.fault("error", times=None, status=503)
    for _ in range(2):
        await shop.desk.hears(shop.desk.linh, ASKED)
    assert notices(shop) == []
    for _ in range(2):
        await shop.desk.hears(shop.desk.linh, ASKED)
    await shop.desk.slack.until(lambda: len(notices(shop)) == 1)

    (raised,) = notices(shop)
    assert "«order»" in raised
    assert "it answered 503" in raised
    shop.shop.recover()
    answered = await shop.desk.hears(shop.desk.linh, "Where is my order DH-20311?")
    await shop.desk.slack.until(lambda: len(notices(shop)) == 2)

    assert "On its way" in shop.desk.replies(answered)[0]
    assert "It is over" in notices(shop)[1]
    await shop.desk.hears(shop.desk.linh, "Where is my order DH-20311?")
    assert len(notices(shop)) == 2


async def test_a_tool_that_rests_is_not_asked(shop: ShopDesk) -> None:
    """Questions during its rest are answered by people, and count as no failures."""
    await shop.start(AGAIN.format(rest=3600))
    shop.shop.fault("error", times=None, status=503)
    for _ in range(4):
        asked = await shop.desk.hears(shop.desk.linh, ASKED)
    await shop.desk.slack.until(lambda: len(notices(shop)) == 1)

    assert len(shop.asked) == 6
    assert "couldn't look this up" in shop.desk.replies(asked)[0]
    assert len(notices(shop)) == 1
