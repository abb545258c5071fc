"""What the app may do to messages: post, change, read back, react."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.emulator.slack.conftest import Desk


async def test_a_reply_to_a_deleted_message_lands_in_the_channel(desk: Desk) -> None:
    """Slack does not refuse it; only the missing thread_ts in the answer tells."""
    message = await desk.linh.post(desk.orders, "never mind")
    await desk.linh.delete(message)
    answer = await desk.client.chat_postMessage(
        channel=desk.orders.id, text="too late", thread_ts=message.ts
    )

    assert "thread_ts" not in answer["message"]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await desk.client.conversations_replies(channel=desk.orders.id, ts=message.ts)


async def test_a_thread_outlives_its_first_message(desk: Desk) -> None:
    """A deleted first message with replies leaves a tombstone and the thread."""
    message = await desk.linh.post(desk.orders, "one")
    await desk.linh.reply(message, "two")
    await desk.linh.delete(message)
    await desk.client.chat_postMessage(channel=desk.orders.id, text="three", thread_ts=message.ts)
    replies = await desk.client.conversations_replies(channel=desk.orders.id, ts=message.ts)

    assert [m["text"] for m in replies["messages"]] == [
        "This message was deleted.",
        "two",
        "three",
    ]


async def test_an_app_may_change_only_its_own_messages(desk: Desk) -> None:
    """chat.update keeps the blocks it does not name; a stranger's message is refused."""
    theirs = await desk.linh.post(desk.orders, "mine")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "old"}}]
    ours = await desk.client.chat_postMessage(channel=desk.orders.id, text="old", blocks=blocks)
    await desk.client.chat_update(channel=desk.orders.id, ts=ours["ts"], text="new")
    message = desk.slack.messages(desk.orders)[-1]

    assert (message.text, message.blocks[0]["text"]["text"]) == ("new", "old")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await desk.client.chat_update(channel=desk.orders.id, ts=theirs.ts, text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await desk.client.chat_delete(channel=desk.orders.id, ts=theirs.ts)


async def test_metadata_comes_back_only_when_asked_for(desk: Desk) -> None:
    """The key by which a bot recognises what it already posted."""
    metadata = {"event_type": "answer", "event_payload": {"key": "k-1"}}
    posted = await desk.client.chat_postMessage(
        channel=desk.orders.id, text="hi", metadata=metadata
    )
    plain = await desk.client.conversations_replies(channel=desk.orders.id, ts=posted["ts"])
    full = await desk.client.conversations_replies(
        channel=desk.orders.id, ts=posted["ts"], include_all_metadata=True
    )

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_history_is_newest_first_in_pages_without_replies(desk: Desk) -> None:
    """Cursor, limit and oldest as conversations.history has them."""
    messages = [await desk.linh.post(desk.orders, str(n)) for n in range(5)]
    await desk.linh.reply(messages[0], "a reply")
    first = await desk.client.conversations_history(channel=desk.orders.id, limit=3)
    rest = await desk.client.conversations_history(
        channel=desk.orders.id, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    later = await desk.client.conversations_history(
        channel=desk.orders.id, oldest=messages[2].ts, inclusive=True
    )

    assert [m["text"] for m in first["messages"] + rest["messages"]] == ["4", "3", "2", "1", "0"]
    assert [m["text"] for m in later["messages"]] == ["4", "3", "2"]
    assert rest["messages"][-1]["reply_count"] == 1


async def test_reactions_come_and_go_once(desk: Desk) -> None:
    """Adding twice and removing twice have their own errors."""
    message = await desk.linh.post(desk.orders, "hi")
    where = {"channel": desk.orders.id, "timestamp": message.ts, "name": "eyes"}
    await desk.client.reactions_add(**where)

    assert desk.slack.reactions(message) == {"eyes": [desk.slack.bot_user_id]}
    with pytest.raises(SlackApiError, match="already_reacted"):
        await desk.client.reactions_add(**where)
    await desk.client.reactions_remove(**where)
    with pytest.raises(SlackApiError, match="no_reaction"):
        await desk.client.reactions_remove(**where)


async def test_one_person_reacts_only_so_often(desk: Desk) -> None:
    """Twenty-three different reactions, not one more."""
    message = await desk.linh.post(desk.orders, "hi")
    for number in range(23):
        await desk.client.reactions_add(
            channel=desk.orders.id, timestamp=message.ts, name=f"emoji_{number}"
        )
    with pytest.raises(SlackApiError, match="too_many_reactions"):
        await desk.client.reactions_add(channel=desk.orders.id, timestamp=message.ts, name="eyes")


async def test_a_reply_can_also_stand_in_the_channel(desk: Desk) -> None:
    """reply_broadcast: in the thread and in the history; the permalink names the thread."""
    message = await desk.linh.post(desk.orders, "hi")
    posted = await desk.client.chat_postMessage(
        channel=desk.orders.id, thread_ts=message.ts, text="for all", reply_broadcast=True
    )
    history = await desk.client.conversations_history(channel=desk.orders.id)
    link = await desk.client.chat_getPermalink(channel=desk.orders.id, message_ts=posted["ts"])

    assert [m["text"] for m in history["messages"]] == ["for all", "hi"]
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    assert f"thread_ts={message.ts}" in link["permalink"]
