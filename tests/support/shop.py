"""A desk whose customers' orders are looked up in the shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from emulator.slack import Person
from shop import OrderBook, Shop
from tests.support.workspace import Workspace

TODAY = date(2026, 11, 27)
ORDER_SYSTEM = """
[tools.order]
about = "Looks up one order of this customer by its number: its status, parcels, dates and refunds."
title = "order system"
intents = ["track_shipping", "cancel_order", "refund_request", "product_inquiry", "other"]
get = "{url}/orders/{{number}}"
token = "SHOP_TOKEN"
subject = "customer"
{owner}lang = "lang"
input.number = {{ type = "string", pattern = "^[A-Z]{{2}}-[0-9]{{5}}$" }}
keep = [
    "number", "status_text", "placed_on", "total", "cancel_until",
    "shipments.carrier", "shipments.tracking", "shipments.expected_on", "shipments.delivered_on",
    "refunds.status_text", "refunds.amount", "refunds.on",
]
units = {{ total = "VND", "refunds.amount" = "VND" }}
{more}

[tools.order.labels.en]
number = "order"
status_text = "status"
"shipments.tracking" = "tracking number"
"shipments.expected_on" = "expected to arrive"
"refunds.status_text" = "refund"

[tools.order.labels.vi]
number = "đơn hàng"
status_text = "trạng thái"
placed_on = "ngày đặt"
total = "tổng tiền"
cancel_until = "hủy được đến"
"shipments.carrier" = "đơn vị vận chuyển"
"shipments.tracking" = "mã vận đơn"
"shipments.expected_on" = "dự kiến giao"
"shipments.delivered_on" = "đã giao ngày"
"refunds.status_text" = "hoàn tiền"
"refunds.amount" = "số tiền hoàn"
"refunds.on" = "ngày hoàn"
"""

CANCELLING = """
[tools.cancel]
about = "Cancels one order of this customer that has not been sent."
title = "order system"
intents = ["cancel_order", "other", "track_shipping"]
kind = "write"
check = "order"
allowed = "can_cancel"
amount = "total"
post = "{url}/orders/{{number}}/cancel"
token = "SHOP_TOKEN"
subject = "customer"
input.number = {{ type = "string", pattern = "^[A-Z]{{2}}-[0-9]{{5}}$" }}
done.en = "Your order {{number}} is cancelled."
done.vi = "Đơn {{number}} của bạn đã được hủy."
{more}
"""

REFUNDING = """
[tools.refund]
about = "Refunds an amount of one order of this customer."
title = "order system"
intents = ["refund_request", "cancel_order", "other", "track_shipping"]
kind = "write"
check = "order"
allowed = "can_refund"
amount = "amount"
post = "{url}/orders/{{number}}/refunds"
token = "SHOP_TOKEN"
subject = "customer"
input.number = {{ type = "string", pattern = "^[A-Z]{{2}}-[0-9]{{5}}$" }}
input.amount = {{ type = "integer", minimum = 1 }}
done.en = "We refund {{amount}} VND of your order {{number}}."
done.vi = "Chúng tôi hoàn {{amount}} VND cho đơn {{number}}."
{more}
"""


@dataclass
class ShopDesk:
    """A workspace with a desk, and the shop that it asks."""

    desk: Workspace
    shop: Shop
    people: dict[str, Person]

    async def start(
        self,
        more: str = "",
        also: str = "",
        *,
        owner: str = 'owner = "customer"\n',
        grace: int = 10,
        desk: str = "",
        **settings: Any,
    ) -> None:
        """Start the bot; `more` are lines of the tool, `desk` of [desk], `also` sections."""
        tool = ORDER_SYSTEM.format(url=self.shop.url, more=more, owner=owner)
        await self.desk.start(desk + tool + also, stop_grace=grace, **settings)

    def cancelling(self) -> str:
        """The tools of a desk that cancels orders."""
        tool = ORDER_SYSTEM.format(url=self.shop.url, more="", owner='owner = "customer"\n')
        return tool + CANCELLING.format(url=self.shop.url, more="")

    async def start_cancelling(self, more: str = "", desk: str = "", **settings: Any) -> None:
        """Start the bot with a tool that cancels orders; `more` are lines of that tool."""
        await self.start(
            also=CANCELLING.format(url=self.shop.url, more=more), desk=desk, **settings
        )

    async def start_refunding(self, more: str = "", desk: str = "") -> None:
        """Start the bot with a tool that refunds; `more` are lines of it, `desk` of [desk]."""
        await self.start(also=REFUNDING.format(url=self.shop.url, more=more), desk=desk)

    @property
    def asked(self) -> list[str]:
        """What the shop was asked, without the customer."""
        return [each.partition("?")[0] for each in self.shop.requests]


def order_facts(shop: Shop, number: str, facts: list[str], language: str) -> list[str]:
    """What an answer about an order has to say, as the shop has it."""
    order = shop.book.order(number, None, language)
    coming = next((each for each in order["shipments"] if each["expected_on"]), None)
    latest = (order["shipments"] or [None])[-1]
    refund = (order["refunds"] or [None])[-1]
    known = {
        "status": order["status_text"],
        "placed": order["placed_on"],
        "total": f"{order['total']:,}",
        "expected": coming and coming["expected_on"],
        "carrier": latest and latest["carrier"],
        "tracking": latest and latest["tracking"],
        "refund": refund and refund["status_text"],
        "amount": refund and f"{refund['amount']:,}",
    }
    return [str(known[each]) for each in facts]


@asynccontextmanager
async def shop_desk(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ShopDesk]:
    """The shop on a day that stays the same, with its four customers in #orders."""
    async with Shop(OrderBook(today=TODAY)) as shop:
        monkeypatch.setenv("SHOP_TOKEN", shop.token)
        place.slack.workspace.scopes.add("users:read.email")
        people = {"linh": place.linh}
        for name in ("tom", "minh", "sara"):
            people[name] = place.slack.add_user(name)
            place.orders.members.append(people[name].id)
        yield ShopDesk(place, shop, people)
