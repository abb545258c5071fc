"""Hearing a reply while it is written: what the model says is told on, and may be cut short."""

from collections.abc import AsyncIterable, Callable
from typing import Any, Protocol

# Characters of a reply that are listened to: far more than any answer has, and no flood.
LONGEST = 60_000


class TooLong(Exception):
    """A reply that would not end."""


class ReplyListener(Protocol):
    """Who hears a reply.

    `stopped` says that the rest of it is not wanted, `listens` whether it is to be told at all.
    """

    stopped: bool

    @property
    def listens(self) -> bool: ...

    def begin(self, stop: Callable[[], None]) -> None:
        """The call begins; `stop` ends it at once, and does nothing when it is over."""

    def hear(self, text: str, sources: frozenset[str]) -> None:
        """What was said so far, and the sources it cites so far."""


# What of a reply may show, given what was said and the sources it cites so far.
Allowed = Callable[[str, frozenset[str]], str]


class ReplyAudience(ReplyListener, Protocol):
    """A listener that shows what it hears, as far as it is allowed to."""

    def show(self, allowed: Allowed) -> None:
        """From now on the reply shows as far as `allowed` says."""


class ReplyReader:
    """The latest state of a reply, as far as its events have come."""

    def __init__(self) -> None:
        self.reply: Any = None

    async def follow(self, events: AsyncIterable[Any], told: Callable[[Any], None] | None) -> None:
        """Read the events of a stream of the SDK's to their end; `told` is given the reply so far.

        Citations may come after the text that they are for. Without anybody to tell, nothing is
        read out of the reply before its end.

        Raises:
            TooLong: it has more than LONGEST characters.
        """
        stream: Any = events
        length = 0
        async for event in events:
            if event.type == "message_start":
                self.reply = stream.current_message_snapshot
            elif event.type in ("text", "citation"):
                self.reply = stream.current_message_snapshot
                length += len(getattr(event, "text", ""))
                if length > LONGEST:
                    raise TooLong
                if told is not None:
                    told(self.reply)
