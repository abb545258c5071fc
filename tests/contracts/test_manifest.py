"""The app as Slack is told of it, and as it listens."""

import json
import re
from dataclasses import fields
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.config.desk_file import desk_for_files
from handlers.manifest import COMMANDS, EVENTS, SCOPES, manifest, reached_at
from handlers.routes import Listeners, register
from tests.support.workspace import ROOT


class Noted(AsyncApp):
    """A Bolt app that notes what is registered with it."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-1", signing_secret="x")
        self.events: set[str] = set()
        self.commands: set[str] = set()

    def event(self, event: Any, *args: Any, **kwargs: Any) -> Any:
        self.events.add(event)
        return super().event(event, *args, **kwargs)

    def command(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        self.commands.add(command)
        return super().command(command, *args, **kwargs)


class Anything:
    """Stands where an object with listeners would."""

    def __getattr__(self, name: str) -> Any:
        async def listener() -> None:
            """Never called here."""

        return listener


def test_the_manifest_to_paste_is_the_one_the_handlers_declare() -> None:
    """`make manifest` was not forgotten."""
    view = desk_for_files(ROOT / "desk.toml").agent
    assert json.loads((ROOT / "manifest.json").read_text(encoding="utf-8")) == manifest(view)


def test_the_pane_is_inside_slacks_limits() -> None:
    """A description of 300 characters and four questions, in every language the desk has."""
    view = desk_for_files(ROOT / "desk.toml").agent

    assert {"en", "vi"} <= set(view.prompts)
    assert len(view.description) <= 300
    for language in view.prompts:
        given = manifest(view.model_copy(update={"prompts": {"en": view.prompts[language]}}))
        assert 1 <= len(given["features"]["agent_view"]["suggested_prompts"]) <= 4


def test_what_is_registered_is_what_is_declared() -> None:
    """An event that Slack does not send, or a command it does not know, would be silence."""
    app = Noted()
    listeners: dict[str, Any] = {each.name: Anything() for each in fields(Listeners)}
    register(app, Listeners(**listeners))

    assert app.events == {name.split(".")[0] for name in EVENTS}
    assert app.commands == set(COMMANDS)


def test_the_manifest_is_one_that_slack_takes() -> None:
    """The limits of Slack's own schema for manifests, version 2."""
    given = manifest(desk_for_files(ROOT / "desk.toml").agent)
    about, features = given["display_information"], given["features"]
    longest = [
        (about["name"], 35),
        (about["description"], 140),
        (features["bot_user"]["display_name"], 80),
        *((each["name"], 24) for each in features["shortcuts"]),
        *((each["description"], 150) for each in features["shortcuts"]),
        *((each["callback_id"], 255) for each in features["shortcuts"]),
        *((each["command"], 32) for each in features["slash_commands"]),
        *((each["description"], 2_000) for each in features["slash_commands"]),
        *((each["usage_hint"], 1_000) for each in features["slash_commands"]),
    ]

    assert [text for text, most in longest if not 1 <= len(text) <= most] == []
    assert re.fullmatch(r"#[0-9a-fA-F]{6}", about["background_color"])
    assert len(features["shortcuts"]) <= 10
    assert len(features["slash_commands"]) <= 50
    assert len(given["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(given["oauth_config"]["scopes"]["bot"]) <= 255
    assert all(each["command"].startswith("/") for each in features["slash_commands"])


def test_an_app_in_http_mode_names_one_address_for_everything() -> None:
    """Events, commands, presses, and the choices of a menu; and no socket."""
    url = "https://desk.example.com/slack/events"
    given = reached_at(manifest(desk_for_files(ROOT / "desk.toml").agent), url)
    settings = given["settings"]

    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert settings["interactivity"]["request_url"] == url
    assert settings["interactivity"]["message_menu_options_url"] == url
    assert [each["url"] for each in given["features"]["slash_commands"]] == [url] * len(COMMANDS)
    assert settings["socket_mode_enabled"] is False


def test_every_event_has_the_scope_it_needs() -> None:
    """Slack refuses a manifest whose events lack their scopes."""
    needed = {
        "app_mention": "app_mentions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "member_joined_channel": "channels:read",
        "member_left_channel": "channels:read",
        "reaction_added": "reactions:read",
        "subteam_members_changed": "usergroups:read",
    }

    free = {"app_home_opened", "agent_session_stopped", "app_uninstalled", "tokens_revoked"}
    assert {needed[event] for event in set(EVENTS) - free} <= set(SCOPES)
    assert all(purpose for purpose in SCOPES.values())
