"""An emulated workspace with a customer, and a real Bolt app connected to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import Channel, Person, SlackEmulator


@dataclass
class Desk:
    """One customer, one channel, and a client with the bot's token."""

    slack: SlackEmulator
    linh: Person
    orders: Channel
    client: AsyncWebClient


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with SlackEmulator() as slack:
        yield furnish(slack)


def furnish(slack: SlackEmulator) -> Desk:
    linh = slack.add_user("linh", real_name="Linh Nguyễn", locale="vi-VN")
    orders = slack.add_channel("orders", members=[linh])
    return Desk(slack, linh, orders, AsyncWebClient(slack.bot_token, base_url=slack.api_url))


@asynccontextmanager
async def connected(desk: Desk) -> AsyncIterator[AsyncApp]:
    app = AsyncApp(client=desk.client, process_before_response=True)
    handler = AsyncSocketModeHandler(app, desk.slack.app_token, ping_interval=0.5)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await desk.slack.until(lambda: desk.slack.sockets.connections)
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def app(desk: Desk) -> AsyncIterator[AsyncApp]:
    async with connected(desk) as app:
        yield app
