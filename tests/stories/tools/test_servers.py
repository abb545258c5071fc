"""Systems that speak MCP, and what the command says of tools."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from shop import OrderBook
from tests.support.shop import TODAY, ShopDesk
from tests.support.workspace import ROOT, Workspace

SERVER = """
[mcp.shop]
command = {command}

[tools.order]
about = "Looks up one order of this customer by its number."
title = "order system"
intents = ["track_shipping", "other"]
mcp = "shop"
tool = "{tool}"
subject = "customer"
lang = "lang"
input.number = {{ type = "string", pattern = "^[A-Z]{{2}}-[0-9]{{5}}$" }}
keep = ["number", "status_text"]
seconds = 30
"""


def server(book: Path | str, tool: str = "get_order") -> str:
    """A desk that asks the shop over the pipes of a process of its own."""
    command = [sys.executable, "-m", "shop", "--mcp", "--book", str(book)]
    return SERVER.format(command=json.dumps(command), tool=tool)


async def test_an_order_is_looked_up_over_mcp(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found for its owner; for anybody else it is not there."""
    monkeypatch.chdir(ROOT)
    book = tmp_path / "shop.db"
    OrderBook(book, TODAY).close()
    place.slack.workspace.scopes.add("users:read.email")
    await place.start(server(book))
    asked = await place.hears(place.linh, "Where is my order DH-20311?")
    foreign = await place.hears(place.linh, "Where is my order LB-10482?")

    (answer,), (refusal,) = place.replies(asked), place.replies(foreign)
    assert "On its way" in answer
    assert "couldn't find" in refusal


async def test_a_server_that_is_gone_is_an_honest_sentence(place: Workspace) -> None:
    """Its command does not even start."""
    place.slack.workspace.scopes.add("users:read.email")
    await place.start(
        SERVER.format(command=json.dumps([sys.executable, "-c", "raise SystemExit(1)"]), tool="x")
    )
    asked = await place.hears(place.linh, "Where is my order DH-20311?")

    (said,) = place.replies(asked)
    assert "couldn't look this up" in said


def test_the_command_notices_what_a_server_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tool that is gone, and one that wants what nothing fills in."""
    monkeypatch.chdir(ROOT)
    desk = tmp_path / "desk.toml"
    monkeypatch.setenv("DESK_CONFIG", str(desk))
    head = '[desk]\nagents_channel = "C0000000001"\n'

    said = {}
    for tool in ("get_order", "find_order", "cancel_order"):
        desk.write_text(head + server(":memory:", tool), encoding="utf-8")
        said[tool] = (main(["tools"]), capsys.readouterr().out)

    assert said["get_order"] == (0, "✓ order: order system, for other, track_shipping\n")
    assert said["find_order"][0] == 2
    assert "has no tool «find_order»; it has cancel_order, get_order" in said["find_order"][1]
    assert "it wants «key», which nothing fills in" in said["cancel_order"][1]
    assert "it does not know «lang»" in said["cancel_order"][1]


async def test_a_tool_is_tried_from_the_command_line(
    shop: ShopDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the model would read it, for one customer; for another it is not there."""
    await shop.start()
    monkeypatch.setenv("DESK_CONFIG", str(shop.desk.folder / "desk.toml"))
    asked: dict[str, Any] = {}
    for name in ("linh", "tom"):
        arguments = ["tools", "--try", "order", "--input", '{"number": "DH-20311"}']
        call = [*arguments, "--customer", f"{name}@example.com", "--language", "vi"]
        # The shop answers in this loop, so the command runs beside it.
        asked[name] = await asyncio.to_thread(main, call)

    told = capsys.readouterr().out
    assert asked == {"linh": 0, "tom": 2}
    assert "trạng thái: Đang vận chuyển" in told
    assert "nothing in" in told
