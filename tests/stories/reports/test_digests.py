"""Digests in the workspace, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.reports.periods import Period, period_named
from emulator.slack import Channel
from handlers.connection.client import connection
from handlers.slack.digests import SlackDigestChannel
from handlers.slack.permalinks import Permalinks
from storage.db.database import Session
from storage.reports import published_digests
from tests.support.workspace import Workspace

ASKED = "How long does delivery take?"


def daily(place: Workspace, more: str = "") -> str:
    return f'[[digests]]\nchannel = "{place.agents.id}"\nperiod = "day"\ncron = "0 8 * * *"\n{more}'


def digests(place: Workspace) -> list[str]:
    """The texts of the digests in the agents' channel."""
    return [each.text for each in place.slack.messages(place.agents) if "Digest" in each.text]


def today(place: Workspace) -> Period:
    return period_named("today", datetime.now(UTC), place.running.desk.zone)


def tomorrow(hour: int) -> datetime:
    now = datetime.now(UTC) + timedelta(days=1)
    return now.replace(hour=hour, minute=0, second=0, microsecond=0)


async def test_the_days_digest_is_posted_with_its_picture_and_adds_up(place: Workspace) -> None:
    """At eight the next morning: figures, picture with words for it, and a total that is exact."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)

    await place.running.digest_publisher.catch_up(tomorrow(8))

    (text,) = digests(place)
    assert "1 message and 1 new ticket" in text
    shown = place.slack.transcript(place.agents)
    assert "received 1 = ticketed 1 + ignored 0 + failed 0, lost 0" in shown
    assert "(image: Spend by day, stacked by model (haiku-5-5 $" in shown
    (file,) = place.slack.workspace.contents.values()
    assert file.startswith(b"\x89PNG")
    digest = await place.running.digest_publisher.digest(today(place), tomorrow(8))
    assert digest.nano_dollars == sum(call.nano_dollars for call in await place.calls())


async def test_before_it_is_due_there_is_no_digest(place: Workspace) -> None:
    """The day has ended, but eight o'clock has not come."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)

    await place.running.digest_publisher.catch_up(tomorrow(7))

    assert digests(place) == []


async def test_a_day_without_anything_has_no_digest(place: Workspace) -> None:
    """Nothing happened: nothing is posted, and it is not tried again."""
    await place.start(daily(place))

    await place.running.digest_publisher.catch_up(tomorrow(8))

    assert digests(place) == []
    assert (
        await place.running.store.read(published_digests.newest_publication, "digest:") is not None
    )


async def test_a_quiet_day_may_have_a_line_instead(place: Workspace) -> None:
    """With quiet = "short" the channel hears that nothing happened."""
    await place.start(daily(place, 'quiet = "short"'))

    await place.running.digest_publisher.catch_up(tomorrow(8))

    # Started just after eight, the desk tells of yesterday as well.
    (text,) = [each for each in digests(place) if today(place).label in each]
    assert "Nothing happened" in text


async def test_a_clock_that_jumps_makes_no_second_digest(place: Workspace) -> None:
    """Forward, back, and to the same hour again: the day has one digest."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)

    for moment in (tomorrow(8), tomorrow(23), tomorrow(8), tomorrow(0), tomorrow(9)):
        await place.running.digest_publisher.catch_up(moment)

    assert len(digests(place)) == 1


async def test_an_hour_that_comes_twice_makes_no_second_digest(place: Workspace) -> None:
    """In New York half past one comes twice on 7 November 2027: each day still has one digest."""
    await place.start(
        'timezone = "America/New_York"\n'
        + daily(place, 'quiet = "short"').replace("0 8 * * *", "30 1 * * *")
    )

    for moment in ("2027-11-07T05:30", "2027-11-07T06:30", "2027-11-08T06:30"):
        await place.running.digest_publisher.catch_up(
            datetime.fromisoformat(moment).replace(tzinfo=UTC)
        )

    shown = [text.split(":")[0] for text in digests(place) if "2027" in text]
    assert shown == ["Digest · Saturday, 6 November 2027", "Digest · Sunday, 7 November 2027"]


async def test_a_channel_that_takes_no_digest_keeps_no_other_waiting(place: Workspace) -> None:
    """The bot was thrown out of one channel; the digest of the next one is posted all the same."""
    board = place.slack.add_channel("board", members=[place.mai], bot=False)
    plan = daily(place, 'quiet = "short"')
    await place.start(plan.replace(place.agents.id, board.id) + "\n" + plan)

    await place.running.digest_publisher.catch_up(tomorrow(8))
    assert (len(digests(place)), place.slack.messages(board)) == (1, [])

    board.members.append(place.slack.bot_user_id)
    await place.running.digest_publisher.catch_up(tomorrow(8) + timedelta(minutes=10))
    assert (len(digests(place)), len(place.slack.messages(board))) == (1, 1)


async def test_what_was_missed_while_down_is_posted_and_marked_late(place: Workspace) -> None:
    """The desk comes back two hours after eight."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)

    await place.running.digest_publisher.catch_up(tomorrow(10))

    assert len(digests(place)) == 1
    assert "late: the desk was down when it was due" in place.slack.transcript(place.agents)


