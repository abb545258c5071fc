"""The Slack app as `manifest.json` declares it: what we listen to and what we may do."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.config.sections import AgentView
from handlers.views.ids import ShortcutId
from handlers.views.prompts import pane_prompts

EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "subteam_members_changed",
    "tokens_revoked",
)

# The language of the questions until we know who looks at them.
FIRST = "en"
# Slack takes 24 characters of name and 150 of description.
SHORTCUTS = {
    ShortcutId.CREATE: ("Create ticket", "Make a ticket of this message"),
    ShortcutId.CLOSE: ("Close ticket", "Solve the ticket that this message belongs to"),
    ShortcutId.WHY: ("Why this answer", "What the bot thought, read and paid (agents only)"),
}

COMMANDS = {
    "/ticket": ("Work with tickets", "help | 1042 | mine | queue | find words | new | take 1042"),
    "/usage": ("See what the desk costs (admins)", "today | month | by intent | export month"),
}

SCOPES = {
    "app_mentions:read": "hear when somebody calls the bot",
    "assistant:write": "show its status, titles and first questions in the agent pane",
    "channels:history": "read messages of public channels it was invited to",
    "channels:read": "find channels and their members",
    "chat:write": "answer",
    "commands": "offer slash commands",
    "files:read": "see that a message carries a screenshot",
    "files:write": "post the digest's picture, and files between agents and customers",
    "groups:history": "read messages of private channels it was invited to",
    "groups:read": "find private channels and their members",
    "im:history": "read direct messages to it",
    "im:read": "know a direct message for what it is",
    "im:write": "write to a person directly",
    "mpim:history": "read group conversations in which it was called",
    "mpim:read": "know a group conversation for what it is",
    "metadata.message:read": "find its own posts again, so that none is doubled",
    "reactions:read": "see when an agent takes (👀) or solves (✅) a ticket with a reaction",
    "reactions:write": "show with 👀 that a message is worked on, with ✅ that it is solved",
    "usergroups:read": "know the names of user groups, and agents by their group",
    "users:read": "know people's names, and who is a bot, a guest or from another workspace",
}


# Asked for only by a desk whose tools know customers by their addresses.
EMAIL_SCOPE = {"users:read.email": "know a customer of the desk's own systems by their address"}


def scopes_of(*, emails: bool = False) -> Mapping[str, str]:
    """The scopes that a desk takes, and what each is for."""
    return SCOPES | EMAIL_SCOPE if emails else SCOPES


def manifest(view: AgentView, *, emails: bool = False) -> dict[str, Any]:
    """The manifest to paste into Slack when the app is created; `view` is the desk's pane.

    `emails` says that the desk knows customers by their addresses.
    """
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Deskhand",
            "description": "A support desk that lives in Slack",
            "background_color": "#1f5f5b",
        },
        "features": _features(view),
        "oauth_config": {"scopes": {"bot": list(scopes_of(emails=emails))}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def creation_link(declared: Mapping[str, Any]) -> str:
    """A link on which Slack offers to create the app, with the manifest filled in.

    https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests
    """
    written = json.dumps(declared, separators=(",", ":"), ensure_ascii=False)
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(written, safe='')}"


def reached_at(declared: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The manifest of an app in HTTP mode: everything is sent to one address.

    Without an address for options Slack loads none for a menu in a form.
    """
    features, settings = declared["features"], declared["settings"]
    commands = [{**each, "url": url} for each in features["slash_commands"]]
    events = {"request_url": url, **settings["event_subscriptions"]}
    pressed = {"is_enabled": True, "request_url": url, "message_menu_options_url": url}
    return {
        **declared,
        "features": {**features, "slash_commands": commands},
        "settings": {
            **settings,
            "event_subscriptions": events,
            "interactivity": pressed,
            "socket_mode_enabled": False,
        },
    }


def _features(view: AgentView) -> dict[str, Any]:
    """Where the app shows itself: the agent pane, the Home, shortcuts, commands."""
    return {
        "agent_view": {
            "agent_description": view.description,
            "suggested_prompts": pane_prompts(view, FIRST),
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "deskhand", "always_online": True},
        "shortcuts": [
            {
                "name": name,
                "type": "message",
                "callback_id": callback,
                "description": description,
            }
            for callback, (name, description) in SHORTCUTS.items()
        ],
        "slash_commands": [
            {
                "command": name,
                "description": description,
                "usage_hint": hint,
                "should_escape": True,
            }
            for name, (description, hint) in COMMANDS.items()
        ],
    }
