"""Slack's events, read."""

from typing import Any

import pytest

from bot.messages.content import Content
from bot.messages.inbound import IgnoredEvent, IncomingMessage
from bot.messages.revisions import RevisedMessage
from handlers.connection.installation import Installation
from handlers.events.payload import read_message, read_message_event
from handlers.events.revisions import read_revision

# As Slack sends them, shortened to what differs.
MESSAGE: dict[str, Any] = {
    "type": "message",
    "channel": "C1",
    "channel_type": "channel",
    "user": "U1",
    "text": "Where is my order?",
    "ts": "1764000000.000100",
    "event_ts": "1764000000.000100",
    "client_msg_id": "6f9619ff",
    "team": "T1",
    "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}],
}
FILE = {"id": "F1", "name": "screen.png", "mimetype": "image/png", "size": 1, "mode": "hosted"}
KEY = "T1:C1:1764000000.000100"
HERE = Installation(team="T1", bot_user="UBOT", bot_id="BBOT")


def read(event: dict[str, Any]) -> IncomingMessage | IgnoredEvent:
    return read_message(read_message_event(event, HERE), author="customer", mode="auto")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"text": "Where is my order?", "thread_ts": None, "private": False}),
        ({"text": "<@UBOT> 3 &lt; 5"}, {"text": "3 < 5"}),
        ({"channel": "D1", "channel_type": "im"}, {"private": True, "channel": "D1"}),
        ({"channel_type": "group"}, {"private": True}),
        ({"channel_type": "mpim"}, {"private": True}),
        (
            {"thread_ts": "1763.1", "parent_user_id": "U2"},
            {"thread_ts": "1763.1", "root": "1763.1", "thread": "T1:C1:1763.1", "requester": None},
        ),
        ({"subtype": "thread_broadcast", "thread_ts": "1763.1"}, {"root": "1763.1"}),
        ({"subtype": "me_message", "text": "waves"}, {"text": "waves"}),
        ({"subtype": "file_share", "files": [FILE]}, {"text": "Where is my order?"}),
        ({"subtype": "file_share", "files": [FILE], "text": ""}, {"text": ""}),
    ],
)
def test_a_persons_message_is_translated(changed: dict[str, Any], expected: dict[str, Any]) -> None:
    """Text as it was typed, the thread it belongs to, and whose it is."""
    inbound = read({**MESSAGE, **changed})

    assert isinstance(inbound, IncomingMessage)
    assert {name: getattr(inbound, name) for name in expected} == expected


def test_what_somebody_types_is_heard_whatever_slack_calls_it() -> None:
    """A kind of message that nobody knows yet; what no client sent is left out, in the table."""
    event = {**MESSAGE, "subtype": "of_tomorrow"}

    assert isinstance(read(event), IncomingMessage)
    assert read({**event, "bot_id": "B1"}) == IgnoredEvent(reason="bot", key=KEY)


def test_a_message_has_its_key_its_moment_and_its_files() -> None:
    """The key is what everything else is known by."""
    inbound = read({**MESSAGE, "subtype": "file_share", "files": [FILE]})

    assert isinstance(inbound, IncomingMessage)
    assert inbound.key == KEY
    assert inbound.sent_at.isoformat() == "2025-11-24T16:00:00.000100+00:00"
    assert [(file.id, file.name, file.mimetype) for file in inbound.files] == [
        ("F1", "screen.png", "image/png")
    ]
    assert IncomingMessage.model_validate(inbound.model_dump(mode="json")) == inbound


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bot_id": "B1"}, "bot"),
        ({"subtype": "bot_message", "bot_id": "B1", "user": None}, "bot"),
        ({"subtype": "file_comment", "client_msg_id": None}, "file_comment"),
        ({"subtype": "of_tomorrow", "client_msg_id": None}, "of_tomorrow"),
        ({"text": ""}, "empty"),
        ({"text": "  "}, "empty"),
        ({"text": "<@UBOT>"}, "empty"),
        ({"text": None}, "empty"),
    ],
)
def test_what_is_no_request_is_ignored_for_a_reason(changed: dict[str, Any], reason: str) -> None:
    """Each with the key it is counted under."""
    assert read({**MESSAGE, **changed}) == IgnoredEvent(reason=reason, key=KEY)


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join",
        "group_leave",
        "channel_topic",
        "group_archive",
        "channel_convert_to_private",
        "pinned_item",
        "bot_add",
        "huddle_thread",
        "tombstone",
    ],
)
@pytest.mark.parametrize("by", [{}, {"bot_id": "B1"}, {"user": "USLACKBOT"}])
def test_what_slack_writes_of_its_own_is_nobodys_message(subtype: str, by: dict[str, Any]) -> None:
    """It has no key to be counted under, a bot's arrival neither."""
    assert read({**MESSAGE, **by, "subtype": subtype}) == IgnoredEvent(reason=subtype)


def changed_event(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C1",
        "message": after,
        "previous_message": before,
        "ts": "1764000009.000900",
        "event_ts": "1764000009.000900",
    }


def deleted_event(before: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "C1",
        "deleted_ts": before["ts"],
        "previous_message": before,
        "event_ts": "1764000009.000900",
    }


def without_previous(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "previous_message"}


EDITED = {**MESSAGE, "text": "a &amp; b", "edited": {"user": "U1", "ts": "1764000009.000000"}}
TOMBSTONE = {**MESSAGE, "subtype": "tombstone", "user": "USLACKBOT", "text": "Gone."}
UNCHANGED = IgnoredEvent(reason="text unchanged")
DELETION = RevisedMessage(key=KEY, edited_ts="1764000009.000900", content=None)
SHOWN = {"is_msg_unfurl": True, "from_url": "https://x.slack.com/archives/C2/p1", "text": "Hi"}
GONE_FILE = {"id": FILE["id"], "mode": "tombstone"}
OWN = {**MESSAGE, "user": "UBOT", "bot_id": "B0"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            changed_event(MESSAGE, EDITED),
            RevisedMessage(key=KEY, edited_ts="1764000009.000000", content=Content(words="a & b")),
        ),
        (
            deleted_event(MESSAGE),
            RevisedMessage(key=KEY, edited_ts="1764000009.000900", content=None),
        ),
        (
            changed_event(MESSAGE, TOMBSTONE),
            RevisedMessage(key=KEY, edited_ts="1764000009.000900", content=None),
        ),
        (changed_event(MESSAGE, {**MESSAGE, "attachments": [{}]}), UNCHANGED),
        (changed_event(MESSAGE, {**MESSAGE, "reply_count": 1}), UNCHANGED),
        # Nothing is left of a message whose only file was deleted.
        (
            changed_event(
                {**MESSAGE, "text": "", "files": [FILE]},
                {**MESSAGE, "text": "", "files": [GONE_FILE]},
            ),
            DELETION,
        ),
        (changed_event(OWN, {**OWN, "text": "other"}), IgnoredEvent(reason="bot")),
        (deleted_event(OWN), IgnoredEvent(reason="bot")),
    ],
)
def test_a_change_is_an_edit_a_deletion_or_nothing(
    event: dict[str, Any], expected: RevisedMessage | IgnoredEvent
) -> None:
    """Previews and reply counters come as changes as well, and mean nothing."""
    assert read_revision(read_message_event(event, HERE), bot_user="UBOT") == expected
