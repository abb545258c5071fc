"""conversations.history and .replies as they are documented, page by page."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from emulator.slack import Message
from tests.emulator.slack.conftest import Desk


async def pages(desk: Desk, method: str, **args: Any) -> list[list[str]]:
    """The texts of each page, to the end."""
    found, cursor = [], ""
    while True:
        call = getattr(desk.client, f"conversations_{method}")
        page = await call(channel=desk.orders.id, cursor=cursor, **args)
        found.append([each["text"] for each in page["messages"]])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        assert page["has_more"] == bool(cursor)
        if not cursor:
            return found


async def said(desk: Desk, *texts: str) -> list[Message]:
    return [await desk.linh.post(desk.orders, text) for text in texts]


async def test_history_is_newest_first_without_replies_but_those_shown_in_the_channel(
    desk: Desk,
) -> None:
    """A thread's answers are left out; one that was sent to the channel too is there."""
    (root,) = await said(desk, "root")
    await desk.linh.reply(root, "hidden")
    await desk.linh.reply(root, "shown", broadcast=True)

    page = await desk.client.conversations_history(channel=desk.orders.id)
    assert [each["text"] for each in page["messages"]] == ["shown", "root"]
    assert page["messages"][0]["subtype"] == "thread_broadcast"
    assert page["messages"][1]["reply_count"] == 2
    assert page["pin_count"] == 0


async def test_pages_follow_each_other_whatever_is_said_meanwhile(desk: Desk) -> None:
    """A cursor is a place, not a number: a new message shifts nothing."""
    await said(desk, "1", "2", "3", "4", "5")
    first = await desk.client.conversations_history(channel=desk.orders.id, limit=2)
    await said(desk, "6")
    cursor = first["response_metadata"]["next_cursor"]
    second = await desk.client.conversations_history(channel=desk.orders.id, limit=2, cursor=cursor)

    assert [each["text"] for each in second["messages"]] == ["3", "2"]


async def test_every_page_of_a_thread_begins_with_its_first_message(desk: Desk) -> None:
    """Also where only what came after a moment is asked for."""
    (root,) = await said(desk, "root")
    answers = [await desk.linh.reply(root, str(number)) for number in range(1, 5)]

    whole = await pages(desk, "replies", ts=root.ts, limit=3)
    since = await pages(desk, "replies", ts=root.ts, oldest=answers[2].ts)
    assert whole == [["root", "1", "2"], ["root", "3", "4"]]
    assert since == [["root", "4"]]


async def test_bounds_are_left_out_unless_they_are_inclusive(desk: Desk) -> None:
    """`oldest` and `latest`."""
    one, _, three = await said(desk, "1", "2", "3")
    bounds = {"oldest": one.ts, "latest": three.ts}

    assert await pages(desk, "history", **bounds) == [["2"]]
    assert await pages(desk, "history", **bounds, inclusive=True) == [["3", "2", "1"]]


async def test_with_oldest_alone_the_pages_go_up_from_there(desk: Desk) -> None:
    """Each page is newest first by itself; with an end they go down from it."""
    one, *_ = await said(desk, "1", "2", "3", "4", "5")

    upwards = await pages(desk, "history", oldest=one.ts, limit=3)
    down = await pages(desk, "history", oldest=one.ts, latest="9999999999", limit=3)
    assert upwards == [["4", "3", "2"], ["5"]]
    assert down == [["5", "4", "3"], ["2"]]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "2"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"limit": 1001}, "invalid_limit"),
    ],
)
async def test_what_slack_cannot_read_it_refuses(
    desk: Desk, args: dict[str, Any], error: str
) -> None:
    """A made-up cursor, a date in words, a page too long."""
    with pytest.raises(SlackApiError, match=error):
        await desk.client.conversations_history(channel=desk.orders.id, **args)
