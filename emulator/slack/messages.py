"""One message of a channel, as stored and as the API shows it."""

import time
from dataclasses import dataclass, field
from typing import Literal

from emulator.slack.wire import JSON


@dataclass
class Stream:
    """The state of a message that is written piece by piece."""

    touched: float
    state: Literal["in_progress", "completed", "stopped_by_user", "expired"] = "in_progress"
    markdown: str = ""
    plan: str = ""
    tasks: dict[str, JSON] = field(default_factory=dict)
    blocks: list[JSON] = field(default_factory=list)

    def expire(self, seconds: float | None) -> None:
        """End it if nothing was written for so long; None is for ever."""
        silent = time.monotonic() - self.touched
        if seconds is not None and silent > seconds and self.state == "in_progress":
            self.state = "expired"


@dataclass(eq=False)
class Message:
    """Live record: later edits, reactions and deletions show in the same object."""

    channel: str
    ts: str
    text: str
    identity: JSON = field(repr=False)
    thread_ts: str | None = None
    subtype: str | None = None
    blocks: list[JSON] = field(default_factory=list, repr=False)
    attachments: list[JSON] = field(default_factory=list, repr=False)
    files: list[JSON] = field(default_factory=list, repr=False)
    metadata: JSON | None = field(default=None, repr=False)
    reactions: dict[str, list[str]] = field(default_factory=dict, repr=False)
    replies: "list[Message]" = field(default_factory=list, repr=False)
    client_msg_id: str | None = field(default=None, repr=False)
    broadcast: bool = False
    edited: JSON | None = None
    deleted: bool = False
    only_for: str | None = None
    stream: Stream | None = None

    @property
    def user(self) -> str | None:
        """The author's user id; None for a classic bot message."""
        return self.identity.get("user")

    @property
    def bot_id(self) -> str | None:
        """The author's bot id when an app wrote it."""
        return self.identity.get("bot_id")

    @property
    def root_ts(self) -> str:
        """The ts of the thread this message starts or belongs to."""
        return self.thread_ts or self.ts

    @property
    def streaming(self) -> bool:
        """Whether the app is still writing it."""
        return self.stream is not None and self.stream.state == "in_progress"

    def event(self) -> JSON:
        """The message inside an event: what is new, without what others added later."""
        body: JSON = {"type": "message", **self.identity, "ts": self.ts, "text": self.text}
        optional = {
            "subtype": self.subtype,
            "client_msg_id": self.client_msg_id,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
        }
        body.update({name: value for name, value in optional.items() if value})
        if self.files:
            body["upload"] = False
        return body

    def payload(self, *, metadata: bool = False) -> JSON:
        """The message as the Web API returns it."""
        body = self._tombstone() if self.deleted else self.event()
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if metadata and self.metadata:
            body["metadata"] = self.metadata
        return {**body, **self._thread()}

    def _tombstone(self) -> JSON:
        return {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "hidden": True,
            "ts": self.ts,
            "text": "This message was deleted.",
        }

    def _thread(self) -> JSON:
        if not self.replies:
            return {}
        people = list(dict.fromkeys(r.user for r in self.replies if r.user))
        return {
            "thread_ts": self.ts,
            "reply_count": len(self.replies),
            "reply_users": people[:5],
            "reply_users_count": len(people),
            "latest_reply": self.replies[-1].ts,
            "subscribed": False,
            "is_locked": False,
        }
