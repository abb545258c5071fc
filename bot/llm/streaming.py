"""Hearing a reply while it is written: what the model says is told on, and may be cut short."""

from collections.abc import Callable
from typing import Any, Protocol

from bot.llm.replies import reply_citations, reply_text

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
    """The latest state of a reply, as far as its events have come, told to its listener."""

    def __init__(self, listener: ReplyListener) -> None:
        self.reply: Any = None
        # What the ledger keeps of the request: how often it was sent, and its id.
        self.facts: dict[str, Any] = {}
        self._listener = listener

    async def follow(self, stream: Any) -> None:
        """Read the events of a stream of the SDK's to their end.

        Citations may come after the text that they are for. Without anybody to tell, nothing is
        read out of the reply before its end.

        Raises:
            TooLong: it has more than LONGEST characters.
        """
        sent = stream.response.request.headers
        self.facts["attempts"] = int(sent.get("x-stainless-retry-count", 0)) + 1
        self.facts["request_id"] = stream.request_id
        length, listens = 0, self._listener.listens
        async for event in stream:
            if event.type == "message_start":
                self.reply = stream.current_message_snapshot
            elif event.type in ("text", "citation"):
                self.reply = stream.current_message_snapshot
                length += len(getattr(event, "text", ""))
                if length > LONGEST:
                    raise TooLong
                if listens:
                    self._tell()

    def _tell(self) -> None:
        sources = frozenset(each.source for each in reply_citations(self.reply))
        self._listener.hear(reply_text(self.reply), sources)
