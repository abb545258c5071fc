"""What `deskhand doctor` tries in Slack: a message to the agents, and whose clock is right."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.checks.finding import Finding, ok, unreachable, warning, wrong
from bot.unreached import NotNow
from handlers.connection.unreached import FAILURES
from handlers.slack.checks import no_answer

TRIAL = "A test message of `deskhand doctor`: there is nothing to do, the bot can post here."
# Seconds by which the clocks may differ; Slack takes no signature that is five minutes old.
CLOSE, FAR = 30, 300


async def check_posting(client: AsyncWebClient, channel: str) -> Sequence[Finding]:
    """Post a message to the agents; it stays there, so that somebody sees it."""
    try:
        posted = await client.chat_postMessage(channel=channel, text=TRIAL)
    except FAILURES as error:
        why = no_answer(error)
        return [(unreachable if isinstance(why, NotNow) else wrong)("test message", str(why))]
    return [ok("test message", f"stands in the agents' channel as {posted['ts']}")]


async def check_clock(client: AsyncWebClient) -> Sequence[Finding]:
    """How far this machine's clock is from Slack's; nothing where Slack does not say."""
    try:
        answer = await client.auth_test()
        theirs = parsedate_to_datetime(str(answer.headers["Date"]))
    except FAILURES:
        return []
    apart = round(abs((datetime.now(UTC) - theirs).total_seconds()))
    if apart > CLOSE:
        told = f"{apart} seconds off Slack's: let it be set by NTP"
        return [(wrong if apart > FAR else warning)("clock", told)]
    return [ok("clock", "agrees with Slack's")]
