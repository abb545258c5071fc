"""Systems that answer as real ones do: nothing, an error with 200, packed, late, in odd writing."""

import re

import pytest

from tests.support.shop import ShopDesk

FOREIGN = "Where is order DH-20311?"
UNKNOWN = "Where is order DH-99999?"


async def told(shop: ShopDesk, text: str, name: str = "tom") -> str:
    """What somebody reads who asks, without their ticket's number."""
    asked = await shop.desk.hears(shop.people[name], text)
    return re.sub(r"T-\d+", "T", shop.desk.replies(asked)[0])


NOTHING = (
    ("", 204),
    ("", 200),
    ("null", 200),
    ("[]", 200),
    ("{}", 200),
    ('{"error": "Order not found"}', 200),
    ('{"success": false, "message": "Không tìm thấy đơn hàng"}', 200),
    ('{"errors": [{"message": "This order belongs to another customer"}]}', 200),
)


@pytest.mark.parametrize(("text", "status"), NOTHING)
async def test_what_says_nothing_reads_like_what_is_not_there(
    shop: ShopDesk, text: str, status: int
) -> None:
    """Whatever a system makes of somebody else's order, it is told like none at all."""
    await shop.start("cache = 0\n")
    shop.shop.fault("said", "DH-20311", times=None, text=text, status=status)
    foreign = await told(shop, FOREIGN)
    unknown = await told(shop, UNKNOWN)

    assert foreign == unknown
    assert "couldn't find that under your name" in foreign


@pytest.mark.parametrize(
    "text", ['{"error": "Order not found"}', '{"error": "number is malformed"}', "", "[]"]
)
async def test_a_system_that_has_answered_is_not_put_to_rest(shop: ShopDesk, text: str) -> None:
    """One customer who asks for what is not there takes it from nobody else."""
    await shop.start("cache = 0\nretries = 0\n", owner="")
    shop.shop.fault("said", "LB-9", times=None, text=text)
    for digit in range(6):
        await shop.desk.hears(shop.people["tom"], f"Where is order LB-9000{digit}?")

    assert "On its way" in await told(shop, "Where is my order DH-20311?", "linh")


async def test_an_error_that_says_no_more_is_an_honest_sentence(shop: ShopDesk) -> None:
    """And not that there is nothing."""
    await shop.start("retries = 0\n", owner="")
    shop.shop.fault("said", text='{"error": "database is locked"}')

    assert "couldn't look this up" in await told(shop, "Where is my order DH-20311?", "linh")


@pytest.mark.parametrize(("after", "answered"), [("0.2", True), ("120", False)])
async def test_a_system_that_wants_a_pause_is_given_it_in_its_time(
    shop: ShopDesk, after: str, *, answered: bool
) -> None:
    """By Retry-After; a longer one is not waited for, nor asked into."""
    await shop.start()
    shop.shop.fault("said", text="{}", status=429, headers={"Retry-After": after})
    said = await told(shop, "Where is my order DH-20311?", "linh")

    assert ("On its way" in said) == answered
    assert len(shop.asked) == (2 if answered else 1)


WRITINGS = (
    "Where is my order DH20311?",
    "where is dh 20311",
    "Where is #DH-20311?",
    "Where is „20311“, I mean DH–20311?",
    "Đơn #dh-20311 của mình tới đâu rồi?",
    "Đơn DH 20311 đến đâu rồi shop ơi",
)


@pytest.mark.parametrize("text", WRITINGS)
async def test_a_number_is_known_however_it_is_written(shop: ShopDesk, text: str) -> None:
    """To whom the order belongs it is told; to anybody else not even that there is one."""
    await shop.start()
    own, foreign = await told(shop, text, "linh"), await told(shop, text, "tom")
    unknown = await told(shop, text.replace("20311", "99999"), "tom")
    (parcel,) = shop.shop.book.order("DH-20311", None, "en")["shipments"]

    assert parcel["tracking"] in own
    assert foreign == unknown
    assert parcel["tracking"] not in foreign
