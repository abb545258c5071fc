"""Edits and deletions, before and after the answer."""

from sqlalchemy import select
from sqlmodel import col

from emulator.slack import Message
from storage.db.database import Session
from storage.tickets.tables import Revision
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


async def revision(desk: Workspace, message: Message) -> Revision | None:
    query = select(Revision).where(col(Revision.message_key) == desk.key(message))
    return await desk.running.store.read(Session.scalar, query)


async def test_an_edit_before_the_answer_changes_what_is_answered(desk: Workspace) -> None:
    """The question as it stands when the answer is posted is the one that is answered."""
    asked, fault = await desk.held(desk.linh, WARRANTY)
    await desk.linh.edit(asked, DELIVERY)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "working days" in answer
    row = await desk.row(asked)
    assert row is not None
    assert (row.text, row.outcome) == (DELIVERY, "answered")
    assert len(await desk.calls()) == 4


async def test_an_edit_while_the_answer_is_written_is_heeded_too(desk: Workspace) -> None:
    """It is looked at once more right before posting."""
    asked, fault = await desk.held(desk.linh, WARRANTY, after=1)
    await desk.linh.edit(asked, DELIVERY)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "working days" in answer


async def test_an_edit_after_the_answer_is_recorded_and_changes_nothing(desk: Workspace) -> None:
    """What was answered stays; the new text is in the books."""
    asked = await desk.hears(desk.linh, WARRANTY)
    said = desk.replies(asked)
    await desk.linh.edit(asked, DELIVERY)
    await desk.settled()

    assert desk.replies(asked) == said
    assert len(await desk.calls()) == 2
    row = await desk.row(asked)
    assert row is not None
    assert row.text == DELIVERY


async def test_the_last_of_several_edits_counts(desk: Workspace) -> None:
    """Somebody who corrects a message twice gets one answer, to the last wording."""
    asked, fault = await desk.held(desk.linh, "How long is the waranty on a fan?")
    await desk.linh.edit(asked, WARRANTY)
    await desk.linh.edit(asked, DELIVERY)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "working days" in answer


async def test_an_edit_is_heeded_where_only_a_mention_called_the_bot(place: Workspace) -> None:
    """A correction counts outside the listed channels as well."""
    other = place.slack.add_channel("random", members=[place.linh])
    await place.start(f'[[channels]]\nid = "{place.orders.id}"\n')
    bot = f"<@{place.slack.bot_user_id}>"
    fault = place.claude.faults.add("hold")
    asked = await place.linh.post(other, f"{bot} {WARRANTY}")
    await fault.struck.wait()
    await place.linh.edit(asked, f"{bot} {DELIVERY}")
    await place.heard()
    fault.released.set()
    await place.settled()

    (answer,) = place.replies(asked)
    assert "working days" in answer


async def test_a_deletion_before_the_answer_cancels_it(desk: Workspace) -> None:
    """Nothing is said about a message that is gone; its ticket is closed."""
    asked, fault = await desk.held(desk.linh, DELIVERY)
    await desk.linh.delete(asked)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert desk.keys() == []
    ticket = await desk.ticket(asked)
    decision = await desk.decision(asked)
    assert ticket is not None
    assert decision is not None
    assert (ticket.status, decision.outcome) == ("closed", "cancelled")
    assert sum(call.nano_dollars for call in await desk.calls()) > 0


async def test_a_deletion_after_the_answer_changes_nothing(desk: Workspace) -> None:
    """The answer stays, and so does the ticket."""
    asked = await desk.hears(desk.linh, DELIVERY)
    await desk.linh.delete(asked)
    await desk.settled()

    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "answered"
    gone = await revision(desk, asked)
    assert gone is not None
    assert gone.text is None


async def test_a_link_preview_is_no_edit(desk: Workspace) -> None:
    """Slack announces previews as changes; the text did not change."""
    asked = await desk.hears(desk.linh, DELIVERY)
    await desk.slack.unfurl(asked)
    await desk.settled()

    assert await revision(desk, asked) is None
    assert len(desk.replies(asked)) == 1
