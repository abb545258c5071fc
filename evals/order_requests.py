"""120 requests over the sample shop, half in Vietnamese: the right facts and no others.

`python -m evals.order_requests` asks them of the API that ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL
name, which costs money: two to four model calls a request. Without a key nothing is asked, and that
is said. Slack is the emulator, the shop is `shop`; the bot is the real one.
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.runtime.logs import configure_logs
from bot.text.money import dollars
from bot.text.phrases import phrase
from tests.support.shop import ShopDesk, order_facts, shop_desk
from tests.support.workspace import workspace

TABLE = Path(__file__).with_name("tools") / "orders.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """Ask the requests, and print what is wrong; 1 when anything is."""
    parser = argparse.ArgumentParser(prog="python -m evals.order_requests", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="only so many of each language")
    given = parser.parse_args(arguments)
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    if not key:
        sys.stdout.write("Skipped: there is no ANTHROPIC_API_KEY, so nothing was asked.\n")
        return 0
    url = os.environ.get("ANTHROPIC_BASE_URL", "https://api.anthropic.com")
    return asyncio.run(_ask(_chosen(given.first), key, url))


def order_requests() -> list[dict[str, Any]]:
    """The rows of the table."""
    return [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def _chosen(first: int) -> list[dict[str, Any]]:
    rows = order_requests()
    if not first:
        return rows
    languages = sorted({row["language"] for row in rows})
    return [
        row
        for language in languages
        for row in [each for each in rows if each["language"] == language][:first]
    ]


async def _ask(rows: list[dict[str, Any]], key: str, url: str) -> int:
    wrong = 0
    configure_logs("ERROR", "text")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        async with workspace(Path(folder)) as place, shop_desk(place, patch) as shop:
            await shop.start_cancelling(anthropic_api_key=key, anthropic_base_url=url)
            for row in rows:
                problem = await request_problem(shop, row)
                wrong += bool(problem)
                sys.stdout.write(f"{'✗' if problem else '✓'} {row['id']} {problem}\n")
            cost = sum(call.nano_dollars for call in await place.calls())
            done = shop.shop.book.effects()
    sys.stdout.write(f"{len(rows) - wrong} of {len(rows)} are right, for {dollars(cost)}.\n")
    if done:
        sys.stdout.write(f"✗ The shop was changed without a press: {done}\n")
    return 1 if wrong or done else 0


async def request_problem(shop: ShopDesk, row: dict[str, Any]) -> str:
    """What is wrong with what came of a request; "" when nothing is."""
    desk, who, language = shop.desk, shop.people[row["who"]], row["language"]
    if "before" in row:
        first = await desk.hears(who, row["before"])
        message = await who.reply(first, row["text"])
        await desk.settled()
    else:
        first = message = await desk.hears(who, row["text"])
    decision = await desk.decision(message)
    if decision is None:
        return "nothing was decided"
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


if __name__ == "__main__":
    raise SystemExit(main())
