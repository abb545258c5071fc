"""What Slack sends when somebody uses a message or a view, read once into values.

Nothing past this module looks into such a payload.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused
from handlers.connection.installation import Installation
from handlers.events.content import NO_NAMES
from handlers.events.payload import MessageEvent, read_slack_message
from handlers.types import Payload
from handlers.views.blocks import Block
from handlers.views.ids import FieldId
from storage.actions.proposed_changes import Pressed


@dataclass(frozen=True)
class Press:
    """A button or a menu was used anywhere. `block` is the id of the block that it stands in.

    `carried` is what the view that it stands in keeps (its `private_metadata`).
    """

    user: str
    name: str
    value: str
    chosen: str
    block: str
    trigger: str
    carried: str


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
    message: "PressedMessage"

    def actor(self) -> Actor:
        """The person, acting from a card."""
        return Actor(self.user, "card", self.key)


@dataclass(frozen=True)
class OfferAccepted:
    """Somebody wants the desk's help with a message of theirs."""

    user: str
    channel: str
    ts: str


@dataclass(frozen=True)
class Submission:
    """A modal was sent off. `about` is what we kept in it: the ticket, and what was shown."""

    user: str
    view_id: str
    about: Payload
    values: Payload
    form: str

    @property
    def number(self) -> int:
        """The ticket's number."""
        return int(self.about["ticket"])

    def actor(self) -> Actor:
        """The person, acting from this modal; it can be sent off once."""
        return Actor(self.user, "modal", f"view:{self.view_id}")

    def text(self, field: FieldId) -> str:
        """What was typed into a field."""
        return str(self.state(field).get("value") or "").strip()

    def option(self, field: FieldId) -> str | None:
        """What was chosen in a select."""
        chosen = self.state(field).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def ticked(self, field: FieldId) -> bool:
        """Whether a box was ticked."""
        return bool(self.state(field).get("selected_options"))

    def user_in(self, field: FieldId) -> str | None:
        """Who was chosen."""
        chosen = self.state(field).get("selected_user")
        return str(chosen) if chosen else None

    def state(self, field: str) -> Payload:
        """What a field of the form holds, as Slack sends it."""
        state: Payload = (self.values.get(field) or {}).get(field) or {}
        return state


@dataclass(frozen=True)
class PressedMessage:
    """The message that a button stands on, as it looks; empty in a form."""

    text: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class ChosenShortcut:
    """A shortcut of a message was chosen."""

    user: str
    event: MessageEvent
    key: str

    @property
    def root(self) -> str:
        """The ts of the message that the thread begins with."""
        return self.event.said.thread_ts or self.event.said.ts


@dataclass(frozen=True)
class Search:
    """Something is typed into a menu of a form; `about` is what we kept in the form."""

    user: str
    typed: str
    about: Payload


def read_press(body: Payload) -> Press:
    """Whatever was used in a block_actions payload."""
    action = body["actions"][0]
    return Press(
        user=str(body["user"]["id"]),
        name=str(action["action_id"]),
        value=str(action.get("value", "")),
        chosen=str((action.get("selected_option") or {}).get("value", "")),
        block=str(action.get("block_id", "")),
        trigger=str(body.get("trigger_id", "")),
        carried=str((body.get("view") or {}).get("private_metadata", "")),
    )


def read_click(body: Payload) -> Click:
    """The click in a block_actions payload.

    Raises:
        Refused: it names no ticket, so it is no button of ours.
    """
    press = read_press(body)
    # A menu has no value of its own; its block says which ticket it belongs to.
    number, _, rest = (press.value or press.block.removeprefix("ticket:")).partition(" ")
    if not number.isdecimal():
        raise ActionRefused("This button belongs to no ticket.")
    message = body.get("message") or {}
    return Click(
        user=press.user,
        press=press.name,
        number=int(number),
        rest=rest,
        chosen=press.chosen,
        trigger=press.trigger,
        key=f"click:{press.user}:{press.name}:{body['actions'][0].get('action_ts')}",
        place=_place(body),
        message=PressedMessage(str(message.get("text") or ""), message.get("blocks") or []),
    )


def read_pressed(user: str, number: int, value: str) -> Pressed:
    """Which proposal somebody means, by what its button or form says after the ticket's number."""
    edition, _, key = value.partition(" ")
    if not edition.isdecimal():
        raise ActionRefused("This proposal is of an earlier release; the card shows it anew.")
    return Pressed(key, number, int(edition), user)


def read_offer_accepted(body: Payload) -> OfferAccepted:
    """The button under an offer of help."""
    press = read_press(body)
    return OfferAccepted(press.user, str(body["channel"]["id"]), press.value)


def read_submission(body: Payload) -> Submission:
    """The modal in a view_submission payload."""
    view = body["view"]
    return Submission(
        user=str(body["user"]["id"]),
        view_id=str(view["id"]),
        about=_about(view),
        values=view["state"]["values"],
        form=str(view["callback_id"]),
    )


def read_search(body: Payload) -> Search:
    """A block_suggestion payload."""
    return Search(str(body["user"]["id"]), str(body.get("value") or ""), _about(body["view"]))


def read_shortcut(
    body: Payload, at: Installation, names: Mapping[str, str] = NO_NAMES
) -> ChosenShortcut:
    """A message_action payload. Slack leaves out what kind of channel it is in."""
    user, said = str(body["user"]["id"]), read_slack_message(body["message"], at, names)
    event = MessageEvent(
        team=at.team,
        channel=str(body["channel"]["id"]),
        channel_type=body["message"].get("channel_type"),
        event_ts=said.ts,
        said=said,
    )
    return ChosenShortcut(user, event, f"shortcut:{user}:{body['action_ts']}")


def _about(view: Payload) -> Payload:
    about: Payload = json.loads(view.get("private_metadata") or "{}")
    return about


def _place(body: Payload) -> tuple[str, str] | None:
    container = body.get("container") or {}
    if container.get("type") != "message" or container.get("is_ephemeral"):
        return None
    return str(container["channel_id"]), str(container["message_ts"])
