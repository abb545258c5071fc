"""Calls that wait for their turn: refused ones take another, overtaken ones never leave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from emulator.slack import Channel, Person, SlackEmulator
from handlers.web_api.call_priority import CallPriority
from handlers.web_api.paced_client import PacedClient
from handlers.web_api.pacer import Pacer
from handlers.web_api.replaceable import WaitingCalls
from handlers.web_api.tiers import PER_MINUTE

# Seconds; far longer than anything takes.
PATIENCE = 30


@dataclass
class Shop:
    """A workspace, a message of its customer, and a client that waits for its turn."""

    slack: SlackEmulator
    linh: Person
    orders: Channel
    pacer: Pacer
    client: PacedClient

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What was asked of Slack, in order."""
        return [call.args for call in self.slack.calls if call.method == method]

    async def close(self, method: str, channel: str = "", seconds: float = 0.05) -> None:
        """Let a method take nothing for a moment."""
        async with self.pacer.turn(method, channel, CallPriority.CUSTOMER) as turn:
            turn.refused(seconds)
            turn.give_back()

    async def ours(self) -> str:
        """A message of the bot."""
        posted = await self.client.chat_postMessage(channel=self.orders.id, text="One moment")
        return str(posted["ts"])


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with SlackEmulator() as slack, aiohttp.ClientSession() as session:
        linh = slack.add_user("linh")
        orders = slack.add_channel("orders", members=[linh])
        pacer = Pacer(pace=1)
        client = PacedClient(
            pacer,
            WaitingCalls(),
            pause=0.01,
            token=slack.bot_token,
            base_url=slack.api_url,
            session=session,
            proxy="",
            retry_handlers=[],
        )
        yield Shop(slack, linh, orders, pacer, client)


async def _both(
    first: Awaitable[AsyncSlackResponse], second: Awaitable[AsyncSlackResponse]
) -> tuple[AsyncSlackResponse, AsyncSlackResponse]:
    """Two calls, the first of which waits when the second comes."""
    early = asyncio.ensure_future(first)
    await asyncio.sleep(0)
    return await asyncio.gather(early, second)


async def test_a_call_refused_for_its_rate_is_made_again_when_slack_says(shop: Shop) -> None:
    """Its caller hears of nothing."""
    shop.slack.faults.add("users.info", "ratelimited", times=2, retry_after=0.02)
    told = await shop.client.users_info(user=shop.linh.id)
    assert told["user"]["id"] == shop.linh.id
    assert len(shop.calls("users.info")) == 3


async def test_the_other_calls_wait_with_it(shop: Shop) -> None:
    """One refusal is enough for all who ask the same."""
    shop.slack.faults.add("users.info", "ratelimited", retry_after=0.05)
    await asyncio.gather(*(shop.client.users_info(user=shop.linh.id) for _ in range(5)))
    assert len(shop.calls("users.info")) <= 10
    assert shop.pacer.wait("users.list", "", CallPriority.CUSTOMER) == 0


async def test_a_refusal_without_end_reaches_the_caller(shop: Shop) -> None:
    """Somebody has to decide what becomes of it."""
    shop.slack.faults.add("users.info", "ratelimited", times=None, retry_after=0.001)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await shop.client.users_info(user=shop.linh.id)


async def test_a_form_is_not_shown_late(shop: Shop) -> None:
    """Its trigger expires: whoever pressed hears at once."""
    shop.slack.faults.add("views.open", "ratelimited", retry_after=30)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await shop.client.views_open(trigger_id="1.2.3", view={"type": "modal"})


async def test_a_rate_limit_that_looks_like_an_answer_is_one(shop: Shop) -> None:
    """`ok: false` with `ratelimited`, and no header."""
    shop.slack.faults.add("users.info", "error", code="ratelimited")
    await shop.client.users_info(user=shop.linh.id)
    assert len(shop.calls("users.info")) == 2


async def test_any_other_refusal_is_the_callers(shop: Shop) -> None:
    """It would be refused again."""
    with pytest.raises(SlackApiError, match="user_not_found"):
        await shop.client.users_info(user="U0NOBODY")
    assert len(shop.calls("users.info")) == 1


async def test_a_newer_update_overtakes_the_one_that_waits(shop: Shop) -> None:
    """One call, the newest words, and the key that only the older one said."""
    ts = await shop.ours()
    await shop.close("chat.update")
    at: dict[str, Any] = {"channel": shop.orders.id, "ts": ts}
    key = {"event_type": "deskhand_post", "event_payload": {"key": "a"}}
    early, late = await _both(
        shop.client.chat_update(**at, text="old", metadata=key),
        shop.client.chat_update(**at, text="new"),
    )
    assert (early["ts"], late["ts"]) == (ts, ts)
    (sent,) = shop.calls("chat.update")
    assert sent["text"] == "new"
    assert sent["metadata"] == key


async def test_updates_of_two_messages_are_two(shop: Shop) -> None:
    """The twin: they have nothing to do with each other."""
    one, two = await shop.ours(), await shop.ours()
    await shop.close("chat.update")
    await _both(
        shop.client.chat_update(channel=shop.orders.id, ts=one, text="1"),
        shop.client.chat_update(channel=shop.orders.id, ts=two, text="2"),
    )
    assert [each["text"] for each in shop.calls("chat.update")] == ["1", "2"]


async def test_a_sign_taken_off_before_it_was_put_on_is_nothing(shop: Shop) -> None:
    """Neither call is made, and both are done."""
    asked = await shop.linh.post(shop.orders, "Where is it?")
    await shop.close("reactions.add")
    at: dict[str, Any] = {"channel": shop.orders.id, "timestamp": asked.ts, "name": "eyes"}
    on, off = await _both(shop.client.reactions_add(**at), shop.client.reactions_remove(**at))
    assert on["ok"]
    assert off["ok"]
    assert shop.calls("reactions.add") == shop.calls("reactions.remove") == []


