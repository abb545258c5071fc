"""120 requests over the shop: the right facts, nothing of anybody else's, nothing done."""

import json
from typing import Any

import pytest

from bot.text.phrases import phrase
from tests.support.shop import ShopDesk, order_facts
from tests.support.workspace import ROOT

ROWS = [
    json.loads(line) for line in (ROOT / "evals/tools/orders.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.long
async def test_every_request_of_the_table(shop: ShopDesk) -> None:
    """One after the other, each in a thread of its own."""
    await shop.start_cancelling()
    wrong = {}
    for row in ROWS:
        problem = await judged(shop, row)
        if problem:
            wrong[row["id"]] = problem

    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    assert shop.shop.book.effects() == []


async def judged(shop: ShopDesk, row: dict[str, Any]) -> str:
    """What is wrong with what came of a request; "" when nothing is."""
    desk, who, language = shop.desk, shop.people[row["who"]], row["language"]
    if "before" in row:
        first = await desk.hears(who, row["before"])
        message = await who.reply(first, row["text"])
        await desk.settled()
    else:
        first = message = await desk.hears(who, row["text"])
    decision = await desk.decision(message)
    assert decision is not None
    said = "\n".join(desk.replies(first))
    missing = [
        fact
        for number in row["orders"]
        if row["outcome"] in ("told", "late")
        for fact in order_facts(shop.shop, number, row["facts"], language)
        if fact not in said
    ]
    if missing:
        return f"{decision.outcome}, {missing} is missing: {decision.reason} {said}"
    if row["outcome"] == "unseen":
        return _revealed(shop, row, said, decision.outcome)
    if row["outcome"] == "proposed" and "waits for a person" not in decision.reason:
        return f"{decision.outcome}: {decision.reason}"
    if row["outcome"] in ("told", "late") and decision.outcome != "answered":
        return f"{decision.outcome}: {decision.reason}"
    return ""


def _revealed(shop: ShopDesk, row: dict[str, Any], said: str, outcome: str) -> str:
    """What was said of an order that is somebody else's, or none."""
    if outcome != "handed_over":
        return f"{outcome}: {said}"
    sentence = phrase("not_found", row["language"], ticket="T-0").partition(".")[0]
    if sentence not in said and "T-" not in said:
        return f"it says «{said}»"
    every = ["status", "placed", "total", "expected", "carrier", "tracking", "refund"]
    for number in row["orders"]:
        if any(order["number"] == number for order in _orders(shop)):
            facts = order_facts(shop.shop, number, every, row["language"])
            told = [fact for fact in facts if fact != "None" and fact in said]
            if told and "before" not in row:
                return f"it tells {told}"
    return ""


def _orders(shop: ShopDesk) -> list[dict[str, Any]]:
    people = [f"{name}@example.com" for name in shop.people]
    return [order for each in people for order in shop.shop.book.orders_of(each)]
