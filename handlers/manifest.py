"""The Slack app as `manifest.json` declares it: what we listen to and what we may do."""

from typing import Any

EVENTS = (
    "app_mention",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
)

COMMANDS = {
    "/ticket": ("Look up a ticket, or list your own", "1042 | mine"),
    "/usage": ("See what the desk costs (admins)", "today | month | by intent | export month"),
}

SCOPES = {
    "app_mentions:read": "hear when somebody calls the bot",
    "channels:history": "read messages of public channels it was invited to",
    "channels:read": "find channels and their members",
    "chat:write": "answer",
    "commands": "offer slash commands",
    "files:read": "see that a message carries a screenshot",
    "files:write": "post the digest's picture and exports",
    "groups:history": "read messages of private channels it was invited to",
    "groups:read": "find private channels and their members",
    "im:history": "read direct messages to it",
    "im:read": "know a direct message for what it is",
    "im:write": "write to a person directly",
    "metadata.message:read": "find its own posts again, so that none is doubled",
    "reactions:read": "see reactions",
    "reactions:write": "show with 👀 that a message was seen",
    "users:read": "know who is a bot",
}


def manifest() -> dict[str, Any]:
    """The manifest to paste into Slack when the app is created."""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Deskhand",
            "description": "A support desk that lives in Slack",
            "background_color": "#1f5f5b",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "deskhand", "always_online": True},
            "slash_commands": [
                {
                    "command": name,
                    "description": description,
                    "usage_hint": hint,
                    "should_escape": False,
                }
                for name, (description, hint) in COMMANDS.items()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
