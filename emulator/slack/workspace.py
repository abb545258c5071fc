"""The state of the workspace: who is in it, what was said, what is open."""

import secrets
import time
from collections.abc import Callable, Iterable
from itertools import count

from emulator.slack.changes import Changes
from emulator.slack.channels import Channel, Kind
from emulator.slack.clock import Clock
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.outcome import Outcome
from emulator.slack.views import TRIGGER_SECONDS, Trigger, View
from emulator.slack.wire import JSON, SlackError

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}


class Workspace:
    """One team with one installed app; everything the API and the people share."""

    def __init__(self, bot_name: str, team_name: str, scopes: Iterable[str]) -> None:
        self.team_id, self.team_name, self.app_id = "T0EMULATOR", team_name, "A0EMULATOR"
        self.scopes = set(scopes)
        self.clock, self.changes = Clock(), Changes()
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, JSON] = {}
        self.files: dict[str, JSON] = {}
        self.contents: dict[str, bytes] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.latest_act: dict[tuple[str, str], Outcome] = {}
        self.ephemerals: list[Message] = []
        self.broadcasts: list[Message] = []
        self.agent_sessions: dict[tuple[str, str], JSON] = {}
        self.stream_expiry: float | None = None
        self.refused_blocks: set[str] = set()
        self.base_url = ""
        self.hears: Callable[[str], bool] = lambda kind: True  # noqa: ARG005
        self.publish: Callable[[JSON], None] = lambda event: None  # noqa: ARG005
        self.ticket: Callable[[], str] = lambda: ""
        self._numbers = count(1)
        self.bot = self.add_member(bot_name, bot_name.title(), app_id=self.app_id)

    @property
    def domain(self) -> str:
        """The team's name as it stands in its address."""
        return self.team_name.casefold().replace(" ", "-")

    def ownership(self) -> JSON:
        """The fields of a view that say whose it is."""
        return {
            "team_id": self.team_id,
            "app_id": self.app_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot.bot_id,
        }

    def new_id(self, prefix: str) -> str:
        """A fresh id in Slack's alphabet, such as "C0000000007"."""
        return f"{prefix}{next(self._numbers):010d}"

    def add_member(self, name: str, real_name: str, *, app_id: str | None = None) -> Member:
        """A person, or with `app_id` the bot user of an app."""
        member = Member(self.new_id("U"), name, real_name, self.team_id, app_id=app_id)
        if app_id:
            member.bot_id = self.new_id("B")
        self.members[member.id] = member
        return member

    def add_channel(self, name: str, kind: Kind, members: Iterable[str]) -> Channel:
        """A conversation with these members, nobody told."""
        prefix = "D" if kind == "im" else "C"
        channel = Channel(self.new_id(prefix), name, kind, int(time.time()), list(members))
        channel.team = self.team_id
        self.channels[channel.id] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """The direct conversation of a person with the app, opened when there is none."""
        pair = {user, self.bot.id}
        found = (c for c in self.channels.values() if c.kind == "im" and set(c.members) == pair)
        return next(found, None) or self.add_channel("", "im", [user, self.bot.id])

    @property
    def agent(self) -> bool:
        """Whether the app is declared as an agent, which brings `assistant:write` with it."""
        return "assistant:write" in self.scopes

    def channel(self, identifier: object, error: str = "channel_not_found") -> Channel:
        """The channel with this id, as far as the app may know of it."""
        channel = self.channels.get(str(identifier))
        if channel is None or (channel.kind != "channel" and self.bot.id not in channel.members):
            raise SlackError(error)
        return channel

    def message(self, channel: Channel, ts: object) -> Message:
        """The message that stands there, not a deleted one."""
        message = channel.messages.get(str(ts))
        if message is None or message.deleted:
            raise SlackError("message_not_found")
        return message

    def id_of(self, handle: str) -> str | None:
        """The id of the user, or else the group, with this name, whatever the case."""
        wanted = handle.casefold()
        people = {m.name.casefold(): m.id for m in self.members.values()}
        groups = {str(g["handle"]).casefold(): each for each, g in self.groups.items()}
        return people.get(wanted) or groups.get(wanted)

    def name_of(self, identifier: str) -> str | None:
        """The name of a user, channel or user group."""
        if member := self.members.get(identifier):
            return member.name
        if channel := self.channels.get(identifier):
            return channel.name or "direct message"
        group = self.groups.get(identifier)
        return str(group["handle"]) if group else None

    def trigger(self, user: str) -> str:
        """A trigger_id for the person's act: good once, for three seconds."""
        identifier = (
            f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        )
        self.triggers[identifier] = Trigger(user, time.monotonic() + TRIGGER_SECONDS)
        return identifier

    def announce(self, event: JSON, channel: Channel | None = None) -> None:
        """Send an event to the app, if it is in the channel and has the scope for it."""
        if channel is None or (self.bot.id in channel.members and self._may_hear(event, channel)):
            self.publish(event)
        self.changes.touch()

    def _may_hear(self, event: JSON, channel: Channel) -> bool:
        default = None
        if event["type"] == "message":
            default = f"{channel.scope_family}:history"
        elif event["type"].startswith("member_"):
            default = f"{channel.scope_family}:read"
        needed = EVENT_SCOPES.get(event["type"], default)
        return needed is None or needed in self.scopes
