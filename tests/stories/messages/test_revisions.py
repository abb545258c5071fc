"""Edits and deletions, before and after the answer."""

from emulator.slack import Message
from storage.tickets import messages
from storage.tickets.tables import Revision
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


async def revision(desk: Workspace, message: Message) -> Revision | None:
    return await desk.running.store.read(messages.latest_revision, desk.key(message))


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


async def test_an_edit_after_the_answer_is_answered_too(desk: Workspace) -> None:
    """What was answered stays; the message asks something else now and gets an answer to that."""
    asked = await desk.hears(desk.linh, WARRANTY)
    said = desk.replies(asked)
    await desk.linh.edit(asked, DELIVERY)
    await desk.settled()

    first, second = desk.replies(asked)
    assert [first] == said
    assert "working days" in second
    row = await desk.row(asked)
    assert row is not None
    assert row.text == DELIVERY


async def test_an_edit_between_the_last_look_and_the_end_of_the_story_is_heeded(
    desk: Workspace,
) -> None:
    """The answer is on its way when the edit comes in: it is told again once that is done."""
    desk.slack.faults.add("chat.postMessage", "delay_after", seconds=0.5)
    asked = await desk.linh.post(desk.orders, WARRANTY)
    await desk.until(lambda: desk.replies(asked))
    await desk.linh.edit(asked, DELIVERY)
    await desk.settled()

    assert "working days" in desk.replies(asked)[-1]


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


async def test_a_deletion_after_the_answer_closes_the_ticket(desk: Workspace) -> None:
    """The answer stays; nobody is waited for any more."""
    asked = await desk.hears(desk.linh, DELIVERY)
    await desk.linh.delete(asked)
    await desk.settled()

    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "answered"
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert ticket.status == "closed"
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
