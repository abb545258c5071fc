"""What no article answers: said at the hand-over, counted by matter, and listed for writers."""

from tests.support.questions import DELIVERY, WILL_COME
from tests.support.workspace import Workspace

WRAPPED = (
    "Do you sell gift wrapping for motorbikes in Antarctica?",
    "Is gift wrapping for a motorbike sold in Antarctica by you?",
)
UMBRELLA = "Which umbrellas survive a hailstorm on Jupiter?"
ANSWER = "Gift wrapping for motorbikes is not sold anywhere, we are sorry to say."


async def asked_in_vain(desk: Workspace) -> None:
    for question in (*WRAPPED, UMBRELLA):
        desk.claude.faults.add("says", text="[unknown]\nWhether this is sold.", after=1)
        message = await desk.hears(desk.linh, question)
        assert WILL_COME in desk.replies(message)[0]
    await desk.hears(desk.linh, DELIVERY)


async def test_a_hand_over_says_what_was_missing(desk: Workspace) -> None:
    """In the model's words, or, where there was nothing to read, an article about the matter."""
    desk.claude.faults.add("says", text="[unknown]\nWhether gifts are wrapped.", after=1)
    asked = await desk.hears(desk.linh, WRAPPED[0])
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.gate is not None
    assert decision.gate["unknown"] == "Whether gifts are wrapped."
    assert "Whether gifts are wrapped." in str([card.blocks for card in desk.cards()])

    desk.claude.faults.add("says", text="Umbrellas are sold.", after=1)
    asked = await desk.hears(desk.linh, UMBRELLA)
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.gate is not None
    assert decision.gate["unknown"].startswith("an article that answers: ")


async def test_gaps_are_counted_by_matter_with_the_agents_answer(desk: Workspace) -> None:
    """The most asked first; an answered question is none; the answer is shown when there is one."""
    await asked_in_vain(desk)
    listed = str((await desk.asks(desk.mai, "gaps")).blocks)
    assert "*2×*" in listed
    assert listed.index("*2×*") < listed.index("*1×*")
    assert "nobody has answered it yet" in listed
    assert DELIVERY not in listed

    first = desk.slack.messages(desk.orders)[0]
    await desk.mai.reply(first, ANSWER)
    await desk.settled()
    listed = str((await desk.asks(desk.mai, "gaps 7d")).blocks)
    assert ANSWER in listed


async def test_gaps_are_for_agents_and_periods_are_checked(desk: Workspace) -> None:
    """A customer sees none of it, and a period that is none gets a sentence."""
    await asked_in_vain(desk)
    assert "Only the desk's agents" in (await desk.asks(desk.linh, "gaps")).text
    assert "at most 92d" in (await desk.asks(desk.mai, "gaps forever")).text


async def test_without_gaps_the_list_says_so(desk: Workspace) -> None:
    """Nothing was asked in vain."""
    await desk.hears(desk.linh, DELIVERY)
    assert "every question found an article" in str((await desk.asks(desk.mai, "gaps")).blocks)


async def test_private_questions_are_no_gaps(desk: Workspace) -> None:
    """What was asked in a direct message is not shown to all agents in a list."""
    desk.claude.faults.add("says", text="[unknown]\nNothing known.", after=1)
    await desk.linh.dm(UMBRELLA)
    await desk.settled()
    assert "umbrella" not in str((await desk.asks(desk.mai, "gaps")).blocks).lower()
