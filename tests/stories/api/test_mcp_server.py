"""`deskhand mcp` as an assistant uses it: a process of its own, with the official client."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from bot.api.api_failure import ApiFailure
from bot.api.operations import COMMENT, READ
from bot.api.remote import DeskApi
from bot.runtime.http_port import open_port
from storage.tickets import audit
from tests.support.programs import API, TOKENS, Programs
from tests.support.questions import DELIVERY
from tests.support.workspace import PATIENCE, Workspace

pytestmark = pytest.mark.long

READING = {"find_tickets", "read_ticket"}
EVERYTHING = READING | {"open_ticket", "comment_on_ticket", "solve_ticket", "ask_desk"}
COMMAND = (sys.executable, "-m", "bot.cli", "mcp")


def surroundings(api: Programs, name: str = "", **more: str) -> dict[str, str]:
    token = {"API_TOKEN": TOKENS[name]} if name else {}
    return {"PATH": os.environ["PATH"], "API_URL": api.url, **token, **more}


@asynccontextmanager
async def over_pipes(api: Programs, name: str) -> AsyncIterator[Client]:
    """An assistant that has started the server with a token."""
    command, *arguments = COMMAND
    server = StdioServerParameters(command=command, args=arguments, env=surroundings(api, name))
    async with Client(server) as client:
        yield client


@asynccontextmanager
async def over_http(api: Programs) -> AsyncIterator[str]:
    """The server at a port; its address."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--http", "0", stdout=asyncio.subprocess.PIPE, env=surroundings(api)
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def client_at(url: str, token: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def asked(api: Programs) -> tuple[Workspace, int]:
    """A desk with one question of Linh's; the number of its ticket."""
    await api.place.start(API, api_port=0)
    await api.place.hears(api.place.linh, DELIVERY)
    (ticket,) = await api.place.tickets()
    return api.place, ticket.ticket_id


async def test_a_reader_finds_and_reads_and_that_is_all(api: Programs) -> None:
    """It is offered nothing else; what it calls nevertheless is refused."""
    place, number = await asked(api)
    async with over_pipes(api, "reader") as client:
        offered = (await client.list_tools()).tools
        found = await client.call_tool("find_tickets", {"words": "delivery", "status": None})
        read = await client.call_tool("read_ticket", {"number": str(number)})
        refused = await client.call_tool("solve_ticket", {"number": number})
        odd = await client.call_tool("read_ticket", {"number": "../me"})

    assert {each.name for each in offered} == READING
    assert all(each.annotations and each.annotations.read_only_hint for each in offered)
    assert told(found)["tickets"][0]["number"] == number
    assert told(read)["said"][0]["text"] == DELIVERY
    assert (refused.is_error, words(refused)) == (True, "This token may not solve.")
    assert (odd.is_error, words(odd)) == (True, "number: expected a whole number.")
    assert (await place.tickets())[0].status != "solved"


async def test_an_assistant_answers_notes_and_solves(api: Programs) -> None:
    """By its token's name, over both ways; each client with its own token."""
    place, number = await asked(api)
    async with over_http(api) as url, client_at(url, TOKENS["helper"]) as client:
        tools = (await client.list_tools()).tools
        offered = {each.name for each in tools}
        answer = await client.call_tool("ask_desk", {"question": DELIVERY})
        await client.call_tool("comment_on_ticket", {"number": number, "text": "Seen."})
        solved = await client.call_tool("solve_ticket", {"number": number})
        again = await client.call_tool("solve_ticket", {"number": number})
        async with client_at(url, TOKENS["reader"]) as other:
            less = {each.name for each in (await other.list_tools()).tools}

    assert (offered, less) == (EVERYTHING, READING)
    (opening,) = [each for each in tools if each.name == "open_ticket"]
    known = [intent.name for intent in place.running.desk.intents]
    assert opening.input_schema["properties"]["category"]["enum"] == known
    assert told(answer)["outcome"] == "answered"
    assert told(solved) == {"number": number, "done": f"T-{number} is solved."}
    assert (again.is_error, words(again)) == (True, f"T-{number} is solved already.")
    changes = await place.running.store.read(audit.ticket_changes, number)
    assert "api:helper" in {each.who for each in changes if each.after == "solved"}


async def test_nobody_gets_in_without_a_token_that_the_desk_knows(api: Programs) -> None:
    """Not even to say hello; a token that is taken away is none at the next request."""
    await asked(api)
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    async with over_http(api) as url, httpx2.AsyncClient(headers=accept) as http:
        for header in ({}, {"Authorization": "Bearer sesame"}, {"Authorization": "Bearer ü"}):
            raw = [(k.encode(), v.encode("latin-1")) for k, v in header.items()]
            refused = await http.post(url, json=hello, headers=raw)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        await api.place.stop()
        gone = await http.post(url, json=hello, headers={"Authorization": "Bearer x"})
        assert (gone.status_code, gone.json()["error"]) == (503, "not_reached")


async def test_a_desk_that_goes_away_is_told_as_that(api: Programs) -> None:
    """The assistant goes on, and its user reads why."""
    await asked(api)
    async with over_pipes(api, "reader") as client:
        await client.list_tools()
        await api.place.stop()
        with pytest.raises(MCPError, match="The desk is not reached"):
            await client.list_tools()
        lost = await client.call_tool("find_tickets", {})

    assert (lost.is_error, words(lost)) == (True, "The desk is not reached: try later.")


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"API_TOKEN": "sesame-sesame-sesame"}, 2, "Send a token"),
        ({"API_TOKEN": "two words"}, 2, "API_TOKEN"),
        ({}, 2, "API_TOKEN is not set"),
        ({"API_TOKEN": TOKENS["reader"], "API_URL": "http://127.0.0.1:9"}, 75, "is not reached"),
        ({"API_TOKEN": TOKENS["reader"], "API_URL": "127.0.0.1"}, 2, "API_URL"),
        ({"API_TOKEN": TOKENS["reader"], "API_URL": ""}, 2, "API_URL is not set"),
    ],
)
async def test_what_is_wrong_is_said_before_anything_is_served(
    api: Programs, tmp_path: Path, given: dict[str, str], status: int, sentence: str
) -> None:
    """On standard error, for standard output is the client's."""
    await api.place.start(API, api_port=0)
    ended = await asyncio.to_thread(
        subprocess.run,
        COMMAND,
        cwd=tmp_path,
        env=surroundings(api, **{"PYTHONPATH": str(Path(__file__).parents[3]), **given}),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert (ended.returncode, ended.stdout) == (status, "")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


STRANGE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("find_tickets", {"status": ["open", "pending"]}, "status: expected one plain value."),
    ("find_tickets", {"words": {"a": 1}}, "words: expected one plain value."),
    ("find_tickets", {"words": "x" * 20_000}, "This is no request that can be read."),
    ("read_ticket", {"number": "T-1001/../me"}, "number: expected a whole number."),
    ("read_ticket", {"number": True}, "number: expected a whole number."),
    ("read_ticket", {}, "number: expected a whole number."),
    ("comment_on_ticket", {"number": 1001, "text": "x" * 9_000}, "text: String should have"),
    ("comment_on_ticket", {"number": 1001, "text": "a", "to": "x"}, "to: Extra inputs"),
)