async def test_a_digest_cut_short_after_its_post_is_not_posted_again(place: Workspace) -> None:
    """The process died between the post and the books: Slack is asked, and the post is found."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)
    await place.running.digest_publisher.catch_up(tomorrow(8))

    def unwritten(session: Session) -> None:
        key = published_digests.newest_publication(session, "digest:")
        publication = published_digests.find_publication(session, key or "")
        assert publication is not None
        publication.done_at = publication.ts = None

    await place.running.store.write(unwritten)

    await place.running.digest_publisher.catch_up(tomorrow(8))

    assert len(digests(place)) == 1


async def test_of_two_processes_one_posts(place: Workspace) -> None:
    """Another has taken the digest in hand a moment ago; when it stays away too long, we do it."""
    await place.start(daily(place))
    await place.hears(place.linh, ASKED)
    key = f"digest:{place.agents.id}:{today(place).key}"
    now = datetime.now(UTC)
    await place.running.store.write(
        published_digests.claim_digest, key, "another", stale_before=now
    )

    await place.running.digest_publisher.catch_up(tomorrow(8))
    assert digests(place) == []

    def age(session: Session) -> None:
        publication = published_digests.find_publication(session, key)
        assert publication is not None
        publication.held_at = now - timedelta(hours=1)

    await place.running.store.write(age)
    await place.running.digest_publisher.catch_up(tomorrow(8))
    assert len(digests(place)) == 1


async def test_a_picture_that_slack_does_not_take_leaves_the_figures(place: Workspace) -> None:
    """The digest comes without its picture rather than not at all."""
    await place.start()
    await place.hears(place.linh, ASKED)
    place.slack.faults.add("chat.postMessage", "error", code="invalid_blocks", times=2)

    await published_at_once(place)

    (text,) = digests(place)
    assert "1 message" in text
    assert "(image:" not in place.slack.transcript(place.agents)


async def test_a_picture_that_slack_takes_at_the_second_attempt_is_shown(place: Workspace) -> None:
    """An uploaded file may take a moment until it can be shown."""
    await place.start()
    await place.hears(place.linh, ASKED)
    place.slack.faults.add("chat.postMessage", "error", code="invalid_blocks", times=1)

    await published_at_once(place)

    assert len(digests(place)) == 1
    assert "(image:" in place.slack.transcript(place.agents)


@pytest.mark.parametrize("gone", ["is_archived", "not_in_channel", "channel_not_found"])
async def test_a_digest_without_a_place_is_told_once_and_draws_nothing(
    place: Workspace, gone: str
) -> None:
    """Looked at three times; when the channel is back the digest is posted, and it is over."""
    other = place.slack.add_channel("figures", members=[place.linh])
    plan = f'[[digests]]\nchannel = "{other.id}"\nperiod = "day"\ncron = "0 8 * * *"\n'
    await place.start(plan)
    await place.hears(place.linh, ASKED)
    vanish(place, other, gone)
    for hour in (8, 9, 10):
        await place.running.digest_publisher.catch_up(tomorrow(hour))
    await place.settled()

    told = [each.text for each in place.slack.messages(place.agents) if other.id in each.text]
    assert len(told) == 1
    assert "A digest has no place to be posted" in told[0]
    assert not any(call.method == "files.getUploadURLExternal" for call in place.slack.calls)
    place.slack.unarchive(other)
    place.slack.workspace.channels[other.id] = other
    other.members.append(place.slack.bot_user_id)
    await place.running.digest_publisher.catch_up(tomorrow(11))
    await place.settled()

    assert any("Digest" in each.text for each in place.slack.messages(other))
    told = [each.text for each in place.slack.messages(place.agents) if other.id in each.text]
    assert "It is over" in told[-1]


def vanish(place: Workspace, channel: Channel, how: str) -> None:
    """Let a channel take no posts any more, for one reason or another."""
    if how == "is_archived":
        place.slack.archive(channel)
    channel.members.remove(place.slack.bot_user_id)
    if how == "channel_not_found":
        del place.slack.workspace.channels[channel.id]


async def published_at_once(place: Workspace) -> None:
    """Publish today's digest with two attempts at its picture and no time between them."""
    settings = place.configure()
    digest = await place.running.digest_publisher.digest(today(place), datetime.now(UTC))
    async with connection(settings) as slack:
        channel = SlackDigestChannel(
            slack.client, slack.poster, Permalinks(slack.client), pauses=(0.0, 0.0)
        )
        await channel.publish("digest:today", place.agents.id, digest)
