"""The whole set of talk and questions through the real bot: who gets an answer, and who is left."""

import pytest

from emulator.slack import Person
from tests.support.talk import Said, read_set
from tests.support.workspace import Workspace

ALONE = [each for each in read_set() if not each.thread]


@pytest.fixture
async def linh(desk: Workspace) -> Person:
    """Linh among colleagues who are called by name."""
    for name in ("tom", "ann", "lena", "ben"):
        await desk.slack.add_user(name).join(desk.orders)
    return desk.linh


async def test_talk_between_people_gets_no_sign_no_ticket_and_no_answer(
    desk: Workspace, linh: Person
) -> None:
    """All of it at once; every message is counted with its reason, and what triage cost stays."""
    talk = [await linh.post(desk.orders, each.text) for each in ALONE if each.meant == "people"]
    await desk.settled()

    assert [each.text for each in talk if desk.replies(each) or each.reactions] == []
    assert await desk.tickets() == []
    assert desk.cards() == []
    balance = await desk.balance()
    assert sum(balance.ignored.values()) == balance.received == len(talk)
    assert set(balance.ignored) <= {
        "addressed to somebody else",
        "thanks among people",
        "part of a talk between people",
    }
    assert {call.ticket_id for call in await desk.calls()} == {None}


async def test_every_question_to_the_desk_has_a_ticket_and_a_reply(
    desk: Workspace, linh: Person
) -> None:
    """The twin."""
    asked = [
        (each, await linh.post(desk.orders, each.text)) for each in ALONE if each.meant == "desk"
    ]
    await desk.settled()

    missed: list[Said] = [said for said, message in asked if not desk.replies(message)]
    assert missed == []
    assert len(await desk.tickets()) == len(asked)
