"""Changes that wait for an agent, as rows: each decided once, whoever presses and how often."""

import asyncio

import pytest

from storage.actions import proposed_changes
from storage.db.database import Database
from storage.tickets import proposals
from storage.tickets.changes import NotAllowed
from storage.tickets.proposals import ProposalRow


def proposal(number: int, key: str, people: int = 1) -> ProposalRow:
    return ProposalRow(
        key=key,
        ticket_id=number,
        tool="cancel",
        what=f"cancel ({key})",
        arguments={"number": key},
        customer="an@example.com",
        before=["status: Being packed"],
        people=people,
    )


async def press(store: Database, number: int, key: str, who: str) -> bool:
    try:
        row = await store.write(proposed_changes.decide, key, number, who, agrees=True)
    except NotAllowed:
        return False
    return row.fate == "approved"


@pytest.mark.long
async def test_a_thousand_proposals_pressed_twice_by_two_agents(
    store: Database, number: int
) -> None:
    """All at once: of the two presses on each, one is the one that counts."""
    keys = [f"p{place}" for place in range(1_000)]
    await store.write(proposals.put_proposals, [proposal(number, key) for key in keys])
    await store.write(proposals.put_proposals, [proposal(number, key) for key in keys])

    counted = 0
    for some in (keys[start : start + 100] for start in range(0, 1_000, 100)):
        presses = [press(store, number, key, who) for who in ("UMAI", "ULAN") for key in some]
        counted += sum(await asyncio.gather(*presses))

    assert counted == 1_000
    assert len(await store.read(proposals.approved_proposals)) == 1_000
    settled = [await store.write(proposed_changes.settle, key, "done", "") for key in ("p0", "p0")]
    assert [row is not None for row in settled] == [True, False]


async def test_two_people_are_two_people(store: Database, number: int) -> None:
    """One who agrees twice is one; nobody agrees to another ticket's proposal."""
    await store.write(proposals.put_proposals, [proposal(number, "p", people=2)])

    assert not await press(store, number, "p", "UMAI")
    assert not await press(store, number, "p", "UMAI")
    assert not await press(store, number + 1, "p", "ULAN")
    assert await press(store, number, "p", "ULAN")
