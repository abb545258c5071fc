"""Tokens, scopes, encodings, limits and faults of the Web API."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import SlackEmulator
from emulator.slack.rates import RateLimited, Rates, Tier
from tests.emulator.slack.conftest import Desk, furnish


async def call(desk: Desk, method: str, **request: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {desk.slack.bot_token}", **request.pop("headers", {})}
    url = f"{desk.slack.api_url}{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, headers=headers, **request) as response,
    ):
        body: dict[str, Any] = await response.json()
        return body


async def test_auth_test_says_who_the_bot_is_and_what_it_may_do(desk: Desk) -> None:
    """bot_id, user_id, team_id, and the scopes in a header."""
    who = await desk.client.auth_test()

    assert (who["user_id"], who["bot_id"]) == (desk.slack.bot_user_id, desk.slack.bot_id)
    assert "chat:write" in who.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(desk: Desk, token: str, error: str) -> None:
    """None, an unknown one, and one of the other kind."""
    given = desk.slack.app_token if token == "app" else token
    client = AsyncWebClient(given, base_url=desk.slack.api_url)

    with pytest.raises(SlackApiError, match=error):
        await client.chat_postMessage(channel=desk.orders.id, text="hi")


async def test_a_missing_scope_is_named() -> None:
    """The error says what is needed and what was granted."""
    async with SlackEmulator(scopes=["channels:history"]) as slack:
        desk = furnish(slack)
        with pytest.raises(SlackApiError) as refused:
            await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")

    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write"
    assert refused.value.response["provided"] == "channels:history"


async def test_without_the_history_scope_no_message_is_heard() -> None:
    """Events need scopes as calls do."""
    async with SlackEmulator(scopes=["app_mentions:read"]) as slack:
        desk = furnish(slack)
        async with aiohttp.ClientSession() as session:
            opened = await desk.client.apps_connections_open(app_token=slack.app_token)
            async with session.ws_connect(opened["url"]) as socket:
                await socket.receive_json()
                await desk.linh.post(desk.orders, f"<@{slack.bot_user_id}> hi")
                frame = await socket.receive_json()

    assert frame["payload"]["event"]["type"] == "app_mention"


async def test_form_json_and_query_mean_the_same(desk: Desk) -> None:
    """Blocks as JSON text in a form, as the Node SDK sends everything."""
    blocks = '[{"type": "divider"}]'
    form = {"channel": desk.orders.id, "text": "form", "blocks": blocks}
    await call(desk, "chat.postMessage", data=form)
    await call(desk, "chat.postMessage", json={"channel": desk.orders.id, "text": "json"})
    await call(desk, "chat.postMessage", params={"channel": desk.orders.id, "text": "query"})

    assert [m.text for m in desk.slack.messages(desk.orders)] == ["form", "json", "query"]
    assert desk.slack.messages(desk.orders)[0].blocks[0]["type"] == "divider"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        ({"json": [1]}, "json_not_object"),
        ({"data": "x", "headers": {"Content-Type": "text/plain"}}, "invalid_post_type"),
    ],
)
async def test_a_body_slack_cannot_read_is_an_error_with_status_200(
    desk: Desk, request_: dict[str, Any], error: str
) -> None:
    """Malformed JSON, an array, another content type."""
    assert (await call(desk, "chat.postMessage", **request_))["error"] == error


async def test_a_method_that_takes_no_json_does_not_see_it(desk: Desk) -> None:
    """conversations.info reads forms and queries only."""
    reply = await call(desk, "conversations.info", json={"channel": desk.orders.id})

    assert reply["error"] == "channel_not_found"
    assert (await call(desk, "conversations.fly"))["error"] == "unknown_method"


async def test_who_is_not_in_a_channel_may_not_write_there(desk: Desk) -> None:
    """A public channel says so; a private one does not exist."""
    public = desk.slack.add_channel("public", bot=False)
    private = desk.slack.add_channel("private", private=True, bot=False)

    with pytest.raises(SlackApiError, match="not_in_channel"):
        await desk.client.chat_postMessage(channel=public.id, text="hi")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await desk.client.chat_postMessage(channel=private.id, text="hi")
    await desk.client.conversations_join(channel=public.id)
    assert (await desk.client.chat_postMessage(channel=public.id, text="hi"))["ok"]


async def test_people_and_channels_can_be_looked_up(desk: Desk) -> None:
    """users.*, conversations.* and usergroups.* as the SDK calls them."""
    group = desk.slack.add_group("agents", [desk.linh])
    user = await desk.client.users_info(user=desk.linh.id, include_locale=True)
    members = await desk.client.conversations_members(channel=desk.orders.id)
    joined = await desk.client.users_conversations(types="public_channel,private_channel")
    opened = await desk.client.conversations_open(users=[desk.linh.id])

    assert (user["user"]["real_name"], user["user"]["locale"]) == ("Linh Nguyễn", "vi-VN")
    assert members["members"] == [desk.linh.id, desk.slack.bot_user_id]
    assert [channel["name"] for channel in joined["channels"]] == ["orders"]
    assert opened["channel"]["id"] == desk.slack.dm(desk.linh).id
    assert (await desk.client.usergroups_users_list(usergroup=group))["users"] == [desk.linh.id]
    with pytest.raises(SlackApiError, match="user_not_found"):
        await desk.client.users_info(user="U404")


async def test_the_keys_that_clients_rely_on_are_there(desk: Desk) -> None:
    """When a list was made, a person's picture and zone, a bot's icons, a channel's workspace."""
    hanoi = desk.slack.add_user("minh", tz="Asia/Ho_Chi_Minh")
    user = (await desk.client.users_info(user=hanoi.id))["user"]
    bot = (await desk.client.bots_info(bot=desk.slack.bot_id))["bot"]
    channel = (await desk.client.conversations_info(channel=desk.orders.id))["channel"]

    assert (await desk.client.users_list())["cache_ts"] > 0
    assert (user["tz_offset"], user["profile"]["image_72"][:8]) == (7 * 3600, "https://")
    assert bot["icons"]["image_72"]
    assert (channel["is_ext_shared"], channel["context_team_id"]) == (False, desk.slack.team_id)


