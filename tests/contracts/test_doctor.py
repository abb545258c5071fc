"""`deskhand doctor`: a report of everything, to paste, without a secret in it."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.doctor import examine_desk
from bot.checks.finding import Finding
from bot.cli import main
from bot.runtime.logs import configure_logs
from handlers.slack.trial import TRIAL
from storage.db.file_state import file_state
from tests.support.process import env_file
from tests.support.workspace import Workspace


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    configure_logs("ERROR", "text")


def told(findings: list[Finding], subject: str) -> list[tuple[str, str]]:
    return [(each.grade, each.sentence) for each in findings if each.subject == subject]


async def test_a_desk_in_order_is_told_whole(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Versions first, then what `check` finds, then what was tried; nobody can use it to get in."""
    await place.start()
    await place.hears(place.linh, "How long does delivery to Hanoi take?")
    await place.stop()
    settings = place.configure()
    status = await asyncio.to_thread(main, ["doctor", "--env", str(env_file(place))])
    report = capsys.readouterr().out

    assert status == 0
    assert report.startswith("  deskhand     0.")
    for line in (
        "✓ clock: ",
        "✓ test message: ",
        "✓ disk: ",
        "answered a test call in",
        "whole and",
    ):
        assert line in report
    assert "1 messages received = 1 ticketed + 0 ignored + 0 failed; 0 under way" in report
    for secret in (settings.slack_bot_token, settings.slack_app_token, settings.anthropic_api_key):
        assert secret is not None
        assert secret.get_secret_value() not in report
    assert [each.text for each in place.slack.messages(place.agents)][-1] == TRIAL


async def test_a_program_reads_the_same(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the versions by name; and without tries nothing is posted or asked of a model."""
    status = await asyncio.to_thread(
        main, ["doctor", "--json", "--no-tries", "--env", str(env_file(place))]
    )
    report = json.loads(capsys.readouterr().out)

    assert (status, report["status"]) == (0, 0)
    assert {"deskhand", "python", "sqlite", "anthropic"} <= set(report["versions"])
    assert {"disk", "clock", "knowledge"} <= {each["subject"] for each in report["findings"]}
    assert place.slack.messages(place.agents) == []
    assert place.claude.calls == []


async def test_a_key_that_may_look_and_not_call_is_found_out(place: Workspace) -> None:
    """The models are there, and every call to one is refused: `check` cannot see that."""
    place.claude.faults.add("billing", times=20)
    found = await examine_desk(place.configure(), place.desk(), tries=True)

    assert ("wrong", "gave no answer to a test call (billing_error)") in told(
        found, "claude-haiku-5-5"
    )


async def test_a_channel_that_takes_no_posts_is_found_out(place: Workspace) -> None:
    """The bot is in it, and may not write there: an archived one, or one for announcements."""
    place.slack.faults.add("chat.postMessage", "error", code="restricted_action", times=20)
    found = await examine_desk(place.configure(), place.desk(), tries=True)

    assert told(found, "test message") == [("wrong", "Slack says restricted_action")]


async def test_what_is_wrong_already_is_not_tried(place: Workspace) -> None:
    """A wrong key is said once, and no call is made with it."""
    wrong = place.configure(anthropic_api_key="sk-wrong", database_url="sqlite:////nowhere/x.db")
    found = await examine_desk(wrong, place.desk(), tries=True)

    assert [each.subject for each in found if each.grade == "wrong"] == ["Claude", "database"]


def test_a_damaged_database_is_told_from_a_locked_one(tmp_path: Path) -> None:
    """And both from one that is well, which is left as it was."""
    file = tmp_path / "desk.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE words (word)")
        made.executemany("INSERT INTO words VALUES (?)", [("x" * 500,)] * 200)
        made.commit()
    before = file.read_bytes()
    well = file_state(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = file_state(file, wait=0.01)
    os.truncate(file, len(before) // 2)
    damaged = file_state(file)

    assert (well.fault, well.locked, well.size) == ("", False, len(before))
    assert (locked.fault, locked.locked) == ("", True)
    assert damaged.fault
