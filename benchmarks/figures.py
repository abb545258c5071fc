"""From the trails to the figures of one scenario."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmarks.crowd import Sent
from benchmarks.wire import Trail, post_key
from emulator.slack import SlackEmulator

STAGES = ("open", "triage", "answer", "act")


@dataclass(frozen=True)
class Spread:
    """The median, the 99th percentile (nearest rank) and the maximum of a sample, in ms."""

    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, sample: Iterable[float]) -> "Spread":
        """Spread of a sample in milliseconds; all zero when there is none."""
        ranked = sorted(sample) or [0.0]
        return cls(*(round(ranked[_rank(len(ranked), part)], 1) for part in (0.5, 0.99, 1.0)))


def _rank(size: int, part: float) -> int:
    return max(0, -int(-size * part // 1) - 1)


@dataclass(frozen=True)
class Start:
    """A start on a database that is up to date: seconds until it listens, of those the processor's.

    `rest_mb` is what is resident a while later, before the first message.
    """

    seconds: float
    cpu_seconds: float
    rest_mb: float


@dataclass(frozen=True)
class Figures:
    """What one scenario came to. Times are ms, memory MB of 1,000,000 bytes.

    `slack_calls` are calls to Slack a message, `by_method` each kind of them, `by_outcome` those of
    threads in which all messages ended alike. `others` is how many processors everything else on
    the machine kept busy meanwhile.
    """

    messages: int
    ack: Spread
    sign: Spread
    added: Spread
    whole: Spread
    stages: dict[str, Spread]
    outcomes: dict[str, int]
    seconds: float
    per_second: float
    per_second_in_thirds: list[float]
    cpu_ms: float
    emulator_cpu_ms: float
    peak_mb: float
    start: Start
    slack_calls: float
    by_method: dict[str, float]
    by_outcome: dict[str, float]
    generator_lag: Spread
    model_seconds: float
    redelivered: int
    unacknowledged: int
    lost: int
    doubled: int
    out_of_order: int
    load_before: float
    others: float

    @property
    def faithful(self) -> bool:
        """Nothing lost, nothing doubled, every thread in order."""
        return not (self.lost or self.doubled or self.out_of_order)


def threads(sent: Sequence[Sent], trails: Sequence[Trail]) -> list[list[tuple[Sent, Trail]]]:
    """Messages with their trails, thread by thread, oldest first."""
    found: defaultdict[tuple[str, str], list[tuple[Sent, Trail]]] = defaultdict(list)
    for each, trail in zip(sent, trails, strict=True):
        found[each.message.channel, each.message.root_ts].append((each, trail))
    return list(found.values())


def added(thread: Sequence[tuple[Sent, Trail]]) -> list[float]:
    """What the bot added to each message of a thread, in ms: neither the models' time nor Slack's.

    A message's time begins when it is posted or, since a thread is worked in order, when the one
    before it was closed.
    """
    free = 0.0
    found = []
    for sent, trail in thread:
        if trail.closings:
            began = max(sent.at, free)
            free = trail.closed_at
            found.append((trail.closed_at - began - trail.elsewhere(began)) * 1000)
    return found


def out_of_order(thread: Sequence[tuple[Sent, Trail]]) -> int:
    """Closing posts of a thread that stand before that of an earlier message."""
    moments = [trail.closed_at for _sent, trail in thread if trail.closings]
    return sum(later < earlier for earlier, later in pairwise(moments))


def doubled(slack: SlackEmulator, trails: Iterable[Trail]) -> int:
    """Posts that stand in the workspace twice under a key, and messages closed in two ways."""
    keys = Counter(
        post_key({"metadata": message.metadata})
        for channel in slack.workspace.channels.values()
        for message in slack.messages(channel)
        if message.metadata
    )
    repeated = sum(count - 1 for count in keys.values())
    return repeated + sum(len(trail.kinds) > 1 for trail in trails)


def stages(stories: Sequence[dict[str, Any]]) -> dict[str, Spread]:
    """What the bot's own log says of each stage, models and Slack included, in whole ms."""
    return {
        stage: Spread.of(story[f"{stage}_ms"] for story in stories if f"{stage}_ms" in story)
        for stage in STAGES
    }


def in_thirds(closed_at: Iterable[float], began: float) -> list[float]:
    """Messages a second in the first, the second and the last third of all that were closed."""
    moments = sorted(closed_at)
    third = len(moments) // 3
    marks = [began, *(moments[number * third - 1] for number in (1, 2, 3) if third)]
    return [round(third / (end - start), 1) for start, end in pairwise(marks)]
