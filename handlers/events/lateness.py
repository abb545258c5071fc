"""How old a message may be that comes late, and the bot still answers."""

from datetime import timedelta

from bot.messages.inbound import Missed, moment_of
from storage.db.columns import utc_now


class Lateness:
    """What is older than `[life] answer_late` is for people."""

    def __init__(self, answer_late: timedelta) -> None:
        self._answer_late = answer_late

    def age(self, ts: str) -> Missed:
        """Whether a message of that moment is still answered."""
        return "old" if self.is_old(ts) else "young"

    def is_old(self, ts: str) -> bool:
        """Whether nobody wants an answer of the bot's any more; not where it has no moment."""
        try:
            return utc_now() - moment_of(ts) > self._answer_late
        except (ValueError, OverflowError, OSError):
            return False
