"""What the log tells, and what it never does."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog
from slack_sdk.errors import SlackApiError

from bot.runtime.logs import configure_logs
from handlers.connection import client as slack_client
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    configure_logs("ERROR", "text")


async def test_the_log_tells_what_happened_without_words_or_secrets(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Events with fields: the ticket, the outcome, the cost; no text and no token."""
    configure_logs("INFO", "json")
    await place.start(claude_retries=0)
    asked = await place.hears(place.linh, DELIVERY)
    place.slack.faults.add("chat.postMessage", "error", code="is_archived", times=None)
    await place.hears(place.linh, f"{DELIVERY} Please hurry")
    await place.stop()

    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    handled = [line for line in lines if line["event"] == "message handled"]
    assert [(line["message"], line["outcome"]) for line in handled[:1]] == [
        (place.key(asked), "answered")
    ]
    assert handled[0]["nano_dollars"] > 0
    assert handled[0]["ticket"] == "T-1001"
    assert {line["event"] for line in lines} >= {"listening", "articles read", "story failed"}
    for secret in (
        DELIVERY,
        "Please hurry",
        place.slack.bot_token,
        place.slack.app_token,
        place.claude.api_key,
    ):
        assert secret not in logged


def lines_of(logged: str) -> list[dict[str, Any]]:
    """Every line of a log in JSON; one that is none fails the test."""
    return [json.loads(line) for line in logged.splitlines()]


async def test_every_line_of_a_story_has_its_message(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of other rooms and of the client of Claude as well, and no line of another story."""
    configure_logs("INFO", "json")
    await place.start(claude_retries=0)
    capsys.readouterr()
    place.claude.faults.add("overloaded", times=1)
    asked = await place.hears(place.linh, DELIVERY)
    other = await place.hears(place.linh, "What does express delivery cost, please?")
    await place.stop()
    lines = lines_of(capsys.readouterr().err)

    failed = [each["message"] for each in lines if each["event"] == "call failed"]
    told = [each["message"] for each in lines if each["event"] == "message handled"]
    assert failed == [place.key(asked)]
    assert told == [place.key(asked), place.key(other)]
    assert {each["logger"] for each in lines} >= {"claude", "story"}


@pytest.mark.parametrize("style", ["json", "text"])
def test_lines_of_libraries_have_the_same_form(
    capsys: pytest.CaptureFixture[str], style: Literal["json", "text"]
) -> None:
    """Bolt's, and the engine's, which would go to a handler of its own; warnings and worse."""
    # As an app leaves it that was made under a higher level.
    logging.getLogger("slack_bolt.AsyncApp").setLevel("ERROR")
    configure_logs("INFO", style)
    structlog.get_logger("app").warning("ours")
    logging.getLogger("slack_bolt.AsyncApp").warning("Bolt says %s", "so")
    logging.getLogger("dbos").warning("the engine too")
    logging.getLogger("slack_sdk").info("what people wrote")
    told = capsys.readouterr().err

    assert "what people wrote" not in told
    if style == "json":
        assert [(each["logger"], each["level"], each["event"]) for each in lines_of(told)] == [
            ("app", "warning", "ours"),
            ("slack_bolt.AsyncApp", "warning", "Bolt says so"),
            ("dbos", "warning", "the engine too"),
        ]
    else:
        forms = re.findall(r"^\d{4}-\S+Z \[warning  \] (.*?)\s+\[(\S+)\]", told, re.MULTILINE)
        assert forms == [
            ("ours", "app"),
            ("Bolt says so", "slack_bolt.AsyncApp"),
            ("the engine too", "dbos"),
        ]


async def test_a_refusal_that_slack_names_has_no_traceback(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its word says all; what nobody foresaw keeps its traceback."""
    configure_logs("INFO", "json")
    log = structlog.get_logger("slack")
    place.slack.faults.add("chat.postMessage", "error", code="is_archived", times=None)
    async with slack_client.connection(place.configure()) as slack:
        try:
            await slack.once.chat_postMessage(channel=place.orders.id, text="hello")
        except SlackApiError:
            log.exception("not posted")
    try:
        int("nobody foresaw this")
    except ValueError:
        log.exception("it broke")
    refused, broke = lines_of(capsys.readouterr().err)

    assert (refused["refused"], "exception" in refused) == ("is_archived", False)
    assert "nobody foresaw this" in broke["exception"]
