"""Many messages at once, and one that an earlier process took in and did not begin."""

from bot.messages.inbound import IncomingMessage
from storage.intake import inbox
from tests.support.databases import writing_held
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace


async def test_what_was_taken_in_but_not_begun_is_answered_at_the_next_start(
    desk: Workspace,
) -> None:
    """The process ended between the acknowledgement and the story: Slack sends nothing again."""
    desk.orders.members.remove(desk.slack.bot_user_id)
    asked = await desk.linh.post(desk.orders, DELIVERY)  # the bot is not told of it
    desk.orders.members.append(desk.slack.bot_user_id)
    taken_in = IncomingMessage(
        team=desk.slack.team_id,
        channel=asked.channel,
        ts=asked.ts,
        user=desk.linh.id,
        text=DELIVERY,
    )
    await desk.running.store.write(
        inbox.put_message, taken_in.key, taken_in.model_dump(mode="json")
    )
    await desk.stop()
    assert desk.replies(asked) == []

    await desk.start()
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "working days" in answer
    row = await desk.row(asked)
    assert row is not None
    assert row.outcome == "answered"


async def test_a_crowd_is_acknowledged_seen_and_answered(desk: Workspace) -> None:
    """Thirty messages wait for the same commit; each gets its 👀 and its one answer."""
    with writing_held(desk.database_url):
        asked = [await desk.linh.post(desk.orders, DELIVERY) for _ in range(30)]
        assert not [each for each in desk.slack.calls if each.method == "reactions.add"]
    await desk.settled()

    assert [len(desk.replies(each)) for each in asked] == [1] * 30
    assert all(each.acked_at for each in desk.slack.acks)
    seen = [each for each in desk.slack.calls if each.method == "reactions.add"]
    assert len(seen) == 30
    assert (await desk.balance()).failed == 0
