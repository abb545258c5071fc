"""The connection to Slack: an attempt that is never answered ends, and another is made."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_sdk.errors import SlackApiError

from bot.config.settings import Settings
from emulator.slack import Channel, SlackEmulator
from handlers.connection.client import SlackConnection, connection
from handlers.web_api.posting import retry_after

# Seconds: when an answer is given up, and one that never comes.
ANSWER = 0.2
NEVER = 3600.0
# Far longer than anything takes.
PATIENCE = 30


@dataclass
class Line:
    """A workspace with a channel, and a connection to it."""

    slack: SlackEmulator
    orders: Channel
    connection: SlackConnection


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with SlackEmulator() as slack:
        settings = Settings(
            _env_file=None,
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
            slack_pace=0,
            anthropic_api_key="sk-ant-none",
        )
        async with connection(settings, answer=ANSWER) as opened:
            yield Line(slack, slack.add_channel("orders"), opened)


async def post(line: Line, key: str) -> str:
    """What the poster posts; where it stands."""
    message = {"channel": line.orders.id, "text": "One moment"}
    async with asyncio.timeout(PATIENCE):
        return await line.connection.poster.post(key, message, after="0", recovered=False)


@pytest.mark.parametrize("kind", ["delay", "delay_after"])
async def test_a_post_that_is_never_answered_stands_once(line: Line, kind: str) -> None:
    """Whether Slack did it or not: it is looked for, and posted where it does not stand."""
    line.slack.faults.add("chat.postMessage", kind, seconds=NEVER)  # type: ignore[arg-type]
    ts = await post(line, "a")
    (standing,) = line.slack.messages(line.orders)
    assert standing.ts == ts


async def test_an_update_that_is_never_answered_is_made_again(line: Line) -> None:
    """It held its lane, its socket and whoever waited for it."""
    ts = await post(line, "a")
    line.slack.faults.add("chat.update", "delay", seconds=NEVER)
    async with asyncio.timeout(PATIENCE):
        await line.connection.client.chat_update(channel=line.orders.id, ts=ts, text="Done")
    (standing,) = line.slack.messages(line.orders)
    assert standing.text == "Done"


async def test_an_answer_that_takes_its_time_is_waited_for(line: Line) -> None:
    """The twin: it is posted at the first attempt."""
    line.slack.faults.add("chat.postMessage", "delay", seconds=ANSWER / 4)
    await post(line, "a")
    assert [each.method for each in line.slack.calls] == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30),
        ("0.5", 0.5),
        ("0", None),
        ("-3", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("30, 30", None),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("", None),
    ],
)
async def test_a_post_heeds_a_pause_in_seconds_and_no_other(
    line: Line, said: str, seconds: float | None
) -> None:
    """Slack says whole seconds; HTTP allows a date, and what stands between may say anything."""
    line.slack.faults.add("auth.test", "ratelimited", retry_after=said)
    with pytest.raises(SlackApiError) as refused:
        await line.connection.once.auth_test()
    assert retry_after(refused.value) == seconds
