"""A system that speaks MCP over streamable HTTP, with a token of the environment."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.cli import main
from shop import OrderBook
from shop.mcp_http import McpShop
from tests.support.shop import TODAY
from tests.support.workspace import Workspace

DESK = """
[mcp.shop]
url = "{url}"
token = "SHOP_TOKEN"

[tools.order]
about = "Looks up one order of this customer by its number."
title = "order system"
intents = ["track_shipping", "other"]
mcp = "shop"
tool = "get_order"
subject = "customer"
lang = "lang"
input.number = {{ type = "string", pattern = "^[A-Z]{{2}}-[0-9]{{5}}$" }}
keep = ["number", "status_text"]
seconds = 20
"""
ASKED = "Where is my order DH-20311?"


@pytest.fixture
async def served(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[McpShop]:
    """The shop's own server, whose token is in the environment."""
    async with McpShop(OrderBook(today=TODAY)) as shop:
        monkeypatch.setenv("SHOP_TOKEN", shop.token)
        place.slack.workspace.scopes.add("users:read.email")
        yield shop


async def test_an_order_is_looked_up_over_http(place: Workspace, served: McpShop) -> None:
    """Found for its owner; for anybody else it is not there."""
    await place.start(DESK.format(url=served.url))
    asked = await place.hears(place.linh, ASKED)
    foreign = await place.hears(place.linh, "Where is my order LB-10482?")

    (answer,), (refusal,) = place.replies(asked), place.replies(foreign)
    assert "On its way" in answer
    assert "couldn't find" in refusal
    assert served.refused == 0


async def test_a_wrong_token_is_an_honest_sentence(
    place: Workspace, served: McpShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody reads the token."""
    monkeypatch.setenv("SHOP_TOKEN", "stale-token")
    await place.start(DESK.format(url=served.url))
    asked = await place.hears(place.linh, ASKED)

    (said,) = place.replies(asked)
    assert "couldn't look this up" in said
    assert served.requests == 0
    assert "stale-token" not in place.slack.transcript(place.agents)


async def test_a_server_that_came_back_is_asked_again(place: Workspace, served: McpShop) -> None:
    """Its sessions are gone with the process that it was."""
    async with McpShop(OrderBook(today=TODAY), token=served.token) as first:
        await place.start(DESK.format(url=first.url))
        before = await place.hears(place.linh, ASKED)
    async with McpShop(OrderBook(today=TODAY), token=first.token, port=first.port) as second:
        after = await place.hears(place.linh, "Where is my order DH-20340?")
        assert second.requests
    assert "On its way" in place.replies(before)[0]
    assert "Being packed" in place.replies(after)[0]


async def test_a_schema_that_changed_is_noticed(place: Workspace, served: McpShop) -> None:
    """It is not asked with what it no longer takes, and the agents read what it wants."""
    book = OrderBook(today=TODAY)
    async with McpShop(book, token=served.token, changed=True) as changed:
        await place.start(DESK.format(url=changed.url))
        asked = await place.hears(place.linh, ASKED)

        (said,) = place.replies(asked)
        assert "couldn't look this up" in said
        shown = place.slack.transcript(place.agents)
        assert "the server has changed: it wants «branch», which nothing fills in" in shown


async def test_the_command_asks_over_http_as_well(
    place: Workspace,
    served: McpShop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`deskhand tools`, with the token that the environment has."""
    place.desk(DESK.format(url=served.url))
    monkeypatch.setenv("DESK_CONFIG", str(place.folder / "desk.toml"))

    assert await asyncio.to_thread(main, ["tools"]) == 0
    assert capsys.readouterr().out.startswith("✓ order")
    monkeypatch.setenv("SHOP_TOKEN", "stale-token")
    assert await asyncio.to_thread(main, ["tools"]) == 2
    assert "it answered 401" in capsys.readouterr().out