async def test_a_rate_limit_says_when_to_come_again(desk: Desk) -> None:
    """HTTP 429 with Retry-After, for the next call only."""
    desk.slack.faults.add("chat.postMessage", kind="ratelimited", times=1, retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")

    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert (await desk.client.chat_postMessage(channel=desk.orders.id, text="hi"))["ok"]
    assert [c.status for c in desk.slack.calls] == [429, 200]


async def test_the_connection_can_drop_after_the_work_was_done(desk: Desk) -> None:
    """The client sees an error, the channel the message: the ambiguous failure."""
    desk.client.retry_handlers.clear()
    desk.slack.faults.add("chat.postMessage", kind="drop_after")

    with pytest.raises(aiohttp.ClientError):
        await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")
    assert [m.text for m in desk.slack.messages(desk.orders)] == ["hi"]


async def test_the_connection_can_drop_before_the_work(desk: Desk) -> None:
    """The twin: the same error, and nothing was posted."""
    desk.client.retry_handlers.clear()
    desk.slack.faults.add("*", kind="drop_before")

    with pytest.raises(aiohttp.ClientError):
        await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")
    assert desk.slack.messages(desk.orders) == []


async def test_errors_and_outages_on_demand(desk: Desk) -> None:
    """Any error code, or an HTTP status, until the faults are cleared."""
    desk.slack.faults.add("chat.postMessage", kind="error", code="is_archived", times=None)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="is_archived"):
            await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")
    desk.slack.faults.clear()
    desk.slack.faults.add("chat.postMessage", kind="server_error", status=500)
    with pytest.raises(SlackApiError) as outage:
        await desk.client.chat_postMessage(channel=desk.orders.id, text="hi")

    assert outage.value.response.status_code == 500
    assert desk.slack.messages(desk.orders) == []


async def test_rate_limits_can_be_switched_on(desk: Desk) -> None:
    """Twenty streams a minute and no more; off by default."""
    desk.slack.rate_limits = True
    message = await desk.linh.dm("hi")
    stream: dict[str, Any] = {
        "channel": message.channel,
        "thread_ts": message.ts,
        "markdown_text": "x",
    }
    for _ in range(20):
        await desk.client.chat_startStream(**stream)

    with pytest.raises(SlackApiError, match="ratelimited"):
        await desk.client.chat_startStream(**stream)
    desk.slack.rate_limits = False
    assert (await desk.client.chat_startStream(**stream))["ok"]


def test_posts_are_limited_per_channel_with_a_short_burst() -> None:
    """Ten at once, then one as each of them is ten seconds old."""
    now = 0.0
    rates = Rates(lambda: now)
    for _ in range(10):
        rates.check("chat.postMessage", Tier.SPECIAL, {"channel": "C1"})
    with pytest.raises(RateLimited) as limited:
        rates.check("chat.postMessage", Tier.SPECIAL, {"channel": "C1"})
    rates.check("chat.postMessage", Tier.SPECIAL, {"channel": "C2"})
    now = 10.0
    rates.check("chat.postMessage", Tier.SPECIAL, {"channel": "C1"})

    assert limited.value.seconds == 10


async def test_every_call_is_recorded_without_its_token(desk: Desk) -> None:
    """Method, arguments, error and duration, in order."""
    await call(desk, "chat.postMessage", data={"channel": "C404", "token": desk.slack.bot_token})
    recorded = desk.slack.calls[-1]

    assert (recorded.method, recorded.error) == ("chat.postMessage", "channel_not_found")
    assert (recorded.args, recorded.token_kind) == ({"channel": "C404"}, "bot")


async def test_a_fault_that_does_not_exist_is_refused(desk: Desk) -> None:
    """A misspelt kind would otherwise disturb nothing, and the test would pass."""
    kind: Any = "rate_limited"

    with pytest.raises(ValueError, match="no fault 'rate_limited'"):
        desk.slack.faults.add("chat.postMessage", kind)
    with pytest.raises(ValueError, match="no fault 'rate_limited'"):
        desk.slack.faults.events(kind)
