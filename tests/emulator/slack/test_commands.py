"""Commands, shortcuts, and what is said to one person only."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import NotAcknowledged, SlackEmulator
from tests.emulator.slack.conftest import Desk, furnish

Body = dict[str, Any]


async def test_a_command_is_answered_by_its_acknowledgement(desk: Desk, app: AsyncApp) -> None:
    """The ack payload; only the person who typed it sees it."""
    seen: list[Body] = []

    @app.command("/ticket")
    async def ticket(ack: AsyncAck, command: Body) -> None:
        seen.append(command)
        await ack(f"Ticket {command['text']}")

    outcome = await desk.linh.command("/ticket", "1042", desk.orders)

    assert outcome.text == "Ticket 1042"
    assert [(m.text, m.only_for) for m in desk.slack.ephemerals] == [("Ticket 1042", desk.linh.id)]
    assert "thread_ts" not in seen[0]
    assert seen[0]["is_enterprise_install"] == "false"


async def test_an_unanswered_command_shows_slacks_error() -> None:
    """No acknowledgement in time, and no second attempt."""
    async with SlackEmulator(ack_timeout=0.05) as slack:
        desk = furnish(slack)
        opened = await desk.client.apps_connections_open(app_token=slack.app_token)
        async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]):
            await slack.until(lambda: slack.sockets.connections)
            with pytest.raises(NotAcknowledged, match="operation_timeout"):
                await desk.linh.command("/ticket", "", desk.orders)

    assert [each.event_type for each in slack.deliveries] == ["/ticket"]


async def test_what_is_said_after_the_acknowledgement_belongs_to_the_command(
    desk: Desk, app: AsyncApp
) -> None:
    """By response_url and by chat.postEphemeral."""

    @app.command("/ticket")
    async def ticket(
        ack: AsyncAck, respond: AsyncRespond, client: AsyncWebClient, command: Body
    ) -> None:
        await ack()
        await respond("by url")
        await client.chat_postEphemeral(
            channel=command["channel_id"], user=command["user_id"], text="by call"
        )

    outcome = await desk.linh.command("/ticket", "", desk.orders)
    await desk.slack.until(lambda: len(outcome.responses) == 2)

    assert (outcome.text, outcome.payload) == ("", {})
    assert [m.text for m in outcome.responses] == ["by url", "by call"]
    assert desk.slack.messages(desk.orders) == []


async def test_a_response_url_works_five_times(desk: Desk, app: AsyncApp) -> None:
    """The sixth use is refused."""
    statuses: list[int] = []

    @app.command("/ticket")
    async def ticket(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        statuses.extend([(await respond("again")).status_code for _ in range(6)])

    await desk.linh.command("/ticket", "", desk.orders)
    await desk.slack.until(lambda: len(statuses) == 6)

    assert statuses == [200, 200, 200, 200, 200, 404]


async def test_an_ephemeral_needs_a_member(desk: Desk) -> None:
    """Somebody outside the channel cannot be shown anything in it."""
    stranger = desk.slack.add_user("stranger")

    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await desk.client.chat_postEphemeral(channel=desk.orders.id, user=stranger.id, text="psst")


async def test_shortcuts_reach_the_app(desk: Desk, app: AsyncApp) -> None:
    """From a message with the message, from anywhere without a channel."""
    seen: list[Body] = []

    @app.shortcut("open_ticket")
    async def shortcut(ack: AsyncAck, body: Body) -> None:
        seen.append(body)
        await ack()

    message = await desk.linh.post(desk.orders, "broken")
    await desk.linh.shortcut("open_ticket", message)
    await desk.linh.shortcut("open_ticket")

    assert [body["type"] for body in seen] == ["message_action", "shortcut"]
    assert seen[0]["message"]["text"] == "broken"
    assert "response_url" not in seen[1]
