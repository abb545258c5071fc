"""HTTP mode: the same desk, reached by signed requests in place of a socket."""

import asyncio
import io
import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.config.settings import SettingsError
from emulator.slack.request_url import signature
from storage.tickets import messages
from tests.support.databases import writing_held
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


async def serving(place: Workspace) -> str:
    """The desk at a port of its own, which Slack has taken."""
    bot = await place.start(
        slack_app_token=None,
        slack_http_port=0,
        slack_signing_secret=place.slack.signing_secret,
    )
    address = f"http://127.0.0.1:{bot.port}/slack/events"
    await place.slack.use_request_url(address)
    return address


async def sent(
    url: str, body: str, *, secret: str, kind: str = JSON, at: str | None = None, **headers: str
) -> tuple[int, str, bool]:
    """What a request is answered: its status, its words, and whether it is not to come again."""
    timestamp = str(int(time.time())) if at is None else at
    signed = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body.encode()), headers=signed | headers) as response,
    ):
        words = await response.text()
        return response.status, words, response.headers.get("x-slack-no-retry") == "1"


def event(place: Workspace, **of: object) -> str:
    return json.dumps(
        {
            "type": "event_callback",
            "team_id": place.slack.team_id,
            "api_app_id": place.slack.app_id,
            "event_id": "Ev1",
            "event": {"channel": place.orders.id, "user": place.linh.id, **of},
        }
    )


async def test_a_question_a_command_and_a_press_come_as_requests(place: Workspace) -> None:
    """The customer is answered, the agent's command as well, and the modal opens."""
    place.cards_for = "all"
    await serving(place)
    asked = await place.hears(place.linh, DELIVERY)
    (card,) = place.cards()
    listed = await place.asks(place.mai, "queue")
    pressed = await place.mai.click(card, "take")
    await place.settled()

    assert len(place.replies(asked)) == 1
    assert "T-1001" in listed.text or "queue" in listed.text.lower()
    assert pressed is not None
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.assignee_id == place.mai.id
    assert not place.slack.sockets.connections


async def test_an_event_that_is_sent_twice_is_taken_in_once(place: Workspace) -> None:
    """Slack sends again what was not acknowledged in three seconds."""
    await serving(place)
    place.slack.faults.events("twice", type="message")
    asked = await place.hears(place.linh, DELIVERY)

    assert len(place.replies(asked)) == 1
    assert len(await place.tickets()) == 1


async def test_what_was_not_written_down_is_not_acknowledged(place: Workspace) -> None:
    """The database is locked for longer than Slack waits; it sends the event again."""
    await serving(place)
    with writing_held(place.database_url):
        asked = await place.linh.post(place.orders, DELIVERY)
        await asyncio.sleep(0.3)
        assert not place.slack.acks
    await place.settled()

    assert len(place.replies(asked)) == 1


async def test_what_comes_while_the_desk_is_away_is_sent_again_or_read(place: Workspace) -> None:
    """Three retries pass while nobody is there; the history has it."""
    await serving(place)
    await place.running.gaps.wait_idle()
    await place.stop()
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: place.slack.dispatch.given_up)
    await serving(place)
    await place.running.gaps.wait_idle()
    await place.settled()

    assert len(place.replies(asked)) == 1


@pytest.mark.parametrize(("hours", "outcome"), [(1, "answered"), (3, "handed_over")])
async def test_what_slack_sends_again_hours_later_is_answered_while_it_is_young(
    place: Workspace, hours: int, outcome: str
) -> None:
    """Apps with Delayed Events get an event for a day; an old one is for people."""
    url = await serving(place)
    ts = f"{time.time() - hours * 3600:.6f}"
    body = event(place, type="message", text=DELIVERY, ts=ts, channel_type="channel")
    again = {"X-Slack-Retry-Num": "4", "X-Slack-Retry-Reason": "connection_failed"}
    status, *_ = await sent(url, body, secret=place.slack.signing_secret, **again)
    await place.settled()

    row = await place.running.store.read(
        messages.find_message, f"{place.slack.team_id}:{place.orders.id}:{ts}"
    )
    assert status == 200
    assert row is not None
    assert row.outcome == outcome


