"""Every way in from Slack."""

from slack_bolt.async_app import AsyncApp

from handlers.commands import Commands
from handlers.errors import failed
from handlers.inbox import Inbox


def register(app: AsyncApp, inbox: Inbox, commands: Commands) -> None:
    """Join the listeners to the app. `manifest.json` names the same events and commands."""
    app.event("message")(inbox.message)
    app.event("app_mention")(inbox.message)
    app.event("member_joined_channel")(inbox.membership)
    app.event("member_left_channel")(inbox.membership)
    app.command("/ticket")(commands.ticket)
    app.error(failed)
