"""Addresses of messages are made like Slack's, once they were found to be alike."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import Channel, SlackEmulator
from handlers.slack.permalinks import Permalinks, made_link

URL = "https://ghostbusters.slack.com/"


@pytest.mark.parametrize(
    ("thread", "link"),
    [
        # As docs.slack.dev shows them under chat.getPermalink.
        (None, "/archives/C1H9RESGL/p135854651700023"),
        ("1358546517.00023", "/archives/C1H9RESGL/p135854651700023"),
        (
            "1358546515.000008",
            "/archives/C1H9RESGL/p135854651700023?thread_ts=1358546515.000008&cid=C1H9RESGL",
        ),
    ],
)
def test_an_address_has_the_documented_form(thread: str | None, link: str) -> None:
    """The dot of the ts goes; a reply names its thread."""
    made = made_link("https://ghostbusters.slack.com", "C1H9RESGL", "1358546517.00023", thread)
    assert made == f"https://ghostbusters.slack.com{link}"


@pytest.fixture
async def slack() -> AsyncIterator[SlackEmulator]:
    async with SlackEmulator() as emulator:
        yield emulator


async def linked(slack: SlackEmulator, url: str) -> tuple[list[str | None], list[str], int]:
    """The addresses of a message and its reply, twice; Slack's own; how often it was asked."""
    linh = slack.add_user("linh")
    orders: Channel = slack.add_channel("orders", [linh])
    asked = await linh.post(orders, "Where is my order?")
    reply = await linh.reply(asked, "It is 1042.")
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    permalinks = Permalinks(client, url)
    places = [(asked.ts, None), (reply.ts, asked.ts)] * 2
    links = [await permalinks.link(orders.id, *place) for place in places]
    times = len([call for call in slack.calls if call.method == "chat.getPermalink"])
    told = [
        str((await client.chat_getPermalink(channel=orders.id, message_ts=ts))["permalink"])
        for ts, _ in places
    ]
    return links, told, times


async def test_slack_is_asked_for_the_first_address_only(slack: SlackEmulator) -> None:
    """The rest are made, and are the same."""
    links, told, times = await linked(slack, slack.workspace.base_url)
    assert (links, times) == (told, 1)


@pytest.mark.parametrize("url", ["", "https://elsewhere.slack.com/"])
async def test_where_slacks_are_unlike_ours_each_is_asked_for_once(
    slack: SlackEmulator, url: str
) -> None:
    """A workspace whose address is not known, or whose own addresses look different."""
    links, told, times = await linked(slack, url)
    assert (links, times) == (told, 2)


async def test_an_address_that_slack_does_not_tell_is_made_all_the_same(
    slack: SlackEmulator,
) -> None:
    """Where its own are known to be unlike ours, there is none."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    slack.faults.add("chat.getPermalink", "error", code="message_not_found", times=None)
    made = await Permalinks(client, URL).link("C1", "1.000001")
    none = await Permalinks(client).link("C1", "1.000001")
    assert (made, none) == ("https://ghostbusters.slack.com/archives/C1/p1000001", None)
