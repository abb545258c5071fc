"""Envelopes, acknowledgements, redelivery and broken connections, with the real SDK client."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from emulator.slack import NotAcknowledged, SlackEmulator
from tests.emulator.slack.conftest import Desk, connected, furnish

Event = dict[str, Any]


async def raw_socket(desk: Desk, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    opened = await desk.client.apps_connections_open(app_token=desk.slack.app_token)
    socket = await session.ws_connect(opened["url"])
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_every_envelope_records_when_it_was_acknowledged(desk: Desk, app: AsyncApp) -> None:
    """Type, attempt and milliseconds, for measuring a bot."""

    @app.event("message")
    async def listen() -> None:
        pass

    await desk.linh.post(desk.orders, "hi")
    await desk.slack.until(lambda: desk.slack.acks)
    delivery = desk.slack.acks[0]

    assert (delivery.type, delivery.event_type, delivery.attempt) == ("events_api", "message", 0)
    assert delivery.ack_ms is not None
    assert 0 < delivery.ack_ms < 3000


async def test_an_event_without_acknowledgement_comes_again() -> None:
    """The same event_id in a new envelope, with retry_attempt and retry_reason; then no more."""
    async with SlackEmulator(ack_timeout=0.05, retry_delays=(0, 0.01)) as slack:
        desk = furnish(slack)
        async with aiohttp.ClientSession() as session:
            socket = await raw_socket(desk, session)
            await desk.linh.post(desk.orders, "hi")
            frames = [await socket.receive_json() for _ in range(3)]
            await slack.until(lambda: slack.dispatch.given_up)

    assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2]
    assert [frame["retry_reason"] for frame in frames] == ["", "timeout", "timeout"]
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    assert len({frame["envelope_id"] for frame in frames}) == 3


async def test_an_app_that_fails_is_asked_again_and_then_heard() -> None:
    """Bolt sends no acknowledgement for an exception; the retry succeeds."""
    attempts: list[str] = []
    async with SlackEmulator(ack_timeout=0.1, retry_delays=(0,)) as slack:
        desk = furnish(slack)
        async with connected(desk) as app:

            @app.event("message")
            async def listen(event: Event) -> None:
                attempts.append(event["text"])
                if len(attempts) == 1:
                    raise RuntimeError("the first time it fails")

            await desk.linh.post(desk.orders, "hi")
            await slack.until(lambda: slack.acks)

    assert attempts == ["hi", "hi"]
    assert [d.attempt for d in slack.acks] == [1]


async def test_a_ticket_opens_one_connection(desk: Desk) -> None:
    """The address from apps.connections.open works once."""
    async with aiohttp.ClientSession() as session:
        opened = await desk.client.apps_connections_open(app_token=desk.slack.app_token)
        async with session.ws_connect(opened["url"]):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_the_eleventh_connection_is_one_too_many(desk: Desk) -> None:
    """Ten connections share the envelopes; one more is sent away."""
    async with aiohttp.ClientSession() as session:
        sockets = [await raw_socket(desk, session) for _ in range(10)]
        opened = await desk.client.apps_connections_open(app_token=desk.slack.app_token)
        extra = await session.ws_connect(opened["url"])
        refusal = await extra.receive_json()
        for number in range(10):
            await desk.linh.post(desk.orders, str(number))
        heard = [(await socket.receive_json())["payload"]["event"]["text"] for socket in sockets]
        for socket in (*sockets, extra):
            await socket.close()

    assert (refusal["type"], refusal["reason"]) == ("disconnect", "too_many_websockets")
    assert sorted(heard) == [str(number) for number in range(10)]


async def test_pings_are_echoed(desk: Desk) -> None:
    """The SDK calls a connection stale whose pongs do not carry its payload."""
    async with aiohttp.ClientSession() as session:
        opened = await desk.client.apps_connections_open(app_token=desk.slack.app_token)
        socket = await session.ws_connect(opened["url"], autoping=False)
        await socket.receive()
        await socket.ping(b"sdk-ping-pong:1.5")
        pong = await socket.receive()
        await socket.close()

    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.5")


async def test_a_refresh_makes_the_app_reconnect_and_loses_nothing(
    desk: Desk, app: AsyncApp
) -> None:
    """What is posted in between goes over the old connection, or comes again on the new one."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event["text"])

    before = desk.slack.sockets.connections[0]
    await desk.slack.disconnect("refresh_requested")
    await desk.linh.post(desk.orders, "in between")
    await desk.slack.until(lambda: heard and before not in desk.slack.sockets.connections)
    await desk.slack.until(lambda: desk.slack.sockets.connections)

    assert set(heard) == {"in between"}


@pytest.mark.parametrize("hard", [True, False])
async def test_a_cut_connection_brings_unacknowledged_events_again(*, hard: bool) -> None:
    """An event in flight is sent again in its time; one from while nobody listened is lost."""
    heard: list[str] = []
    stuck = asyncio.Event()
    async with SlackEmulator(retry_delays=(0, 0.5, 0.5)) as slack:
        desk = furnish(slack)
        async with connected(desk) as app:

            @app.event("message")
            async def listen(event: Event) -> None:
                heard.append(event["text"])
                if len(heard) == 1:
                    await stuck.wait()

            await desk.linh.post(desk.orders, "in flight")
            await slack.until(lambda: slack.deliveries)
            await slack.drop_sockets(hard=hard)
            await slack.until(lambda: not slack.sockets.connections)
            await desk.linh.post(desk.orders, "nobody there")
            await slack.until(lambda: slack.acks and slack.delivered)
            stuck.set()

    assert set(heard) == {"in flight"}
    assert slack.acks[0].attempt > 0
    assert [each.payload["event"]["text"] for each in slack.dispatch.dropped] == ["nobody there"]


async def test_a_command_that_nobody_hears_fails_at_once(desk: Desk) -> None:
    """The person reads that it did not work."""
    with pytest.raises(NotAcknowledged, match="dispatch_failed"):
        await desk.linh.command("/ticket", "", desk.orders)


async def test_an_event_delivered_twice_has_one_event_id(desk: Desk, app: AsyncApp) -> None:
    """The fault a deduplicating bot must survive."""
    heard: list[str] = []

    @app.event("message")
    async def listen(body: dict[str, Any]) -> None:
        heard.append(body["event_id"])

    desk.slack.faults.events(kind="twice", times=1)
    await desk.linh.post(desk.orders, "once")
    await desk.slack.until(lambda: len(heard) == 2)

    assert len(set(heard)) == 1


@pytest.mark.parametrize("kind", ["late", "out_of_order"])
async def test_events_can_arrive_in_another_order(desk: Desk, app: AsyncApp, kind: Any) -> None:
    """The first message overtaken by the second."""
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event["text"])

    desk.slack.faults.events(kind=kind, times=1, seconds=0.1)
    await desk.linh.post(desk.orders, "first")
    await desk.linh.post(desk.orders, "second")
    await desk.slack.until(lambda: desk.slack.delivered)

    assert heard == ["second", "first"]


async def test_waiting_in_vain_shows_the_transcript(desk: Desk) -> None:
    """A failed wait says what was on the screen instead."""
    await desk.linh.post(desk.orders, "anybody there?")

    with pytest.raises(TimeoutError, match=r"linh: anybody there\?"):
        await desk.slack.until(lambda: False, timeout=0.01)
