"""Changes that wait for an agent, as rows: each decided once, whoever presses and how often."""

import asyncio
from functools import partial

import pytest

from storage.actions.proposed_changes import Edited, Pressed, decide, edit, hand_back, settle
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


async def press(store: Database, number: int, key: str, who: str, *, edition: int = 0) -> bool:
    pressed = Pressed(key, number, edition, who)
    people = 2 if key == "two" else 1
    try:
        row = await store.write(partial(decide, agrees=True, people=people), pressed)
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
    settled = [await store.write(settle, key, "done", "") for key in ("p0", "p0")]
    assert [row is not None for row in settled] == [True, False]


async def test_two_people_are_two_people(store: Database, number: int) -> None:
    """One who agrees twice is one; nobody agrees to another ticket's proposal."""
    await store.write(proposals.put_proposals, [proposal(number, "two", people=2)])

    assert not await press(store, number, "two", "UMAI")
    assert not await press(store, number, "two", "UMAI")
    assert not await press(store, number + 1, "two", "ULAN")
    assert await press(store, number, "two", "ULAN")


async def test_an_edit_takes_back_who_agreed_and_the_older_card(
    store: Database, number: int
) -> None:
    """A press on what the card showed before is no word on what it shows now."""
    await store.write(proposals.put_proposals, [proposal(number, "two", people=2)])
    assert not await press(store, number, "two", "UMAI")
    edited = Edited("cancel (other)", {"number": "other"}, ["status: New"], 5, 2)
    await store.write(edit, Pressed("two", number, 0, "UMAI"), edited)

    assert not await press(store, number, "two", "ULAN")
    with pytest.raises(NotAllowed, match="edited meanwhile"):
        await store.write(edit, Pressed("two", number, 0, "ULAN"), edited)
    assert not await press(store, number, "two", "ULAN", edition=1)
    assert await press(store, number, "two", "UMAI", edition=1)


async def test_what_was_to_happen_by_itself_is_handed_back(store: Database, number: int) -> None:
    """Only as long as nobody had to agree; then people decide as about any other."""
    alone = proposal(number, "alone", people=0)
    alone.fate = "approved"
    await store.write(proposals.put_proposals, [alone, proposal(number, "p")])
    assert await press(store, number, "p", "UMAI")
    for key in ("alone", "p", "none"):
        await store.write(hand_back, key, 1)

    assert [row.key for row in await store.read(proposals.approved_proposals)] == ["p"]
    assert await press(store, number, "alone", "UMAI")
