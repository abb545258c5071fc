"""How much of everything happens, by the time it is given; ten minutes are the measure."""

from dataclasses import dataclass

WHOLE = 600.0  # seconds in which 5,000 messages come


@dataclass(frozen=True)
class Plan:
    """A run of so many seconds. The same seed gives the same people, words and faults."""

    seconds: float
    seed: int
    replicas: int

    @property
    def messages(self) -> int:
        """What customers say."""
        return round(5_000 * self._part)

    @property
    def threads(self) -> int:
        """In how many threads."""
        return max(8, round(400 * self._part))

    @property
    def dark(self) -> float:
        """How long nobody is there, each of two times. Seconds."""
        return 30 * self._part

    @property
    def retries(self) -> tuple[float, ...]:
        """Slack's clock for events that nobody acknowledged. Seconds."""
        return (0, 60 * self._part, 300 * self._part)

    @property
    def _part(self) -> float:
        return self.seconds / WHOLE


# Of all events, calls and replies: the share that goes wrong.
TWICE = OUT_OF_ORDER = 0.05
SLACK_BUSY, SLACK_BROKEN, CUT_AFTER_POST = 0.03, 0.01, 0.02
CLAUDE_TROUBLE = 0.05
# Seconds between two kills, two losses of all sockets, and two acts of agents.
KILL_EVERY, SOCKETS_EVERY, AGENT_EVERY = 5.0, 10.0, 0.7
