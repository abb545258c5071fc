"""When the bot speaks, when it asks, and when it keeps its words to the agents."""

from typing import Any

import pytest

from tests.support import blocks
from tests.support.questions import DELIVERY, NOWHERE, WILL_COME
from tests.support.workspace import Workspace

VAGUE = "How much does it cost?"
WORLD = "What is the capital of France?"


def card(desk: Workspace) -> str:
    """The agents' only card, as it was sent."""
    (shown,) = desk.cards()
    return blocks.shown(shown.blocks)


async def gate(desk: Workspace, asked: Any) -> tuple[str, dict[str, Any]]:
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.gate is not None
    return decision.outcome, decision.gate


async def test_what_is_not_clear_is_asked_once_and_then_left_to_a_person(desk: Workspace) -> None:
    """One question back; an answer to it is answered; a second riddle in a row is a person's."""
    asked = await desk.hears(desk.linh, VAGUE)
    assert (await gate(desk, asked))[0] == "asked"
    (question,) = desk.replies(asked)
    assert question == "Could you tell me which product or order this is about?"
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert (ticket.status, ticket.handed_over_at) == ("pending", None)
    assert desk.cards() == []

    again = await desk.linh.reply(asked, "It is broken, please help")
    await desk.settled()
    outcome, found = await gate(desk, again)
    assert (outcome, found["outcome"]) == ("handed_over", "hand_over")
    assert "still unclear after a question" in found["reason"]
    assert WILL_COME in desk.replies(asked)[-1]

    other = await desk.hears(desk.linh, VAGUE)
    more = await desk.linh.reply(other, "The Gio desk fan")
    await desk.settled()
    assert (await gate(desk, more))[0] == "answered"
    assert "650,000 VND" in desk.replies(other)[-1]


async def test_what_is_none_of_our_business_is_turned_down_politely(desk: Workspace) -> None:
    """A sentence of refusal, no card, and nothing that a person has to do."""
    asked = await desk.hears(desk.linh, WORLD)
    french = await desk.hears(desk.linh, "Thời tiết hôm nay thế nào?")

    assert (await gate(desk, asked))[0] == "declined"
    assert desk.replies(asked) == ["I'm sorry, I can only help with our shop here."]
    assert "chỉ hỗ trợ được" in desk.replies(french)[0]
    assert desk.cards() == []


async def test_a_refusal_with_a_fault_in_it_is_said_in_the_desks_own_words(desk: Workspace) -> None:
    """The model may decide to refuse; what it puts into the refusal is another matter."""
    text = "[out of scope]\nPlease ask at https://evil.test/chat instead."
    desk.claude.faults.add("says", text=text, after=1)
    asked = await desk.hears(desk.linh, WORLD)

    assert (await gate(desk, asked))[0] == "declined"
    (said,) = desk.replies(asked)
    assert "a person, please" in said
    assert "evil" not in desk.slack.transcript(desk.orders)


async def test_a_wrong_figure_is_withheld_and_the_agents_see_why(desk: Workspace) -> None:
    """The draft waits on the card with what to check; `/ticket why` tells it as well."""
    desk.claude.faults.add("misquotes", after=1)
    asked = await desk.hears(desk.linh, DELIVERY)

    outcome, found = await gate(desk, asked)
    assert (outcome, found["outcome"]) == ("drafted", "suggest")
    assert {fault["kind"] for fault in found["faults"]} == {"number"}
    assert WILL_COME in desk.replies(asked)[0]
    assert "Check before sending: the figure" in card(desk)
    assert "[Send draft]" in card(desk)

    why = await desk.asks(desk.mai, "why 1001")
    assert "Gate: *suggest*" in blocks.shown(why.blocks)
    assert "is in none of its sources" in blocks.shown(why.blocks)


@pytest.mark.parametrize(
    ("kind", "options", "fault", "outcome"),
    [
        ("foreign", {}, "language", "drafted"),
        ("leaks", {}, "leak", "handed_over"),
        ("says", {"text": "I have cancelled it for you.", "cited": True}, "promise", "drafted"),
        ("says", {"text": "Sign in at https://evil.test.", "cited": True}, "link", "handed_over"),
    ],
)
async def test_what_is_unsafe_is_not_even_drafted(
    desk: Workspace, kind: str, options: dict[str, Any], fault: str, outcome: str
) -> None:
    """A slip goes to the agents as a draft; a leaked prompt or a strange link goes to nobody."""
    desk.claude.faults.add(kind, after=1, **options)
    asked = await desk.hears(desk.linh, DELIVERY)

    told, found = await gate(desk, asked)
    assert told == outcome
    assert fault in {each["kind"] for each in found["faults"]}
    assert ("Send draft" in card(desk)) == (outcome == "drafted")
    assert WILL_COME in desk.replies(asked)[0]


async def test_a_hand_over_says_what_was_found_and_what_is_not_known(desk: Workspace) -> None:
    """The agent starts from the articles that came near, not from nothing."""
    text = "[unknown]\nWhether delivery is possible to an island."
    desk.claude.faults.add("says", text=text, after=1)
    await desk.hears(desk.linh, DELIVERY)

    shown = card(desk)
    assert "Not known: Whether delivery is possible to an island." in shown
    assert "Found: <https://help.example.com/en/delivery|" in shown
    assert "Send draft" not in shown


async def test_an_answer_to_what_was_hardly_understood_is_only_proposed(desk: Workspace) -> None:
    """Under the confidence of the desk the bot may ask back; what it answers goes to the agents."""
    desk.claude.faults.add("field", confidence=0.3)
    asked = await desk.hears(desk.linh, DELIVERY)

    outcome, found = await gate(desk, asked)
    assert (outcome, found["outcome"]) == ("drafted", "suggest")
    assert "not sure enough" in found["reason"]
    assert "confidence 0.30" in card(desk)


async def test_the_desk_sets_what_the_bot_may_do_by_itself(place: Workspace) -> None:
    """Without `ask` and `decline` people do both, and a dear model thinks as hard as it is told."""
    await place.start(
        '[gate]\nask = false\ndecline = false\n[policy]\ntrack_shipping = "draft"\n'
        '[effort]\ncomplex = "xhigh"\n'
    )
    vague = await place.hears(place.linh, VAGUE)
    world = await place.hears(place.linh, WORLD)
    unknown = await place.hears(place.linh, NOWHERE)
    drafted = await place.hears(place.linh, DELIVERY)
    await place.hears(
        place.linh,
        "Compare the two rice cookers: which one suits a family of five, and what about warranty?",
    )

    outcomes = [(await gate(place, each))[0] for each in (vague, world, unknown, drafted)]
    assert outcomes == ["handed_over", "handed_over", "handed_over", "drafted"]
    body = place.claude.calls[-1].body
    assert body["thinking"] == {"type": "adaptive"}
    assert body["output_config"] == {"effort": "xhigh"}
