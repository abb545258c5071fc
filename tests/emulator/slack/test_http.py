"""Events, commands and clicks as signed requests, taken by a real Bolt app behind HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from emulator.slack import NotAcknowledged, SlackEmulator
from tests.emulator.slack.conftest import Desk, furnish

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[str]:
    """An address where every request is answered so."""
    app = web.Application()
    app.router.add_post("/slack/events", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


def bolt(slack: SlackEmulator, desk: Desk, secret: str = "") -> tuple[AsyncApp, Answer]:
    app = AsyncApp(
        client=desk.client,
        signing_secret=secret or slack.signing_secret,
        process_before_response=True,
    )

    async def answer(request: web.Request) -> web.StreamResponse:
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return app, answer


async def test_bolt_takes_events_commands_and_their_answers_over_http(desk: Desk) -> None:
    """The signature holds, the challenge is answered, an acknowledgement carries words."""
    app, answer = bolt(desk.slack, desk)
    heard: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    @app.command("/ticket")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack(f"you said {body['text']}")

    async with site(answer) as url:
        await desk.slack.use_request_url(url)
        await desk.linh.post(desk.orders, "xin chào")
        outcome = await desk.linh.command("/ticket", "12 & more", desk.orders)
        await desk.slack.until(lambda: desk.slack.delivered)

    assert heard == ["xin chào"]
    assert outcome.text == "you said 12 & more"


async def test_an_address_that_does_not_know_the_secret_is_not_taken(desk: Desk) -> None:
    """Bolt answers 401 to a signature that is not ours."""
    _, answer = bolt(desk.slack, desk, secret="another")

    async with site(answer) as url:
        with pytest.raises(ValueError, match="401"):
            await desk.slack.use_request_url(url)


@pytest.mark.parametrize(("no_retry", "times"), [(False, 4), (True, 1)])
async def test_a_failed_request_comes_three_times_more_unless_told_not_to(
    *, no_retry: bool, times: int
) -> None:
    """x-slack-retry-num and -reason say why; `x-slack-no-retry` ends it."""
    seen: list[tuple[str | None, str | None]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["type"] == "url_verification":
            return web.Response(text=body["challenge"])
        headers = request.headers
        seen.append((headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        return web.Response(status=500, headers={"x-slack-no-retry": "1"} if no_retry else {})

    async with SlackEmulator(retry_delays=(0, 0.01, 0.02)) as slack, site(answer) as url:
        desk = furnish(slack)
        await slack.use_request_url(url)
        await desk.linh.post(desk.orders, "hi")
        await slack.until(lambda: slack.dispatch.given_up)

    assert len(seen) == times
    assert seen[0] == (None, None)
    assert seen[1:] == [(str(number), "http_error") for number in range(1, times)]


async def test_where_nobody_answers_the_person_reads_so_and_the_event_is_given_up() -> None:
    """A command fails at once; an event after its last attempt."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=(await request.json())["challenge"])

    async with SlackEmulator(retry_delays=(0, 0.01, 0.02)) as slack:
        desk = furnish(slack)
        async with site(answer) as url:
            await slack.use_request_url(url)
        with pytest.raises(NotAcknowledged, match="dispatch_failed"):
            await desk.linh.command("/ticket", "", desk.orders)
        await desk.linh.post(desk.orders, "hi")
        await slack.until(lambda: slack.dispatch.given_up)

    assert slack.delivered
    assert [each.attempt for each in slack.dispatch.given_up] == [3]
