"""What is erased stays so, what is not theirs stays, and the desk goes on."""

import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from emulator.slack import Person
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.erasure.erased_tickets import erase_tickets
from storage.erasure.spoken import erase_messages
from storage.intake.notes import notes_of_ticket
from storage.tickets.audit import BY_TIMER, ticket_changes
from tests.stories.messages.test_gaps import gone, read_back
from tests.stories.reports.test_erasure import (
    SECRET,
    at_the_terminal,
    erase,
    everything,
    handed_over_and_solved,
    later,
)
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


def somebody(place: Workspace, name: str) -> Person:
    person = place.slack.add_user(name)
    place.orders.members.append(person.id)
    return person


async def test_what_others_said_and_did_stays(place: Workspace) -> None:
    """In another's ticket only the erased person's words and name go, and what answered them."""
    await place.start()
    tom = somebody(place, "tom")
    asked = await place.hears(tom, DELIVERY)
    said = await place.linh.reply(asked, f"I am Mrs {SECRET}. {WARRANTY}")
    await place.settled()
    before = place.replies(asked)
    assert await erase(place, place.linh.id, "--apply") == 0

    left = await everything(place)
    assert SECRET not in left
    assert place.linh.id not in left
    assert tom.id in left
    theirs = await place.row(asked)
    assert theirs is not None
    assert (theirs.text, theirs.author_id) == (DELIVERY, tom.id)
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert (ticket.requester_id, ticket.title != "") == (tom.id, True)
    assert (await place.row(said)).text == ""  # type: ignore[union-attr]
    assert place.replies(asked) == before


async def test_a_second_customer_of_an_erased_ticket_is_named_nowhere(place: Workspace) -> None:
    """Their words went with the ticket; the audit does not keep what they did either."""
    await place.start("[retention]\ntickets_days = 30\n")
    tom = somebody(place, "tom")
    asked = await place.hears(place.linh, f"{PERSON} I am Mrs {SECRET}.")
    said = await tom.reply(asked, f"I know Mrs {SECRET}")
    await place.settled()
    await tom.edit(said, f"I know Mrs {SECRET} well")
    await place.settled()
    await place.asks(place.mai, "solve 1001")
    await place.settled()
    assert tom.id in {each.who for each in await place.running.store.read(ticket_changes, 1001)}
    await place.strikes("forget", later(31))

    left = await everything(place)
    assert [each for each in (SECRET, tom.id, place.linh.id) if each in left] == []


async def test_what_slack_still_has_is_not_read_back(place: Workspace) -> None:
    """Neither edits nor inner notes come back with the history after a time away."""
    await place.start()
    await place.running.gaps.wait_idle()
    await handed_over_and_solved(place)
    assert await erase(place, place.linh.id, "--apply") == 0
    await gone(place)
    await place.start()
    await read_back(place)
    assert SECRET not in await everything(place)
    assert await place.running.store.read(notes_of_ticket, 1001) == []


async def test_what_agents_say_after_an_erasure_goes_in_its_time(place: Workspace) -> None:
    """Nobody asks in that ticket any more; its words are words all the same."""
    await place.start("[retention]\ntickets_days = 30\n")
    asked = await handed_over_and_solved(place)
    await place.strikes("forget", later(31))
    await place.mai.reply(asked, f"Did Mrs {SECRET} get it?")
    await place.settled()
    await place.asks(place.mai, "solve 1001")
    await place.settled()
    assert SECRET in await everything(place)
    await place.strikes("forget", later(62))

    assert SECRET not in await everything(place)


async def test_what_is_under_way_is_not_over(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A story that runs would write down what was erased."""
    await place.start()
    asked = await handed_over_and_solved(place)
    fault = place.claude.faults.add("hold")
    await place.linh.reply(asked, f"Another thing of Mrs {SECRET}: {WARRANTY}")
    await asyncio.wait_for(fault.struck.wait(), 30)
    assert await erase(place, place.linh.id, "--apply") == 0
    assert "left as they are, 1 ticket: T-1001" in " ".join(capsys.readouterr().out.split())
    fault.released.set()
    await place.settled()
    await place.asks(place.mai, "solve 1001")
    await place.settled()
    assert await erase(place, place.linh.id, "--apply") == 0

    assert SECRET not in await everything(place)


AFTERWARDS = ("1001", "find status:solved", "why 1001", "reopen 1001", "merge 1001 1002")


async def asked_by_mai(place: Workspace, verb: str) -> str:
    """What an agent reads who types `/ticket …`."""
    shown = await place.asks(place.mai, verb)
    await place.settled()
    return "\n".join([shown.text, *blocks.texts(shown.blocks or [])])


async def test_everything_goes_on_after_an_erasure(place: Workspace) -> None:
    """Search, the ticket, its history, merging, the Home, the digest and new questions."""
    await place.start()
    asked = await handed_over_and_solved(place)
    second = await place.hears(place.linh, f"{PERSON} A second matter.")
    await place.asks(place.mai, "solve 1002")
    await place.settled()
    assert await erase(place, place.linh.id, "--apply") == 0
    await place.running.cards.wait_idle()
    await place.at(utc_now())

    said = {verb: await asked_by_mai(place, verb) for verb in AFTERWARDS}
    await place.mai.open_home()
    await place.linh.reply(asked, WARRANTY)
    await place.settled()
    again = await place.hears(place.linh, DELIVERY)

    assert "an erased customer" in said["find status:solved"]
    assert "From an erased customer" in said["1001"]
    assert "customer asked for a person" in said["why 1001"]
    assert said["reopen 1001"].startswith("T-1001 is open again")
    assert said["merge 1001 1002"].startswith("T-1001 is merged into T-1002")
    assert "<@erased>" not in str(said)
    assert len(place.replies(again)) == 1
    assert (await place.ticket(second)).requester_id == place.linh.id  # type: ignore[union-attr]
    for command in (
        ["digest"],
        ["kb", "gaps"],
        ["recost", "--from", "2026-01-01"],
        ["corrections"],
    ):
        assert await at_the_terminal(place, *command) == 0, command


async def test_nobody_is_asked_how_it_went_any_more(place: Workspace) -> None:
    """Only the one who asked could say, and the desk no longer knows who that was."""
    await place.start()
    asked = await handed_over_and_solved(place)
    assert await erase(place, place.linh.id, "--apply") == 0
    before = place.replies(asked)
    await place.at(utc_now())

    assert place.replies(asked) == before


def rows(session: Session) -> str:
    return "\n".join(
        repr((table.name, tuple(row)))
        for table in SQLModel.metadata.sorted_tables
        for row in session.execute(select(table))
    )


async def test_nothing_named_is_nothing_erased(place: Workspace) -> None:
    """An empty list is nobody: of a condition on nothing a database makes «everything»."""
    await place.start()
    await handed_over_and_solved(place)
    before = await place.running.store.read(rows)
    await place.running.store.write(erase_messages, [])
    await place.running.store.write(erase_tickets, [], BY_TIMER, utc_now())

    assert await place.running.store.read(rows) == before
