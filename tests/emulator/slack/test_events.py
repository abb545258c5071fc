"""People write, a real Bolt app hears and answers."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncSay

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
    await desk.slack.until(lambda: len(desk.slack.deliveries) == 2)

    joined, told = (d.payload["event"] for d in desk.slack.deliveries)
    assert joined["type"] == "member_joined_channel"
    assert (told["subtype"], told["user"]) == ("group_join", desk.slack.bot_user_id)


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
