"""Thanks and okay after an answer: a polite word, and no model."""

import pytest

from tests.support.questions import DELIVERY, DELIVERY_VI, PERSON
from tests.support.workspace import Workspace


async def test_thanks_settles_an_answered_ticket(
    desk: Workspace, subtests: pytest.Subtests
) -> None:
    """In the language of the ticket; nothing is paid for it."""
    for question, said, reply in (
        (DELIVERY, "Thank you so much!", "You're welcome!"),
        (DELIVERY, "ok", "Good. Just write here"),
        (DELIVERY, "👍", "Good. Just write here"),
        (DELIVERY_VI, "cam on shop nhieu nhe", "Không có gì ạ!"),
        (DELIVERY_VI, "ok", "Vâng ạ."),
    ):
        with subtests.test(said):
            asked = await desk.hears(desk.linh, question)
            paid = len(await desk.calls())
            thanks = await desk.linh.reply(asked, said)
            await desk.settled()

            decision, ticket = await desk.decision(thanks), await desk.ticket(asked)
            assert decision is not None
            assert ticket is not None
            assert (decision.outcome, ticket.status) == ("replied", "solved")
            assert "by a rule" in decision.reason
            assert len(await desk.calls()) == paid
            assert desk.replies(asked)[-1].startswith(reply)


@pytest.mark.parametrize(
    "said", ["Thank you, but where is order 4711?", "ok and what does express cost?", "thanks?"]
)
async def test_whatever_says_more_is_read_by_the_model(desk: Workspace, said: str) -> None:
    """A rule has no business where something else stands in the message."""
    asked = await desk.hears(desk.linh, DELIVERY)
    paid = len(await desk.calls())
    await desk.linh.reply(asked, said)
    await desk.settled()

    assert len(await desk.calls()) > paid


async def test_an_okay_to_a_question_is_an_answer(desk: Workspace) -> None:
    """The bot asked back; «ok» means yes, and the model reads it with its thread."""
    desk.claude.faults.add(
        "says", text="Do you mean standard delivery? It takes 3 to 5 working days.", cited=True,
        after=1,
    )  # fmt: skip
    asked = await desk.hears(desk.linh, DELIVERY)
    paid = len(await desk.calls())
    await desk.linh.reply(asked, "ok")
    await desk.settled()

    assert len(await desk.calls()) > paid


@pytest.mark.parametrize("said", ["Thanks", "ok"])
async def test_thanks_for_nothing_yet_settles_nothing(desk: Workspace, said: str) -> None:
    """A person is still to come: the ticket stays open, and the model decides."""
    asked = await desk.hears(desk.linh, PERSON)
    paid = len(await desk.calls())
    await desk.linh.reply(asked, said)
    await desk.settled()

    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert ticket.status == "open"
    assert len(await desk.calls()) > paid
