"""People write, a real Bolt app hears and answers."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_sdk.errors import SlackApiError

from tests.emulator.slack.conftest import Desk

Event = dict[str, Any]


async def test_a_message_reaches_the_app_and_its_answer_stands_in_the_thread(
    desk: Desk, app: AsyncApp
) -> None:
    """The whole way: event, acknowledgement, chat.postMessage, transcript."""

    @app.event("message")
    async def echo(event: Event, say: AsyncSay) -> None:
        await say(f"echo {event['text']}", thread_ts=event["ts"])

    message = await desk.linh.post(desk.orders, "hello")
    await desk.slack.until(lambda: len(desk.slack.thread(message)) == 2)

    assert [m.text for m in desk.slack.thread(message)] == ["hello", "echo hello"]


async def test_typed_text_arrives_escaped_with_links_and_mentions_marked_up(
    desk: Desk, app: AsyncApp
) -> None:
    """`<`, `>` and `&` are escaped; a typed <!channel> is no broadcast."""
    heard: list[Event] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event)

    await desk.linh.post(desk.orders, "a<b & <!channel> @deskhand me@x.io https://x.io/?a=1&b=2.")
    await desk.slack.until(lambda: heard)

    assert heard[0]["text"] == (
        f"a&lt;b &amp; &lt;!channel&gt; <@{desk.slack.bot_user_id}> <mailto:me@x.io|me@x.io>"
        " <https://x.io/?a=1&amp;b=2>."
    )
    assert heard[0]["blocks"][0]["type"] == "rich_text"
    assert heard[0]["client_msg_id"]


async def test_a_mention_arrives_twice_with_one_ts_and_two_event_ids(
    desk: Desk, app: AsyncApp
) -> None:
    """Both `message` and `app_mention`; only the first says what kind of channel it is."""
    heard: list[dict[str, Any]] = []

    async def listen(body: dict[str, Any]) -> None:
        heard.append(body)

    app.event("message")(listen)
    app.event("app_mention")(listen)
    await desk.linh.post(desk.orders, f"<@{desk.slack.bot_user_id}> hi")
    await desk.slack.until(lambda: len(heard) == 2)
    by_type = {body["event"]["type"]: body for body in heard}

    assert by_type["message"]["event"]["ts"] == by_type["app_mention"]["event"]["ts"]
    assert by_type["message"]["event_id"] != by_type["app_mention"]["event_id"]
    assert "channel_type" not in by_type["app_mention"]["event"]


async def test_edits_and_deletions_tell_what_was_there_before(desk: Desk, app: AsyncApp) -> None:
    """message_changed and message_deleted carry previous_message."""
    heard: list[Event] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event)

    message = await desk.linh.post(desk.orders, "one")
    await desk.linh.edit(message, "two")
    await desk.linh.delete(message)
    await desk.slack.until(lambda: len(heard) == 3)
    changed = next(e for e in heard if e.get("subtype") == "message_changed")
    deleted = next(e for e in heard if e.get("subtype") == "message_deleted")

    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (message.ts, "two")


async def test_the_apps_own_posts_come_back_with_user_and_bot_id(desk: Desk, app: AsyncApp) -> None:
    """They have no subtype, so a bot that looks at subtypes would answer itself."""
    del app
    await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")
    await desk.slack.until(lambda: desk.slack.deliveries)
    event = desk.slack.deliveries[0].payload["event"]

    assert (event["user"], event["bot_id"]) == (desk.slack.bot_user_id, desk.slack.bot_id)
    assert "subtype" not in event


async def test_another_bot_is_told_by_its_bot_id(desk: Desk, app: AsyncApp) -> None:
    """A modern bot has a user; a classic one has only subtype and bot_id."""
    heard: list[Event] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event)

    other = desk.slack.add_bot("deploybot")
    await other.post(desk.orders, "deployed")
    await other.post(desk.orders, "deployed again", classic=True)
    await desk.slack.until(lambda: len(heard) == 2)
    modern, classic = sorted(heard, key=lambda event: event["ts"])

    assert (modern["user"], modern["bot_id"]) == (other.id, other.bot_id)
    assert (classic["subtype"], classic.get("user")) == ("bot_message", None)


async def test_a_channel_without_the_app_is_not_heard(desk: Desk, app: AsyncApp) -> None:
    """Events come only from conversations the bot is in; a join is one it hears."""
    del app
    private = desk.slack.add_channel("secret", [desk.linh], private=True, bot=False)
    await desk.linh.post(private, "nobody hears this")
    await desk.linh.invite(private, desk.slack.bot_user_id)
    await desk.slack.until(lambda: desk.slack.deliveries)

    assert [d.event_type for d in desk.slack.deliveries] == ["member_joined_channel"]


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


async def test_a_link_preview_changes_a_message_without_an_edit(desk: Desk, app: AsyncApp) -> None:
    """message_changed with the same text and no `edited`: not a reason to answer again."""
    heard: list[Event] = []

    @app.event("message")
    async def listen(event: Event) -> None:
        heard.append(event)

    message = await desk.linh.post(desk.orders, "https://shop.example/42")
    await desk.slack.unfurl(message)
    await desk.slack.until(lambda: len(heard) == 2)
    changed = heard[1]

    assert changed["message"]["text"] == changed["previous_message"]["text"]
    assert "edited" not in changed["message"]


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
