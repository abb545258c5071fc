"""Messages written piece by piece, with the SDK's own chat_stream helper."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.emulator.slack.conftest import Desk


async def test_a_stream_grows_and_is_finished(desk: Desk) -> None:
    """Shown as being written until it is stopped; then an ordinary message."""
    question = await desk.linh.post(desk.orders, "why?")
    stream = await desk.client.chat_stream(
        channel=desk.orders.id,
        thread_ts=question.ts,
        recipient_user_id=desk.linh.id,
        recipient_team_id=desk.slack.team_id,
        buffer_size=1,
    )
    await stream.append(markdown_text="Because ")
    writing = desk.slack.transcript(desk.orders)
    await stream.append(markdown_text="of rain.")
    await stream.stop(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "_source_"}}])

    assert "deskhand: Because   (streaming…)" in writing
    assert "deskhand: Because of rain.\n        _source_" in desk.slack.transcript(desk.orders)
    assert "streaming" not in desk.slack.transcript(desk.orders)


async def test_a_channel_stream_needs_its_recipient(desk: Desk) -> None:
    """In a direct message it does not."""
    question = await desk.linh.post(desk.orders, "why?")
    direct = await desk.linh.dm("why?")

    with pytest.raises(SlackApiError, match="missing_recipient_team_id"):
        await desk.client.chat_startStream(channel=desk.orders.id, thread_ts=question.ts)
    answer = await desk.client.chat_startStream(channel=direct.channel, thread_ts=direct.ts)
    assert answer["ok"]


async def test_a_stream_cannot_be_edited_while_it_is_written(desk: Desk) -> None:
    """streaming_state_conflict before the stop, message_not_in_streaming_state after it."""
    direct = await desk.linh.dm("why?")
    started = await desk.client.chat_startStream(channel=direct.channel, thread_ts=direct.ts)
    where = {"channel": direct.channel, "ts": started["ts"]}

    with pytest.raises(SlackApiError, match="streaming_state_conflict"):
        await desk.client.chat_update(text="x", **where)
    await desk.client.chat_stopStream(markdown_text="done", **where)
    assert (await desk.client.chat_update(text="x", **where))["ok"]
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        await desk.client.chat_appendStream(markdown_text="more", **where)


async def test_a_silent_stream_expires(desk: Desk) -> None:
    """When expiry is switched on, an append that comes too late is refused; an edit works."""
    direct = await desk.linh.dm("why?")
    started = await desk.client.chat_startStream(channel=direct.channel, thread_ts=direct.ts)
    where = {"channel": direct.channel, "ts": started["ts"]}
    desk.slack.stream_expiry = 0

    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        await desk.client.chat_appendStream(markdown_text="more", **where)
    assert (await desk.client.chat_update(text="instead", **where))["ok"]


async def test_a_person_can_stop_a_stream(desk: Desk) -> None:
    """The app hears agent_session_stopped, and its next append is refused."""
    direct = await desk.linh.dm("why?")
    started = await desk.client.chat_startStream(channel=direct.channel, thread_ts=direct.ts)
    answer = desk.slack.thread(direct)[-1]
    await desk.linh.stop(answer)

    with pytest.raises(SlackApiError, match="stopped_by_user"):
        await desk.client.chat_appendStream(
            channel=direct.channel, ts=started["ts"], markdown_text="more"
        )
    with pytest.raises(ValueError, match="not being written"):
        await desk.linh.stop(answer)


async def test_chunks_show_tasks_and_bad_ones_are_refused(desk: Desk) -> None:
    """task_update and plan_update chunks become cards."""
    direct = await desk.linh.dm("why?")
    chunks = [
        {"type": "plan_update", "title": "Looking"},
        {"type": "task_update", "id": "1", "title": "Searching", "status": "in_progress"},
        {"type": "markdown_text", "text": "Found it."},
    ]
    await desk.client.chat_startStream(channel=direct.channel, thread_ts=direct.ts, chunks=chunks)

    assert "Searching (in_progress)" in desk.slack.transcript()
    with pytest.raises(SlackApiError, match="invalid_chunks"):
        await desk.client.chat_startStream(
            channel=direct.channel, thread_ts=direct.ts, chunks=[{"type": "dance"}]
        )


async def test_a_status_goes_away_with_the_answer(desk: Desk) -> None:
    """assistant.threads.setStatus shows until the app replies."""
    question = await desk.linh.post(desk.orders, "why?")
    await desk.client.assistant_threads_setStatus(
        channel_id=desk.orders.id, thread_ts=question.ts, status="is thinking…"
    )
    thinking = desk.slack.transcript()
    await desk.client.chat_postMessage(
        channel=desk.orders.id, thread_ts=question.ts, text="because"
    )

    assert "deskhand is thinking…" in thinking
    assert "is thinking…" not in desk.slack.transcript()
