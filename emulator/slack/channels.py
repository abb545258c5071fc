"""Conversations: public and private channels and direct messages."""

from dataclasses import dataclass, field
from typing import Literal

from emulator.slack.messages import Message
from emulator.slack.wire import JSON

Kind = Literal["channel", "group", "im", "mpim"]
SCOPE_FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Status:
    """What an app says under a thread while it works; Slack drops it at `until` (monotonic)."""

    text: str
    loading: tuple[str, ...]
    until: float


@dataclass(eq=False)
class Channel:
    """A conversation; `kind` is the `channel_type` of its events."""

    id: str
    name: str
    kind: Kind = "channel"
    created: int = 0
    members: list[str] = field(default_factory=list, repr=False)
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    statuses: dict[str, Status] = field(default_factory=dict, repr=False)
    archived: bool = False
    topic: str = ""
    # The workspace in which it is shown.
    team: str = ""
    # The workspace that a channel shared by Slack Connect is at home in; None for our own.
    host: str | None = None

    @property
    def scope_family(self) -> str:
        """The first half of its scopes: `groups` as in `groups:history`."""
        return SCOPE_FAMILY[self.kind]

    def visible(self) -> list[Message]:
        """Messages and replies, oldest first, without the deleted ones."""
        return [m for m in self.messages.values() if not m.deleted]

    def payload(self, viewer: str) -> JSON:
        """The conversation as the Web API shows it to the viewer."""
        common: JSON = {"id": self.id, "created": self.created, "is_archived": self.archived}
        if self.kind == "im":
            other = next((m for m in self.members if m != viewer), viewer)
            return {**common, "is_im": True, "is_open": True, "user": other, "priority": 0}
        return {
            **common,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_general": False,
            "is_shared": self.host is not None,
            "is_ext_shared": self.host is not None,
            "context_team_id": self.team,
            "is_member": viewer in self.members,
            "creator": self.members[0] if self.members else viewer,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }
