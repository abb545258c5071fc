"""The shop of the demo and the tests: it keeps its promises, and breaks them when told to."""

import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters

from shop import OrderBook, Shop
from shop.mcp_server import mcp_server
from shop.orders import Refused, UnknownOrder
from tests.support.workspace import ROOT

TODAY = date(2026, 11, 27)
LINH, TOM = "linh@example.com", "tom@example.com"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop(OrderBook(today=TODAY)) as running:
        yield running


def client(shop: Shop) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=shop.url, headers={"Authorization": f"Bearer {shop.token}"}, timeout=5
    )


def test_the_table_of_requests_is_about_this_shop() -> None:
    """120 requests, half in Vietnamese; of a fact that is asked for the shop knows something."""
    lines = (ROOT / "evals/tools/orders.jsonl").read_text("utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    book = OrderBook(today=TODAY)

    assert Counter(row["language"] for row in rows) == {"en": 60, "vi": 60}
    assert len({row["id"] for row in rows}) == 120
    for row in rows:
        for number in row["orders"]:
            customer = f"{row['who']}@example.com"
            if row["outcome"] == "unseen":
                with pytest.raises(UnknownOrder):
                    book.order(number, customer)
                continue
            order = book.order(number, customer)
            assert order["can_cancel"] or row["outcome"] != "proposed", row["id"]
            assert not order["can_cancel"] or row["outcome"] != "late", row["id"]
            assert order["refunds"] or "refund" not in row["facts"], row["id"]


def test_a_book_is_kept_on_the_disk(tmp_path: Path) -> None:
    """What was done is done after a restart too, and only once."""
    book = OrderBook(tmp_path / "shop.db", TODAY)
    book.cancel("LB-10482", TOM, "k1")
    book.close()
    again = OrderBook(tmp_path / "shop.db", TODAY)

    assert again.cancel("LB-10482", TOM, "k1")["status"] == "cancelled"
    assert [each["what"] for each in again.effects()] == ["cancel"]
    with pytest.raises(Refused, match="too_late"):
        again.cancel("LB-10490", TOM, "k2")
    with pytest.raises(UnknownOrder):
        again.cancel("LB-10490", LINH, "k3")


def test_no_more_is_refunded_than_was_paid() -> None:
    book = OrderBook(today=TODAY)

    book.refund("DH-20298", LINH, 200_000, "k1")
    book.refund("DH-20298", LINH, 200_000, "k1")
    with pytest.raises(Refused, match="too_much"):
        book.refund("DH-20298", LINH, 200_000, "k2")

    assert [each["amount"] for each in book.order("DH-20298")["refunds"]] == [200_000]


async def test_orders_are_told_to_whom_they_belong(shop: Shop) -> None:
    """Over HTTP, by token; somebody else's and none are the same."""
    async with client(shop) as http:
        mine = await http.get("/orders/DH-20311", params={"customer": LINH, "lang": "vi"})
        foreign = await http.get("/orders/DH-20311", params={"customer": TOM})
        unknown = await http.get("/orders/DH-99999", params={"customer": TOM})
        every = await http.get("/orders", params={"customer": LINH})
        keyless = await http.post("/orders/DH-20340/cancel", json={"customer": LINH})
        late = await http.post("/orders/DH-20311/cancel", json={}, headers={"Idempotency-Key": "k"})
    async with httpx2.AsyncClient(base_url=shop.url) as stranger:
        refused = await stranger.get("/orders/DH-20311")

    assert mine.json()["status_text"] == "Đang vận chuyển"
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert every.json()["orders"][0]["number"] == "DH-20340"
    assert (keyless.status_code, late.status_code, refused.status_code) == (400, 409, 401)


async def test_faults_strike_as_often_as_told(shop: Shop) -> None:
    """Each kind once, and the shop is well again."""
    shop.fault("error", status=502)
    shop.fault("garbage")
    shop.fault("foreign", number="LB-10482")
    shop.fault("half", "cancel")
    path, mine = "/orders/DH-20340", {"customer": LINH}
    async with client(shop) as http:
        found = [await http.get(path, params=mine) for _ in range(4)]
        key = {"Idempotency-Key": "k"}
        half = await http.post(f"{path}/cancel", json=mine, headers=key)
        after = await http.get(path, params=mine)

    assert [each.status_code for each in found] == [502, 200, 200, 200]
    assert "html" in found[1].headers["content-type"]
    assert [each.json()["number"] for each in found[2:]] == ["LB-10482", "DH-20340"]
    assert (half.status_code, after.json()["status"]) == (500, "packing")


async def test_the_same_books_speak_mcp() -> None:
    """By the official client, in one process and over the pipes of another."""
    async with Client(mcp_server(OrderBook(today=TODAY))) as near:
        mine = await near.call_tool("get_order", {"number": "DH-20311", "customer": LINH})
        foreign = await near.call_tool("get_order", {"number": "DH-20311", "customer": TOM})
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "shop", "--mcp"], cwd=str(ROOT)
    )
    async with Client(command) as far:
        names = [tool.name for tool in (await far.list_tools()).tools]

    assert mine.structured_content is not None
    assert mine.structured_content["status"] == "on_the_way"
    assert foreign.is_error
    assert names == ["get_order", "list_orders", "cancel_order"]
