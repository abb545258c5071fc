"""What Slack sends when somebody uses a message or a view, translated: the only reader of it."""

import json
from dataclasses import dataclass
from typing import Any

from bot.tickets.actions import ActionRefused, Actor
from handlers.views.ids import FieldId

Payload = dict[str, Any]


@dataclass(frozen=True)
class Click:
    """A button or a menu was used. `rest` is what its value says after the ticket's number.

    `place` is the channel and ts of the message it stands on, unless only its reader sees that.
    """

    user: str
    press: str
    number: int
    rest: str
    chosen: str
    trigger: str
    key: str
    place: tuple[str, str] | None

    def actor(self) -> Actor:
        """The person, acting from a card."""
        return Actor(self.user, "card", self.key)


@dataclass(frozen=True)
class Submission:
    """A modal was sent off. `about` is what we kept in it: the ticket, and what was shown."""

    user: str
    view_id: str
    about: Payload
    values: Payload

    @property
    def number(self) -> int:
        """The ticket's number."""
        return int(self.about["ticket"])

    def actor(self) -> Actor:
        """The person, acting from this modal; it can be sent off once."""
        return Actor(self.user, "modal", f"view:{self.view_id}")

    def text(self, field: FieldId) -> str:
        """What was typed into a field."""
        return str(self._state(field).get("value") or "").strip()

    def option(self, field: FieldId) -> str | None:
        """What was chosen in a select."""
        chosen = self._state(field).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def ticked(self, field: FieldId) -> bool:
        """Whether a box was ticked."""
        return bool(self._state(field).get("selected_options"))

    def user_in(self, field: FieldId) -> str | None:
        """Who was chosen."""
        chosen = self._state(field).get("selected_user")
        return str(chosen) if chosen else None

    def _state(self, field: FieldId) -> Payload:
        state: Payload = (self.values.get(field) or {}).get(field) or {}
        return state


def read_click(body: Payload) -> Click:
    """The click in a block_actions payload.

    Raises:
        Refused: it names no ticket, so it is no button of ours.
    """
    action = body["actions"][0]
    number, _, rest = _value(action).partition(" ")
    if not number.isdecimal():
        raise ActionRefused("This button belongs to no ticket.")
    user = str(body["user"]["id"])
    return Click(
        user=user,
        press=str(action["action_id"]),
        number=int(number),
        rest=rest,
        chosen=str((action.get("selected_option") or {}).get("value", "")),
        trigger=str(body.get("trigger_id", "")),
        key=f"click:{user}:{action['action_id']}:{action.get('action_ts')}",
        place=_place(body),
    )


def read_submission(body: Payload) -> Submission:
    """The modal in a view_submission payload."""
    view = body["view"]
    return Submission(
        user=str(body["user"]["id"]),
        view_id=str(view["id"]),
        about=json.loads(view.get("private_metadata") or "{}"),
        values=view["state"]["values"],
    )


def _value(action: Payload) -> str:
    """A menu has no value of its own; its block says which ticket it belongs to."""
    return str(action.get("value") or str(action.get("block_id", "")).removeprefix("ticket:"))


def _place(body: Payload) -> tuple[str, str] | None:
    container = body.get("container") or {}
    if container.get("type") != "message" or container.get("is_ephemeral"):
        return None
    return str(container["channel_id"]), str(container["message_ts"])
