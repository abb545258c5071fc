"""Block Kit limits, texts and the mentions in them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from emulator.slack.blockkit import problems
from tests.emulator.slack.conftest import Desk

Block = dict[str, Any]


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str = "Go", **more: Any) -> Block:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


GOOD = [
    section("x" * 3000),
    {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
    actions(*(button(action_id=f"a{n}") for n in range(25))),
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    {"type": "divider"},
    {"type": "markdown", "text": "# x"},
]
BAD = {
    "no more than 50 items": [{"type": "divider"}] * 51,
    "less than 3001 characters [json-pointer:/blocks/0/text/text]": [section("x" * 3001)],
    "more than 0 characters": [section("")],
    "missing required field: text or fields": [{"type": "section"}],
    "unsupported type: marquee": [{"type": "marquee"}],
    "invalid additional property: colour": [{"type": "divider", "colour": "red"}],
    "invalid additional property: emoji": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}
    ],
    "invalid additional property: block_id": [actions(button(block_id="b"))],
    "less than 76 characters": [actions(button("x" * 76))],
    "less than 2001 characters": [actions(button(value="x" * 2001))],
    "no more than 25 items": [actions(*(button() for _ in range(26)))],
    "`action_id` 'a' already exists": [actions(button(action_id="a"), button(action_id="a"))],
    "`block_id` 'b' already exists": [{"type": "divider", "block_id": "b"}] * 2,
    "must be a text object": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "markdown must be less than 12001": [{"type": "markdown", "text": "x" * 7000}] * 2,
    "at least one item": [actions()],
    "unsupported type: button": [{"type": "context", "elements": [button()]}],
    "unsupported type: mrkdwn": [actions({"type": "mrkdwn", "text": "x"})],
    "/options/0/text/text": [
        actions(
            {
                "type": "overflow",
                "options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "v"}],
            }
        )
    ],
}


def test_blocks_at_their_limits_pass() -> None:
    """The longest allowed is allowed."""
    assert problems(GOOD) == []


@pytest.mark.parametrize("complaint", BAD)
def test_blocks_over_their_limits_are_named(complaint: str) -> None:
    """Each limit with Slack's words and a pointer to the place."""
    assert any(complaint in problem for problem in problems(BAD[complaint]))


async def test_a_post_with_bad_blocks_is_refused_with_the_reason(desk: Desk) -> None:
    """invalid_blocks with response_metadata.messages."""
    with pytest.raises(SlackApiError) as refused:
        await desk.client.chat_postMessage(
            channel=desk.orders.id, text="x", blocks=[section("x" * 3001)]
        )

    assert refused.value.response["error"] == "invalid_blocks"
    assert "3001 characters" in refused.value.response["response_metadata"]["messages"][0]


async def test_texts_have_their_own_limits(desk: Desk) -> None:
    """Long text is cut with a warning, long markdown refused, both together a conflict."""
    long = await desk.client.chat_postMessage(channel=desk.orders.id, text="x" * 40_001)

    assert long["warning"] == "message_truncated"
    assert len(desk.slack.messages(desk.orders)[0].text) == 40_000
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await desk.client.chat_postMessage(channel=desk.orders.id, markdown_text="x" * 12_001)
    with pytest.raises(SlackApiError, match="markdown_text_conflict"):
        await desk.client.chat_postMessage(channel=desk.orders.id, markdown_text="x", text="y")
    with pytest.raises(SlackApiError, match="no_text"):
        await desk.client.api_call("chat.postMessage", json={"channel": desk.orders.id})


@pytest.mark.parametrize(
    "said",
    [
        {"text": "<!channel> look"},
        {"text": "<!subteam^S1|agents>"},
        {"text": "@here", "parse": "full"},
        {"text": "x", "blocks": [section("<!here>")]},
        {"text": "x", "attachments": [{"blocks": [section("<!everyone>")]}]},
        {"markdown_text": "as you wish, @everyone"},
    ],
)
async def test_a_post_that_pings_everybody_is_remembered(desk: Desk, said: dict[str, Any]) -> None:
    """Unescaped broadcasts in text, blocks and markdown."""
    await desk.client.chat_postMessage(channel=desk.orders.id, **said)

    assert desk.slack.broadcasts == desk.slack.messages(desk.orders)
    assert "PINGS MANY PEOPLE" in desk.slack.transcript()


@pytest.mark.parametrize(
    "said",
    [
        {"text": "&lt;!channel&gt; look"},
        {"text": "@channel"},
        {
            "text": "x",
            "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!here>"}}],
        },
    ],
)
async def test_a_harmless_post_is_not(desk: Desk, said: dict[str, Any]) -> None:
    """Escaped, bare without parse=full, or in plain text."""
    await desk.client.chat_postMessage(channel=desk.orders.id, **said)

    assert desk.slack.broadcasts == []
