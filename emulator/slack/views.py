"""Modals and Home tabs, as a person has them open."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from emulator.slack.wire import JSON, SlackError

STACK_DEPTH = 3
TRIGGER_SECONDS = 3.0


@dataclass(eq=False)
class View:
    """A view somebody sees; `hash` changes with every update."""

    id: str
    body: JSON = field(repr=False)
    owner: str
    root_id: str
    previous_id: str | None = None
    hash: str = field(default_factory=lambda: f"{secrets.token_hex(5)}.{secrets.token_hex(4)}")
    values: JSON = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> str:
        """`modal` or `home`."""
        return str(self.body.get("type"))

    @property
    def callback_id(self) -> str:
        """What the app calls it."""
        return str(self.body.get("callback_id", ""))

    @property
    def blocks(self) -> list[JSON]:
        """Its blocks, with every block_id filled in."""
        blocks: list[JSON] = self.body.get("blocks", [])
        return blocks

    @property
    def title(self) -> str:
        """The title on the screen; empty for a Home tab."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def private_metadata(self) -> str:
        """What the app keeps in it."""
        return str(self.body.get("private_metadata", ""))

    def replace(self, body: JSON) -> None:
        """New content under the same id, with a new hash."""
        self.body = body
        self.hash = f"{secrets.token_hex(5)}.{secrets.token_hex(4)}"

    def payload(self, app: JSON) -> JSON:
        """The view as the API returns it and as interactions carry it."""
        defaults: JSON = {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
        }
        return {
            **defaults,
            **self.body,
            "id": self.id,
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "state": {"values": self.values},
            **app,
        }


@dataclass
class Trigger:
    """The right to open one view, soon."""

    user: str
    expires: float
    used: bool = False


def spend(triggers: dict[str, Trigger], trigger_id: Any, now: float) -> str:
    """The user who may be shown a view; raises Slack's three trigger errors."""
    trigger = triggers.get(str(trigger_id))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if now > trigger.expires:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger.user
