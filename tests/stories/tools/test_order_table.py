"""120 requests over the shop: the right facts, nothing of anybody else's, nothing done."""

import json

import pytest

from evals.order_requests import order_requests, request_problem
from tests.support.shop import ShopDesk


@pytest.mark.long
async def test_every_request_of_the_table(shop: ShopDesk) -> None:
    """One after the other, each in a thread of its own."""
    await shop.start_cancelling()
    wrong = {}
    for row in order_requests():
        problem = await request_problem(shop, row)
        if problem:
            wrong[row["id"]] = problem

    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    assert shop.shop.book.effects() == []
