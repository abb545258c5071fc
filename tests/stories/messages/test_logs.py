"""What the log tells, and what it never does."""

import json
from collections.abc import Iterator

import pytest

from bot.runtime.logs import configure_logs
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
