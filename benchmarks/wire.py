"""What the wire saw of each message: its acknowledgements, posts and model calls, in time."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.crowd import NUMBER, Sent
from emulator.claude import ClaudeEmulator
from emulator.claude.calls import Call as ModelCall
from emulator.slack import SlackEmulator
from emulator.slack.delivery import Delivery
from emulator.slack.web import Call as SlackCall

CLOSING = ("answer", "line")


@dataclass(frozen=True)
class Span:
    """A call as its server saw it; monotonic seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass
class Trail:
    """The calls that one message caused. `closings` end it for the customer; `kinds` are theirs."""

    signs: list[Span] = field(default_factory=list)
    closings: list[Span] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    slack: list[Span] = field(default_factory=list)
    model: list[Span] = field(default_factory=list)

    @property
    def seen_at(self) -> float:
        """When the author could first see anything of the bot."""
        return min(span.end for span in (*self.signs, *self.closings))

    @property
    def closed_at(self) -> float:
        return self.closings[0].end

    def elsewhere(self, since: float) -> float:
        """Seconds that Claude and Slack worked between a moment and the closing post."""
        spans = [s for s in (*self.model, *self.slack) if since <= s.start < self.closed_at]
        return sum(span.seconds for span in spans)


class Wire:
    """Sorts the emulators' records by message as they grow."""

    def __init__(self, slack: SlackEmulator, claude: ClaudeEmulator) -> None:
        self._slack, self._claude = slack, claude
        self._read = self._closed = 0
        self._by_ts: defaultdict[str, Trail] = defaultdict(Trail)

    @property
    def closed(self) -> int:
        """How many messages have an answer, or the word that a person will come."""
        self._read_on()
        return self._closed

    def trails(self, sent: list[Sent]) -> list[Trail]:
        """The trail of each message, in their order."""
        self._read_on()
        model = defaultdict(list)
        for call in self._claude.calls:
            model[_number(call)].append(Span(call.at, call.at + call.ms / 1000))
        for each in sent:
            self._by_ts[each.ts].model = model[each.number]
        return [self._by_ts[each.ts] for each in sent]

    def deliveries(self, people: set[str], since: float) -> list[Delivery]:
        """The messages of these people as they were first sent to the bot, retries left out."""
        return [
            each
            for each in self._slack.deliveries
            if each.attempt == 0
            and (each.sent_at or 0) >= since
            and each.payload.get("event", {}).get("user") in people
        ]

    def _read_on(self) -> None:
        fresh = self._slack.calls[self._read :]
        self._read += len(fresh)
        for call in fresh:
            if call.error is None:
                self._sort(call)

    def _sort(self, call: SlackCall) -> None:
        span = Span(call.at, call.at + call.ms / 1000)
        match call.method:
            case "reactions.add":
                self._by_ts[str(call.args["timestamp"])].signs.append(span)
            case "chat.getPermalink":
                self._by_ts[str(call.args["message_ts"])].slack.append(span)
            case "chat.postMessage":
                self._post(call.args, span)
            # What was shown while it was written is said when it is finished, under the same key.
            case "chat.stopStream" | "chat.update" if call.args.get("metadata"):
                self._post(call.args, span)
            case _:
                pass

    def _post(self, args: dict[str, Any], span: Span) -> None:
        named = post_key(args).split(":")
        if len(named) != 4:
            # A card is a ticket's, not a message's: nobody waits for it.
            return
        _team, _channel, ts, kind = named
        trail = self._by_ts[ts]
        trail.slack.append(span)
        if kind in CLOSING:
            self._closed += not trail.closings
            trail.closings.append(span)
            trail.kinds.add(kind)


def post_key(args: dict[str, Any]) -> str:
    """The key that a post of the bot carries: for a message's, `team:channel:ts:kind`."""
    return str(args["metadata"]["event_payload"]["key"])


def _number(call: ModelCall) -> str:
    """The number of the message a request is about: the last in it, as the thread comes first."""
    content = call.body["messages"][0]["content"]
    text = content if isinstance(content, str) else content[-1]["text"]
    return str(NUMBER.findall(text)[-1])
