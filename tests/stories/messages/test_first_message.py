"""A customer's first message, from Slack to the ledger."""

from tests.support.workspace import Workspace


async def test_a_question_is_answered_from_the_articles_with_its_source(desk: Workspace) -> None:
    """A simple question gets an answer in its thread, with the article it rests on."""
    asked = await desk.hears(desk.linh, "How long does delivery take?")

    (answer,) = desk.replies(asked)
    assert "working days" in answer
    assert "Delivery times and fees" in desk.slack.transcript(desk.orders)
