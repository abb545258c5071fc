"""When something of ours breaks, whoever acted is told so by a reference, and can try again."""

from sqlalchemy import text

from handlers.views.ids import FieldId
from tests.stories.tickets.conftest import COMPLAINT, Agents
from tests.support.databases import writing_held


def broken(agents: Agents, *, mended: bool = False) -> None:
    """Take a table away under the running desk, or put it back."""
    names = ("acts_gone", "acts") if mended else ("acts", "acts_gone")
    with writing_held(agents.place.database_url) as connection:
        connection.execute(text("ALTER TABLE {} RENAME TO {}".format(*names)))


async def test_a_button_that_breaks_tells_a_reference_and_works_again(agents: Agents) -> None:
    """No detail of ours is shown, nothing is changed, and the next press counts."""
    asked = await agents.asks(COMPLAINT)
    broken(agents)
    outcome = await agents.press(agents.mai, asked, "Take")

    (told,) = outcome.responses
    assert "Something went wrong on our side (reference " in told.text
    assert "acts" not in told.text
    assert (await agents.ticket(asked)).assignee_id is None

    broken(agents, mended=True)
    await agents.press(agents.mai, asked, "Take")
    assert (await agents.ticket(asked)).assignee_id == agents.mai.id


async def test_a_form_that_breaks_keeps_what_was_typed(agents: Agents) -> None:
    """The sentence stands beside the field; sent off once more, the words reach the customer."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Reply")
    (form,) = agents.place.slack.views(agents.mai)
    broken(agents)
    outcome = await agents.mai.submit(form, {FieldId.TEXT: "It is on its way."})

    assert "Something went wrong on our side (reference " in outcome.errors[FieldId.TEXT]
    assert "*mai:* It is on its way." not in agents.place.replies(asked)

    broken(agents, mended=True)
    await agents.mai.submit(form, {FieldId.TEXT: "It is on its way."})
    await agents.place.settled()
    assert "*mai:* It is on its way." in agents.place.replies(asked)


async def test_a_search_that_breaks_finds_nothing(agents: Agents) -> None:
    """Slack shows an empty menu rather than a warning sign."""
    asked = await agents.asks(COMPLAINT)
    await agents.asks("How long does delivery take?")
    await agents.press(agents.mai, asked, "More…")
    (more,) = agents.place.slack.views(agents.mai)
    await agents.mai.click(more, "Merge…")
    form = agents.place.slack.views(agents.mai)[-1]
    with writing_held(agents.place.database_url) as connection:
        connection.execute(text("ALTER TABLE tickets RENAME TO tickets_gone"))

    assert await agents.mai.search(form, FieldId.TARGET, "delivery") == []