async def test_what_a_model_makes_up_is_a_tool_s_error(
    api: Programs, subtests: pytest.Subtests
) -> None:
    """Which it reads, and not the protocol's; a ticket may be called T-12."""
    _, number = await asked(api)
    async with over_http(api) as url:
        async with client_at(url, TOKENS["helper"]) as client:
            for name, given, sentence in STRANGE:
                with subtests.test(name=name, given=str(given)[:40]):
                    result = await client.call_tool(name, given)
                    assert result.is_error
                    assert words(result).startswith(sentence)
            read = await client.call_tool("read_ticket", {"number": f"T-{number}"})
        numbers = await _raw(url, f'"number": {number}, "text": 1e999')
        again = await _raw(url, f'"number": {number}, "text": "After it."')

    assert told(read)["ticket"]["number"] == number
    assert numbers["result"]["content"][0]["text"] == "It holds what no JSON can hold."
    assert again["result"]["structuredContent"]["number"] == number


async def _raw(url: str, arguments: str) -> Any:
    """What a client gets that writes JSON of its own."""
    headers = {
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
        "Authorization": f"Bearer {TOKENS['helper']}",
    }
    call = f'{{"name": "comment_on_ticket", "arguments": {{{arguments}}}}}'
    body = f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {call}}}'
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        return (await http.post(url, content=body)).json()


async def test_an_answer_that_was_lost_is_told_as_that() -> None:
    """What may have been done is not asked for again without looking; a read may be."""

    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    site = web.Application()
    site.router.add_route("*", "/{anything:.*}", cut)
    async with (
        open_port(site, "127.0.0.1", 0, "PORT", idle=5, grace=0) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        api = DeskApi(client)
        with pytest.raises(ApiFailure) as written:
            await api.ask(COMMENT, {"number": 1, "text": "a"}, "token")
        with pytest.raises(ApiFailure) as read:
            await api.ask(READ, {"number": 1}, "token")

    assert "may be done all the same" in written.value.sentence
    assert read.value.sentence == "The desk is not reached: try later."


def told(result: Any) -> Any:
    assert not result.is_error, result
    return result.structured_content


def words(result: Any) -> str:
    return str(result.content[0].text)