@pytest.mark.parametrize("age", [-400, 400, None])
async def test_a_request_from_long_ago_or_of_somebody_else_is_refused(
    place: Workspace, age: int | None
) -> None:
    """Overheard and sent again later, from a clock far ahead, or signed by another secret."""
    url = await serving(place)
    secret = place.slack.signing_secret if age is not None else "0" * 32
    body = event(place, type="message", text=DELIVERY, ts="1795000000.000100")
    status, _, no_retry = await sent(
        url, body, secret=secret, at=str(int(time.time()) + (age or 0))
    )
    fresh, *_ = await sent(url, body, secret=place.slack.signing_secret)
    await place.settled()

    # A secret that was just changed is right the next time.
    assert (status, no_retry) == (401, False)
    assert fresh == 200
    assert len(await place.tickets()) == 1


@pytest.mark.parametrize("timestamp", ["", "now", "1e9", "-1", "9" * 400])
async def test_a_moment_that_is_none_is_refused(place: Workspace, timestamp: str) -> None:
    """It is no failure of ours either."""
    url = await serving(place)
    status, *_ = await sent(url, "{}", secret=place.slack.signing_secret, at=timestamp)

    assert status == 401


async def test_what_is_too_large_or_no_text_is_refused_for_good(place: Workspace) -> None:
    """Slack need not send it three times more."""
    url = await serving(place)
    secret = place.slack.signing_secret
    large, _, never = await sent(url, "x" * (4 * 1024 * 1024 + 1), secret=secret)
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=b"\xff\xfe", headers={"Content-Type": JSON}) as response,
    ):
        odd = response.status, response.headers.get("x-slack-no-retry")

    assert (large, never) == (413, True)
    assert odd == (400, "1")


async def test_events_that_nobody_listens_to_are_acknowledged(place: Workspace) -> None:
    """Slack stops sending to an app that refuses most of what it gets."""
    url = await serving(place)
    secret = place.slack.signing_secret
    unknown = await sent(url, event(place, type="emoji_changed"), secret=secret)
    limited = await sent(url, json.dumps({"type": "app_rate_limited"}), secret=secret)
    looked = await sent(url, urlencode({"ssl_check": "1"}), secret=secret, kind=FORM)
    command = await sent(url, urlencode({"command": "/none"}), secret=secret, kind=FORM)
    listed = await sent(url, "[1, 2]", secret=secret)

    assert [each[0] for each in (unknown, limited, looked)] == [200, 200, 200]
    assert command[0] == 404
    assert (listed[0], listed[2]) == (400, True)


async def test_a_client_that_dawdles_holds_up_nobody(place: Workspace) -> None:
    """Its body does not come; it is cut, and Slack is answered meanwhile."""
    url = await serving(place)
    port = int(url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    await writer.drain()
    asked = await place.hears(place.linh, DELIVERY)
    answered = await asyncio.wait_for(reader.read(), 20)
    writer.close()

    assert len(place.replies(asked)) == 1
    assert answered.startswith(b"HTTP/1.1 408")


async def test_a_client_that_goes_away_in_the_middle_is_no_failure(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its body ends too early; nothing is written to the log as an error of ours."""
    url = await serving(place)
    port = int(url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    writer.write_eof()
    answered = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    asked = await place.hears(place.linh, DELIVERY)

    assert not answered.startswith((b"HTTP/1.1 200", b"HTTP/1.1 500"))
    assert len(place.replies(asked)) == 1
    assert "Traceback" not in capsys.readouterr().err


async def test_a_port_that_is_taken_is_named(place: Workspace) -> None:
    """Nothing is left half started."""
    url = await serving(place)
    port = int(url.split(":")[2].split("/")[0])
    secret = place.slack.signing_secret
    await place.stop()
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", port):
        with pytest.raises(SettingsError, match=f"SLACK_HTTP_PORT: 127.0.0.1:{port}"):
            await place.start(
                slack_app_token=None, slack_http_port=port, slack_signing_secret=secret
            )
