"""Buttons and menus under messages, with a real Bolt app."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from tests.emulator.slack.conftest import Desk

Body = dict[str, Any]
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Solved"},
    "action_id": "solve",
    "value": "T-1",
}
CARD: list[Body] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "A ticket"}},
    {"type": "actions", "block_id": "b", "elements": [BUTTON]},
]


async def test_a_click_carries_the_message_and_can_replace_it(desk: Desk, app: AsyncApp) -> None:
    """block_actions with value, container and response_url; found by label or action_id."""
    seen: list[Body] = []

    @app.action("solve")
    async def solve(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        seen.append(body)
        await respond("Solved by linh", replace_original=True)

    await desk.client.chat_postMessage(channel=desk.orders.id, text="A ticket", blocks=CARD)
    card = desk.slack.messages(desk.orders)[0]
    await desk.linh.click(card, "Solved")
    await desk.slack.until(lambda: card.edited)

    assert seen[0]["actions"][0]["value"] == "T-1"
    assert seen[0]["container"]["message_ts"] == card.ts
    assert (card.text, card.blocks) == ("Solved by linh", [])
    with pytest.raises(LookupError, match="no element 'Solved'"):
        await desk.linh.click(card, "Solved")


async def test_a_menu_sends_what_was_chosen(desk: Desk, app: AsyncApp) -> None:
    """Options are named by label or value; one that is not there cannot be chosen."""
    seen: list[Body] = []
    options = [
        {"text": {"type": "plain_text", "text": name.title()}, "value": name}
        for name in ("low", "high")
    ]
    menu = {
        "type": "static_select",
        "action_id": "priority",
        "placeholder": {"type": "plain_text", "text": "Priority"},
        "options": options,
    }

    @app.action("priority")
    async def choose(ack: AsyncAck, action: Body) -> None:
        seen.append(action)
        await ack()

    blocks: list[Body] = [{"type": "actions", "elements": [menu]}]
    await desk.client.chat_postMessage(channel=desk.orders.id, text="x", blocks=blocks)
    card = desk.slack.messages(desk.orders)[0]
    await desk.linh.click(card, "priority", selected="High")

    assert seen[0]["selected_option"]["value"] == "high"
    with pytest.raises(LookupError, match="no option 'urgent'"):
        await desk.linh.click(card, "Priority", selected="urgent")
