"""`/ticket`, as customers and agents use it."""

import pytest
from sqlalchemy import text

from emulator.slack import Message, Person
from storage.db.database import Session
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON
from tests.support.workspace import Workspace


async def ticket(desk: Workspace, person: Person, asked: str) -> tuple[Message, str]:
    """The answer to `/ticket …`, which only the one who asked sees, and all in it as one text."""
    told = await desk.asks(person, asked)
    assert told.only_for == person.id
    return told, f"{told.text}\n{blocks.shown(told.blocks)}"


@pytest.mark.parametrize("asked", ["1001", "T-1001", "#1001", "t-1001"])
async def test_a_customer_sees_their_ticket_but_not_our_reasons(
    desk: Workspace, asked: str
) -> None:
    """State and history are theirs to see; cost and reasons are for agents."""
    await desk.hears(desk.linh, DELIVERY)

    _, shown = await ticket(desk, desk.linh, asked)

    assert "T-1001" in shown
    assert "pending" in shown
    assert f"*Customer:* {DELIVERY}" in shown
    assert "*Desk:* Here is what our articles say" in shown
    assert "model calls" not in shown
    assert "track_shipping by" not in shown
    assert "simple track_shipping" not in shown


async def test_an_agent_sees_what_it_cost_and_why(desk: Workspace) -> None:
    """The decision, its reason and the exact sum."""
    await desk.hears(desk.linh, DELIVERY)

    _, shown = await ticket(desk, desk.mai, "1001")

    assert "*answered* by claude-haiku-5-5: simple track_shipping" in shown
    assert "2 model calls, $" in shown


async def test_other_peoples_tickets_look_like_unknown_ones(desk: Workspace) -> None:
    """A stranger learns nothing from a number."""
    await desk.hears(desk.linh, DELIVERY)
    tom = desk.slack.add_user("tom")

    theirs, _ = await ticket(desk, tom, "1001")
    unknown, _ = await ticket(desk, tom, "9999")

    assert theirs.text == "There is no ticket T-1001 that you may see."
    assert unknown.text == "There is no ticket T-9999 that you may see."
    assert theirs.blocks == []


async def test_mine_lists_the_newest_first_and_nobody_elses(desk: Workspace) -> None:
    """A customer's own tickets with their states."""
    await desk.hears(desk.linh, DELIVERY)
    await desk.hears(desk.linh, PERSON)
    tom = desk.slack.add_user("tom")

    _, own = await ticket(desk, desk.linh, "mine")
    none, _ = await ticket(desk, tom, "mine")

    assert own.index("T-1002") < own.index("T-1001")
    assert none.text == "You have no tickets."


async def test_help_names_what_can_be_asked(desk: Workspace) -> None:
    """Help when asked for; what is not understood is pointed there."""
    _, shown = await ticket(desk, desk.linh, "help")
    puzzled, _ = await ticket(desk, desk.linh, "make coffee")

    assert "/ticket 1042" in shown
    assert "help" in puzzled.text


async def test_a_failure_of_a_command_has_a_reference_and_no_details(desk: Workspace) -> None:
    """Whoever asked is told a reference, which is in the log."""

    def spoil(session: Session) -> None:
        session.execute(text("ALTER TABLE messages RENAME TO gone"))
        session.execute(
            text(
                "INSERT INTO tickets (id, team_id, channel_id, thread_ts, private, requester_id, "
                "status, priority, title, opened_at, updated_at) VALUES (1001, 'T', 'C1', '1', "
                "false, :user, 'open', 'normal', '', '2026-11-23', '2026-11-23')"
            ),
            {"user": desk.linh.id},
        )

    await desk.running.store.write(spoil)

    outcome, _ = await ticket(desk, desk.linh, "1001")

    assert "reference" in outcome.text
    assert "messages" not in outcome.text