async def test_a_sign_that_stands_is_taken_off(shop: Shop) -> None:
    """The twin: what was sent has to be undone."""
    asked = await shop.linh.post(shop.orders, "Where is it?")
    at: dict[str, Any] = {"channel": shop.orders.id, "timestamp": asked.ts, "name": "eyes"}
    await shop.client.reactions_add(**at)
    await shop.client.reactions_remove(**at)
    assert asked.reactions == {}
    assert len(shop.calls("reactions.remove")) == 1


async def test_whoever_joined_goes_on_when_the_first_gives_up(shop: Shop) -> None:
    """A caller that is cancelled takes nobody with it."""
    ts = await shop.ours()
    await shop.close("chat.update")
    at: dict[str, Any] = {"channel": shop.orders.id, "ts": ts}
    first = asyncio.ensure_future(shop.client.chat_update(**at, text="old"))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(shop.client.chat_update(**at, text="new"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second)["text"] == "new"
    assert first.cancelled()


async def test_a_failure_is_told_to_all_who_joined(shop: Shop) -> None:
    """Each hears the same refusal."""
    await shop.close("chat.update")
    at: dict[str, Any] = {"channel": shop.orders.id, "ts": "1.000000"}
    early = asyncio.ensure_future(shop.client.chat_update(**at, text="old"))
    await asyncio.sleep(0)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await shop.client.chat_update(**at, text="new")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await early


async def _meanwhile(
    shop: Shop, first: Awaitable[AsyncSlackResponse], second: Awaitable[AsyncSlackResponse]
) -> None:
    """Two calls: the second comes while the first is on its way to a refusal for its rate."""
    before = len(shop.slack.web.faults.calls)
    early = asyncio.ensure_future(first)
    async with asyncio.timeout(PATIENCE):
        while len(shop.slack.web.faults.calls) == before:  # noqa: ASYNC110
            await asyncio.sleep(0)  # the fault strikes when the call has arrived
    await asyncio.gather(early, second)


async def test_an_update_refused_on_its_way_does_not_come_after_a_newer_one(shop: Shop) -> None:
    """What stands at the end is the newest, with the key that only the older one said."""
    ts = await shop.ours()
    at: dict[str, Any] = {"channel": shop.orders.id, "ts": ts}
    key = {"event_type": "deskhand_post", "event_payload": {"key": "a"}}
    shop.slack.faults.add("chat.update", "ratelimited", retry_after=0, seconds=0.05)
    await _meanwhile(
        shop,
        shop.client.chat_update(**at, text="old", metadata=key),
        shop.client.chat_update(**at, text="new"),
    )
    refused, sent = shop.calls("chat.update")
    assert (refused["text"], sent["text"]) == ("old", "new")
    assert sent["metadata"] == key


async def test_a_sign_refused_on_its_way_and_taken_off_meanwhile_is_nothing(shop: Shop) -> None:
    """It is not put on after it was taken off."""
    asked = await shop.linh.post(shop.orders, "Where is it?")
    at: dict[str, Any] = {"channel": shop.orders.id, "timestamp": asked.ts, "name": "eyes"}
    shop.slack.faults.add("reactions.add", "ratelimited", retry_after=0, seconds=0.05)
    await _meanwhile(shop, shop.client.reactions_add(**at), shop.client.reactions_remove(**at))
    assert asked.reactions == {}
    assert len(shop.calls("reactions.add")) == 1
    assert shop.calls("reactions.remove") == []


async def test_a_refused_sign_that_nobody_took_off_is_put_on(shop: Shop) -> None:
    """The twin: it takes another turn."""
    asked = await shop.linh.post(shop.orders, "Where is it?")
    shop.slack.faults.add("reactions.add", "ratelimited", retry_after=0, seconds=0.05)
    await shop.client.reactions_add(channel=shop.orders.id, timestamp=asked.ts, name="eyes")
    assert list(asked.reactions) == ["eyes"]


async def test_a_refused_update_goes_on_when_the_newer_gives_up(shop: Shop) -> None:
    """Whoever had the newer word was cancelled before it left."""
    ts = await shop.ours()
    at: dict[str, Any] = {"channel": shop.orders.id, "ts": ts}
    shop.slack.faults.add("chat.update", "ratelimited", retry_after=0.2, seconds=0.05)

    async def gives_up() -> AsyncSlackResponse:
        call = asyncio.ensure_future(shop.client.chat_update(**at, text="new"))
        await asyncio.sleep(0.1)
        call.cancel()
        return await shop.client.auth_test()

    await _meanwhile(shop, shop.client.chat_update(**at, text="old"), gives_up())
    assert len(shop.calls("chat.update")) == 2


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2026 07:28:00 GMT", "", "soon", "inf", "nan", "-3"])
async def test_a_pause_that_is_no_number_of_seconds_is_one_that_nobody_said(
    shop: Shop, said: str
) -> None:
    """HTTP allows a date; what stands between us and Slack may send anything."""
    shop.slack.faults.add("users.info", "ratelimited", retry_after=said)
    async with asyncio.timeout(PATIENCE):
        await shop.client.users_info(user=shop.linh.id)
    assert len(shop.calls("users.info")) == 2


def test_the_table_of_tiers_says_what_the_emulator_enforces() -> None:
    """Each was written from Slack's pages by itself; where they differ one of them is wrong."""
    from emulator.slack.methods import TABLE  # noqa: PLC0415

    theirs = {name: TABLE[name].tier.value for name in PER_MINUTE if name in TABLE}
    assert theirs == {name: PER_MINUTE[name] for name in theirs}
    assert len(theirs) > 30
