"""Every way in from Slack."""

from slack_bolt.async_app import AsyncApp

from handlers.bulletins import LIFT, Lifting
from handlers.commands import Commands
from handlers.errors import failed
from handlers.inbox import Inbox
from handlers.usage import Usage


def register(
    app: AsyncApp, inbox: Inbox, commands: Commands, usage: Usage, lifting: Lifting
) -> None:
    """Join the listeners to the app. `manifest.json` names the same events and commands."""
    app.event("message")(inbox.message)
    app.event("app_mention")(inbox.message)
    app.event("member_joined_channel")(inbox.membership)
    app.event("member_left_channel")(inbox.membership)
    app.command("/ticket")(commands.ticket)
    app.command("/usage")(usage.usage)
    app.action(LIFT)(lifting.pressed)
    app.error(failed)
