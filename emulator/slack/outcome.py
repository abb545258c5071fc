"""What came back to a person for a click, a command or a submitted form."""

import time
from dataclasses import dataclass, field
from typing import Any

from emulator.slack.messages import Message
from emulator.slack.wire import JSON

RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60


class NotAcknowledged(TimeoutError):
    """The app did not acknowledge in time; the person saw an error from Slack."""


@dataclass(eq=False)
class Outcome:
    """The acknowledgement's payload, and everything the app said to this act afterwards."""

    user: str
    channel: str | None = None
    source: Message | None = field(default=None, repr=False)
    payload: JSON = field(default_factory=dict)
    responses: list[Message] = field(default_factory=list)
    response_url: str = ""
    uses: int = 0
    born: float = field(default_factory=time.monotonic)

    def expired(self) -> bool:
        """Whether its response_url is too old."""
        return time.monotonic() - self.born > RESPONSE_SECONDS

    def spent(self) -> bool:
        """Whether its response_url was used as often as it may be."""
        return self.uses >= RESPONSE_USES

    @property
    def text(self) -> str:
        """The text of the acknowledgement, empty when it has none."""
        return str(self.payload.get("text", ""))

    @property
    def blocks(self) -> list[JSON]:
        """The blocks of the acknowledgement."""
        blocks: list[JSON] = self.payload.get("blocks", [])
        return blocks

    @property
    def response_type(self) -> str:
        """`ephemeral` unless the app said `in_channel`."""
        return str(self.payload.get("response_type", "ephemeral"))

    @property
    def response_action(self) -> str | None:
        """What a submitted form should do: errors, update, push, clear, or None to close."""
        return self.payload.get("response_action")

    @property
    def errors(self) -> dict[str, str]:
        """Errors of a form by block_id."""
        errors: dict[str, str] = self.payload.get("errors", {})
        return errors

    @property
    def view(self) -> JSON | None:
        """The view the acknowledgement carries."""
        return self.payload.get("view")

    def __getitem__(self, name: str) -> Any:
        """A field of the acknowledgement."""
        return self.payload[name]
