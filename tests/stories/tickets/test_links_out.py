"""Links on the card by which agents go on with a ticket elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.config.settings import SettingsError
from tests.support import blocks
from tests.support.workspace import Workspace

LINKS = """
[links]
GitHub = "https://github.com/acme/shop/issues/new?title={title}&body={thread}"
"In Zendesk" = "https://acme.zendesk.com/agent/search/1?q={number}"
"""
ODD = "I want a person! Đơn hàng &labels=spam#x {number} <https://evil.example|here>"


async def test_an_agent_goes_on_elsewhere(place: Workspace) -> None:
    """With the ticket's title as one value, whatever the customer wrote, and its thread."""
    await place.start(LINKS)
    await place.hears(place.linh, ODD)
    (card,) = place.cards()
    shown = blocks.shown(card.blocks)
    address = next(each for each in shown.split("<") if each.startswith("https://github.com"))
    query = parse_qs(urlsplit(address.partition("|")[0]).query, keep_blank_values=True)
    (ticket,) = await place.tickets()

    assert set(query) == {"title", "body"}
    assert "/archives/" in query["body"][0]
    assert query["title"][0].startswith("I want a person! Đơn hàng &labels=spam#x {number} <")
    assert f"q=T-{ticket.id}|In Zendesk>" in shown


async def test_without_the_setting_there_are_none(place: Workspace) -> None:
    """The card is as it was."""
    await place.start()
    await place.hears(place.linh, ODD)

    assert "↗️" not in blocks.shown(place.cards()[0].blocks)


@pytest.mark.parametrize(
    "link",
    [
        "http://a.example",
        "javascript:alert(1)",
        "https://a.example/{words}",
        "https://a.example/|x",
    ],
)
def test_what_leads_nowhere_is_wrong(place: Workspace, link: str) -> None:
    """By its key."""
    with pytest.raises(SettingsError, match=r"links\.Jira"):
        place.desk(f'[links]\nJira = "{link}"\n')
