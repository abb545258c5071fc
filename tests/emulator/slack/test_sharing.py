"""What people share besides words arrives in the shapes of Slack's events."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from emulator.slack import Message
from tests.emulator.slack.conftest import Desk

Act = Callable[[Desk], Awaitable[Message]]


async def forwards(desk: Desk) -> Message:
    place = desk.slack.add_channel("sales", members=[desk.linh])
    return await desk.linh.forward(await desk.linh.post(place, "Is it back?"), desk.orders, "This?")


@pytest.fixture
async def heard(app: AsyncApp) -> list[dict[str, Any]]:
    """What the app is sent, whole."""
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    async def listen(body: dict[str, Any]) -> None:
        bodies.append(body)

    return bodies


async def sent(desk: Desk, heard: list[dict[str, Any]], act: Act) -> dict[str, Any]:
    """The event of an act."""
    message = await act(desk)
    await desk.slack.until(lambda: any(each["event"]["ts"] == message.ts for each in heard))
    return next(each for each in heard if each["event"]["ts"] == message.ts)


async def test_a_forward_brings_the_message_and_its_author(
    desk: Desk, heard: list[dict[str, Any]]
) -> None:
    event = (await sent(desk, heard, forwards))["event"]
    shared = event["attachments"][0]
    assert event["text"] == "This?"
    assert (shared["is_share"], shared["text"]) == (True, "Is it back?")
    assert shared["author_name"] == "Linh Nguyễn"


async def test_clips_snippets_canvases_and_tables_come_as_files_and_attachments(
    desk: Desk, heard: list[dict[str, Any]]
) -> None:
    clip = await sent(desk, heard, lambda desk: desk.linh.record(desk.orders, "Call me"))
    assert clip["event"]["files"][0]["transcription"]["preview"]["content"] == "Call me"
    early = await sent(desk, heard, lambda desk: desk.linh.record(desk.orders, None))
    assert early["event"]["files"][0]["transcription"] == {"status": "processing"}
    snippet = await sent(desk, heard, lambda desk: desk.linh.write_snippet(desk.orders, "a b"))
    assert snippet["event"]["files"][0]["preview"] == "a b"
    canvas = await sent(desk, heard, lambda desk: desk.linh.share_canvas(desk.orders, "P", "x"))
    assert canvas["event"]["files"][0]["title"] == "P"
    table = await sent(desk, heard, lambda desk: desk.linh.paste_table(desk.orders, [["a", "b"]]))
    assert table["event"]["attachments"][0]["blocks"][0]["type"] == "table"


async def test_an_e_mail_to_the_channel_comes_from_slackbot(
    desk: Desk, heard: list[dict[str, Any]]
) -> None:
    async def mailed(there: Desk) -> Message:
        return await there.slack.send_email(
            there.orders, name="An", address="an@example.com", subject="Late", text="Where is it?"
        )

    event = (await sent(desk, heard, mailed))["event"]
    assert event["user"] == "USLACKBOT"
    assert event["files"][0]["plain_text"] == "Where is it?"


async def test_a_shared_channel_is_at_home_elsewhere(
    desk: Desk, heard: list[dict[str, Any]]
) -> None:
    """The envelope names the host; who installed the app stands in `authorizations`."""
    tom = desk.slack.add_user("tom", team="T0CUSTOMER1")
    shared = desk.slack.add_channel("shared", members=[tom], host="T0CUSTOMER1")
    body = await sent(desk, heard, lambda _desk: tom.post(shared, "Hello"))

    assert body["team_id"] == "T0CUSTOMER1"
    assert body["authorizations"][0]["team_id"] == desk.slack.team_id
    assert body["event"]["user_team"] == "T0CUSTOMER1"
    info = await desk.client.users_info(user=tom.id)
    assert info["user"]["is_stranger"] is True
    place = await desk.client.conversations_info(channel=shared.id)
    assert place["channel"]["is_ext_shared"] is True


async def test_our_own_channel_is_at_home_here(desk: Desk, heard: list[dict[str, Any]]) -> None:
    body = await sent(desk, heard, lambda desk: desk.linh.post(desk.orders, "Hello"))
    assert body["team_id"] == desk.slack.team_id
    assert "user_team" not in body["event"]


async def test_a_deleted_file_stands_in_the_transcript_without_its_name(desk: Desk) -> None:
    """Slack tells nobody what it was called."""
    message = await desk.linh.post(desk.orders, "look", files=["order.txt"])
    assert "(file: order.txt)" in desk.slack.transcript()
    await desk.linh.delete_file(message, "order.txt")

    assert "(a file that nobody sees)" in desk.slack.transcript()
