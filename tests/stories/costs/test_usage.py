"""`/usage`, as an admin and others type it."""

import csv
import io

from emulator.slack import Person
from tests.support import blocks
from tests.support.workspace import Workspace

EASY = "How long does delivery take?"


async def asks(place: Workspace, person: Person, text: str) -> str:
    """What the person sees after the command."""
    outcome = await person.command("/usage", text, place.agents)
    (answer,) = await place.slack.until(lambda: outcome.responses)
    return f"{answer.text}\n{blocks.shown(answer.blocks)}"


async def opened(place: Workspace) -> Workspace:
    """A desk whose admin is Mai, with one question answered."""
    await place.start(f'admins = ["{place.mai.id}"]\n[[budgets]]\nday = 5\n')
    await place.hears(place.linh, EASY)
    return place


async def test_an_admin_sees_what_today_cost_and_what_came_of_it(place: Workspace) -> None:
    """The period's figures, for the admin only."""
    await opened(place)

    said = await asks(place, place.mai, "today")

    assert "1 message and 1 new ticket" in said
    assert "received 1 = ticketed 1" in said
    assert place.slack.ephemerals[-1].only_for == place.mai.id


async def test_who_is_no_admin_sees_nothing(place: Workspace) -> None:
    """A customer who types the command learns who may."""
    await opened(place)
    await place.linh.join(place.agents)

    assert "Only an admin" in await asks(place, place.linh, "today")


async def test_usage_is_listed_by_what_one_asks_for(place: Workspace) -> None:
    """By intent, model, channel, user and ticket."""
    await opened(place)

    assert "track_shipping" in await asks(place, place.mai, "by intent")
    assert "haiku-5-5" in await asks(place, place.mai, "by model today")
    assert f"<#{place.orders.id}>" in await asks(place, place.mai, "by channel week")
    assert f"<@{place.linh.id}>" in await asks(place, place.mai, "by user")
    assert "T-1001" in await asks(place, place.mai, "by ticket month")


async def test_what_is_no_period_gets_a_sentence(place: Workspace) -> None:
    """A typing mistake is explained, with what there is."""
    await opened(place)

    assert "is no period" in await asks(place, place.mai, "by channel 2026-13")
    assert "by intent, model, channel" in await asks(place, place.mai, "by colour")
    assert "/usage today" in await asks(place, place.mai, "help")


async def test_an_export_comes_as_a_file_in_a_direct_message(place: Workspace) -> None:
    """Its dollars add up to the ledger's."""
    await opened(place)

    assert "CSV" in await asks(place, place.mai, "export today")
    (message,) = await place.slack.until(lambda: place.slack.messages(place.slack.dm(place.mai)))

    content = place.slack.workspace.contents[message.files[0]["id"]].decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    calls = await place.calls()
    nano = sum(int(row["dollars"].replace(".", "")) for row in rows)
    assert nano == sum(call.nano_dollars for call in calls)
    assert {row["model"] for row in rows} == {call.model for call in calls}


async def test_an_export_that_slack_does_not_take_is_told(place: Workspace) -> None:
    """Whoever waits for a file hears that none comes."""
    await opened(place)
    place.slack.faults.add("files.getUploadURLExternal", "error", code="not_allowed", times=None)

    assert "Slack did not take the file" in await asks(place, place.mai, "export today")


async def test_budgets_are_shown_and_lifted_by_command(place: Workspace) -> None:
    """A bar for each, and only a budget that is in force can be lifted."""
    await opened(place)

    assert "a day" in await asks(place, place.mai, "budgets")
    assert "Lifted for today: desk" in await asks(place, place.mai, "lift desk")
    assert "lifted for today" in await asks(place, place.mai, "budgets")
    assert "No budget is called" in await asks(place, place.mai, "lift requester U0NOBODY")
