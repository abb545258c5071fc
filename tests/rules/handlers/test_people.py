"""Who people are: asked of Slack once, and never waited for."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import SlackEmulator
from handlers.events.content import mentioned_ids
from handlers.slack.people import People, Person

# Far longer than anything takes, so that a slow machine fails no test. Seconds.
PATIENCE = 60


@pytest.fixture
async def slack() -> AsyncIterator[SlackEmulator]:
    async with SlackEmulator() as slack:
        yield slack


def people(slack: SlackEmulator) -> People:
    return People(AsyncWebClient(slack.bot_token, base_url=slack.api_url), patience=PATIENCE)


async def test_people_bots_guests_and_strangers_are_told_apart(slack: SlackEmulator) -> None:
    known = people(slack)
    linh, guest = slack.add_user("linh"), slack.add_user("gil", guest=True)
    tom, bot = slack.add_user("tom", team="T0OTHER"), slack.add_bot("alerts")
    for each, person in (
        (linh, Person(linh.id, "linh", email="linh@example.com", names=("Linh", "linh"))),
        (guest, Person(guest.id, "gil", guest=True, email="gil@example.com", names=("Gil", "gil"))),
        (tom, Person(tom.id, "tom", stranger=True, email="tom@example.com", names=("Tom", "tom"))),
        (bot, Person(bot.id, "alerts", bot=True, names=("Alerts", "alerts"))),
    ):
        assert await known.find(each.id) == person


async def test_a_person_is_asked_for_once(slack: SlackEmulator) -> None:
    known, linh = people(slack), slack.add_user("linh")
    await known.find(linh.id)
    await known.find(linh.id)
    assert [call.method for call in slack.calls] == ["users.info"]


async def test_what_is_known_is_asked_for_again_where_it_may_be_no_older(
    slack: SlackEmulator,
) -> None:
    """Who was deactivated a moment ago is known as gone to whoever wants to know it now."""
    known, linh = people(slack), slack.add_user("linh")
    await known.find(linh.id)
    linh.member.deleted = True
    before, now = await known.find(linh.id, within=60), await known.find(linh.id, within=0)
    assert before is not None
    assert now is not None
    assert (before.gone, now.gone) == (False, True)


async def test_names_of_people_places_and_groups(slack: SlackEmulator) -> None:
    linh = slack.add_user("linh")
    place, group = slack.add_channel("orders", members=[linh]), slack.add_group("support", [linh])
    names = await people(slack).names([linh.id, place.id, group, "U404", "C404", "S404"])
    assert names == {linh.id: "linh", place.id: "orders", group: "support"}


async def test_the_name_of_a_private_channel_is_not_told(slack: SlackEmulator) -> None:
    """Who writes an id into a message would else hear what it is called."""
    place = slack.add_channel("layoffs", private=True)
    assert await people(slack).names([place.id]) == {}


async def test_who_is_not_told_is_unknown_and_asked_again(slack: SlackEmulator) -> None:
    known, linh = people(slack), slack.add_user("linh")
    slack.faults.add("users.info", "error")
    assert await known.find(linh.id) is None
    assert await known.find(linh.id) == Person(
        linh.id, "linh", email="linh@example.com", names=("Linh", "linh")
    )


def test_ids_are_found_wherever_they_stand() -> None:
    run = {"type": "user", "user_id": "U2"}
    message = {
        "text": "<@U1> in <#C1|orders> for <!subteam^S1|@team>, <!here>",
        "blocks": [{"type": "rich_text", "elements": [{"elements": [run, run]}]}],
        "attachments": [{"author_id": "U3", "text": "asks <@U4>"}],
    }
    assert mentioned_ids(message) == ["U1", "C1", "S1", "U2", "U3", "U4"]


async def test_what_is_no_users_id_is_nobody_and_not_asked_for(slack: SlackEmulator) -> None:
    """A form's requester may be an address."""
    assert await people(slack).find("Una@example.com") is None
    assert slack.calls == []
