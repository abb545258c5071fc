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
        self._blocks: list[Any] = []
        self._length = 0

    async def follow(self, stream: Any) -> None:
        """Read the events of a stream of the API's, as the SDK parses them, to their end.

        Citations may come after the text that they are for. Without anybody to tell, nothing is
        read out of the reply before its end. The SDK's own accumulation builds each event and the
        reply anew at every word; here the reply that the first event brings grows. Of blocks other
        than text only the beginning is kept.

        Raises:
            TooLong: it has more than LONGEST characters.
        """
        headers = stream.response.headers
        sent = stream.response.request.headers
        self.facts["attempts"] = int(sent.get("x-stainless-retry-count", 0)) + 1
        self.facts["request_id"] = headers.get("request-id")
        listens = self._listener.listens
        async for event in stream:
            match event.type:
                case "message_start":
                    self._blocks = event.message.content
                    self.reply = event.message
                case "content_block_start":
                    self._blocks.append(event.content_block)
                case "content_block_delta":
                    if self._grows(self._blocks[event.index], event.delta) and listens:
                        self._tell()
                case "message_delta":
                    self._conclude(event)

    def _grows(self, block: Any, delta: Any) -> bool:
        """Add a piece to its block; whether there is more to read."""
        if block.type != "text":
            return False
        if delta.type == "text_delta":
            block.text += delta.text
            self._length += len(delta.text)
            if self._length > LONGEST:
                raise TooLong
        elif delta.type == "citations_delta":
            block.citations = [*(block.citations or ()), delta.citation]
        return True

    def _conclude(self, event: Any) -> None:
        """How it ended, and what it used in all: counts that are left out stay as they were."""
        self.reply.stop_reason = event.delta.stop_reason
        used = event.usage
        told = {name: getattr(used, name) for name in _CUMULATIVE}
        news = {name: count for name, count in told.items() if count is not None}
        news["output_tokens"] = used.output_tokens
        self.reply.usage = self.reply.usage.model_copy(update=news)

    def _tell(self) -> None:
        sources = frozenset(each.source for each in reply_citations(self.reply))
        self._listener.hear(reply_text(self.reply), sources)


_CUMULATIVE = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
