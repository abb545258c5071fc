"""What makes an app an agent: its pane, its sessions, the stop button, feedback buttons."""

import pytest
from slack_sdk.errors import SlackApiError

from emulator.slack import SUPPORT_BOT, SlackEmulator
from tests.emulator.slack.conftest import Desk, furnish

PROMPTS = [{"title": "Where is my order?", "message": "Where is my order 1042?"}]
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
        }
    ],
}


async def test_the_pane_has_prompts_and_a_conversation_has_a_title(desk: Desk) -> None:
    """Prompts stand where people begin; a title belongs to one thread."""
    said = await desk.linh.dm("hello")
    pane = desk.slack.dm(desk.linh)
    await desk.client.assistant_threads_setSuggestedPrompts(
        channel_id=pane.id, prompts=PROMPTS, title="How can I help?"
    )
    await desk.client.assistant_threads_setTitle(
        channel_id=pane.id, thread_ts=said.ts, title="A greeting"
    )
    await desk.client.api_call(
        "agents.sessions.setStatus",
        json={"channel_id": pane.id, "thread_ts": said.ts, "status": "processing"},
    )

    assert desk.slack.agent(pane) == {"prompts": PROMPTS, "prompts_title": "How can I help?"}
    assert desk.slack.agent(pane, said.ts) == {"title": "A greeting", "status": "processing"}


@pytest.mark.parametrize(
    "prompts", [[], PROMPTS * 5, [{"title": "no message"}], "Where is my order?"]
)
async def test_prompts_that_slack_would_not_take(desk: Desk, prompts: object) -> None:
    """One to four, each with a title and a message."""
    pane = desk.slack.workspace.direct(desk.linh.id)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await desk.client.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": pane.id, "prompts": prompts},
        )


async def test_only_an_agent_has_sessions() -> None:
    """An app that is not declared as one is told so."""
    async with SlackEmulator(scopes=SUPPORT_BOT - {"assistant:write"}) as slack:
        desk = furnish(slack)
        said = await desk.linh.post(desk.orders, "hello")
        with pytest.raises(SlackApiError, match="not_agent_app"):
            await desk.client.api_call(
                "agents.sessions.setStatus",
                json={"channel_id": desk.orders.id, "thread_ts": said.ts, "status": "active"},
            )


async def test_stopping_a_stream_keeps_the_sessions_title(desk: Desk) -> None:
    """`session_status` moves the session; everything else about it stays."""
    said = await desk.linh.dm("why?")
    where = {"channel_id": said.channel, "thread_ts": said.ts}
    await desk.client.assistant_threads_setTitle(title="A question", **where)
    started = await desk.client.chat_startStream(channel=said.channel, thread_ts=said.ts)
    await desk.client.api_call(
        "chat.stopStream",
        json={"channel": said.channel, "ts": started["ts"], "session_status": "active"},
    )

    session = desk.slack.agent(desk.slack.dm(desk.linh), said.ts)
    assert session == {"title": "A question", "status": "active"}


async def test_without_the_event_there_is_no_stop_button() -> None:
    """Slack shows it only to apps that listen."""
    async with SlackEmulator(events=["message.im"]) as slack:
        desk = furnish(slack)
        said = await desk.linh.dm("why?")
        await desk.client.chat_startStream(channel=said.channel, thread_ts=said.ts)
        with pytest.raises(ValueError, match="no stop button"):
            await desk.linh.stop(slack.thread(said)[-1])


async def test_feedback_buttons_may_be_refused_by_a_workspace(desk: Desk) -> None:
    """They stand under a message where Slack takes them, and are invalid_blocks where not."""
    await desk.client.chat_postMessage(channel=desk.orders.id, text="yes", blocks=[FEEDBACK])
    shown = desk.slack.transcript(desk.orders)
    desk.slack.refused_blocks.add("context_actions")

    assert "[Good] [Bad]" in shown
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await desk.client.chat_postMessage(channel=desk.orders.id, text="yes", blocks=[FEEDBACK])
