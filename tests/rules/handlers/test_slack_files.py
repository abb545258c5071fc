"""Fetching attached files from Slack, and from nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.attachments.files import CannotFetch
from bot.messages.inbound import File
from emulator.slack import Channel, Person, SlackEmulator
from handlers.slack.files import SlackFiles, read_file, token_may_go

BYTES = b"%PDF-1.7 and so on"


@dataclass
class Shop:
    """A workspace, somebody in it, and the way to fetch what they attach."""

    slack: SlackEmulator
    linh: Person
    orders: Channel
    files: SlackFiles
    client: AsyncWebClient
    session: aiohttp.ClientSession

    async def attached(self, name: str = "a.pdf", content: bytes = BYTES) -> File:
        message = await self.linh.post(self.orders, "", files=[(name, content)])
        return read_file(message.files[0])

    async def refusal(self, file: File, most: int = 1_000_000) -> str:
        with pytest.raises(CannotFetch) as refused:
            await self.files.fetch(file, most)
        return refused.value.problem


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with SlackEmulator() as slack, aiohttp.ClientSession() as session:
        linh = slack.add_user("linh")
        orders = slack.add_channel("orders", members=[linh])
        client = AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, proxy=""
        )
        yield Shop(slack, linh, orders, SlackFiles(client, session, timeout=5), client, session)


async def test_a_file_is_fetched_with_the_bots_token(shop: Shop) -> None:
    """Its bytes, as they were uploaded."""
    assert await shop.files.fetch(await shop.attached(), 1_000) == BYTES


async def test_a_file_without_an_address_is_looked_up(shop: Shop) -> None:
    """Slack leaves it out of files that another workspace shares."""
    file = (await shop.attached()).model_copy(update={"url": "", "size": 0})
    assert await shop.files.fetch(file, 1_000) == BYTES
    assert await shop.refusal(file.model_copy(update={"id": "F0"})) == "refused"


async def test_a_sign_in_page_is_no_file(shop: Shop) -> None:
    """With status 200 for a wrong token, by a redirect for a file that the bot may not see."""
    file = await shop.attached()
    shop.slack.faults.add("url_private", "error")
    assert await shop.refusal(file) == "refused"
    shop.client.token = "xoxb-wrong"
    assert await shop.refusal(file) == "refused"


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_refusal_is_final(shop: Shop, status: int) -> None:
    """It is not asked again."""
    shop.slack.faults.add("url_private", "server_error", status=status)
    assert await shop.refusal(await shop.attached()) == "refused"


async def test_a_passing_failure_is_tried_again(shop: Shop) -> None:
    """Twice; the third failure is the last."""
    file = await shop.attached()
    shop.slack.faults.add("url_private", "server_error", times=1)
    shop.slack.faults.add("url_private", "drop_before", times=1)
    assert await shop.files.fetch(file, 1_000) == BYTES
    shop.slack.faults.add("url_private", "server_error", times=3)
    assert await shop.refusal(file) == "away"


async def test_a_download_that_hangs_is_given_up(shop: Shop) -> None:
    """After its time it is away."""
    hasty = SlackFiles(shop.client, shop.session, timeout=0.05)
    shop.slack.faults.add("url_private", "delay", seconds=0.5)
    with pytest.raises(CannotFetch) as refused:
        await hasty.fetch(await shop.attached(), 1_000)
    assert refused.value.problem == "away"


async def test_a_large_file_is_not_taken_whatever_it_says(shop: Shop) -> None:
    """By its size in the message before anything is asked, by its bytes while they come."""
    file = await shop.attached(content=b"x" * 300_000)
    assert await shop.refusal(file, 200_000) == "large"
    assert await shop.refusal(file.model_copy(update={"size": 1}), 200_000) == "large"


API = urlsplit("https://slack.com/api/")
LOCAL = urlsplit("http://127.0.0.1:9999/api/")


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://acme.slack.com/files/a.png", True),
        ("https://acme.enterprise.slack.com/files/a.png", True),
        ("https://slack.com/x", True),
        ("http://files.slack.com/files-pri/T1-F1/a.png", False),
        ("https://files.slack.com.evil.example/a.png", False),
        ("https://evilslack.com/a.png", False),
        ("https://evil.example/files.slack.com", False),
        ("https://files.slack.com@evil.example/a.png", False),
        ("https://token@files.slack.com/a.png", False),
        ("https://files.slack.com:8443/a.png", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:9999/a.png", False),
        ("file:///etc/passwd", False),
        ("https://docs.google.com/document/1", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slack_only(url: str, *, ours: bool) -> None:
    """An address in a message is somebody's text."""
    assert token_may_go(urlsplit(url), API) is ours


def test_the_host_of_the_configured_api_is_slack_too() -> None:
    """With its very scheme and port, which is what an emulator or a proxy needs."""
    assert token_may_go(urlsplit("http://127.0.0.1:9999/files-pri/T1-F1/a.png"), LOCAL)
    assert not token_may_go(urlsplit("http://127.0.0.1:9998/files-pri/T1-F1/a.png"), LOCAL)
    assert not token_may_go(urlsplit("http://127.0.0.1:9999@evil.example/a.png"), LOCAL)


async def test_an_address_elsewhere_is_never_asked(shop: Shop) -> None:
    """Neither the token nor a request leaves for it."""
    file = (await shop.attached()).model_copy(update={"url": "http://127.0.0.1:1/a.pdf"})
    assert await shop.refusal(file) == "elsewhere"
