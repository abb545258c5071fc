"""A stretch of a conversation: what the history shows of it, beside what is known of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.messages.inbound import message_key
from handlers.catch_up.history_events import since_we_joined, tombstone
from handlers.connection.installation import Installation
from handlers.slack.channel_history import ChannelHistory, HistoryPlace
from handlers.types import Payload
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.intake import missed
from storage.intake.missed import SaidMessage

NEVER = "9999999999"
# Threads of tickets solved within this time are followed still; what people take back of what they
# said within it is noticed. Slack hides what is older than a workspace's retention, which is no
# deletion by its author.
FOLLOWED = timedelta(days=14)
TAKEN_BACK_WITHIN = timedelta(days=3)
# After an interruption so many threads are read whole, those talked in last, for what was edited
# and taken back in them.
MOST_WHOLE = 200


@dataclass(frozen=True)
class Stretch:
    """What was read of a conversation, oldest first.

    What stands in it after `since` may have been missed. `missing` are messages that people said
    there and that stand there no longer.
    """

    place: HistoryPlace
    since: str
    messages: Sequence[Payload]
    missing: Sequence[SaidMessage]


class StretchReader:
    """Reads from the history what may have been missed. Raises what the client raises."""

    def __init__(
        self, store: Database, history: ChannelHistory, at: Installation, agents_channel: str
    ) -> None:
        self._store = store
        self._history = history
        self._at = at
        self._agents_channel = agents_channel

    async def read_since(self, place: HistoryPlace, since: str) -> Stretch:
        """What was said in a conversation since a moment, and in its threads that have grown."""
        followed = await self._followed(place)
        roots, down_to = await self._history.roots(place.id, since, min([since, *followed]))
        grown = {str(each["ts"]) for each in roots if str(each.get("latest_reply", "")) > since}
        grown |= {each for each in followed if each < down_to}
        messages = list(roots)
        for thread in sorted(grown):
            messages += await self._history.thread(place.id, thread, since)
        roots_said = [
            each
            for each in await self._said_lately(place)
            if each.ts == each.thread_ts and each.ts >= down_to
        ]
        missing = await self._missing(place, roots_said, messages)
        return Stretch(place, since, since_we_joined(_once(messages), self._at), missing)

    async def talked_in(self, place: HistoryPlace) -> Sequence[str]:
        """The threads in which people spoke last, and may have changed what they said."""
        said = sorted(await self._said_lately(place), key=lambda each: each.ts, reverse=True)
        return list(dict.fromkeys(each.thread_ts for each in said))[:MOST_WHOLE]

    async def read_thread(self, place: HistoryPlace, since: str, thread: str) -> Stretch:
        """All answers in a thread, with what was edited since a moment, or taken back."""
        messages = await self._history.thread(place.id, thread)
        answers = [
            each
            for each in await self._said_lately(place)
            if each.thread_ts == thread and each.ts != thread
        ]
        missing = await self._missing(place, answers, messages)
        return Stretch(place, since, _once(messages), missing)

    async def _missing(
        self, place: HistoryPlace, said: Iterable[SaidMessage], messages: Iterable[Payload]
    ) -> list[SaidMessage]:
        """What was said and was not read, and is not found where it stood either."""
        there = {str(each["ts"]) for each in messages if not tombstone(each)}
        lost = [each for each in said if each.ts not in there]
        return [each for each in lost if not await self._history.stands(place.id, each.ts)]

    async def _said_lately(self, place: HistoryPlace) -> Sequence[SaidMessage]:
        """What people said in a conversation and have not taken back, as far as it is known."""
        lately = f"{self._history.now() - TAKEN_BACK_WITHIN.total_seconds():.6f}"
        ends = (message_key(self._at.team, place.id, ts) for ts in (lately, NEVER))
        return await self._store.read(missed.said_between, *ends)

    async def _followed(self, place: HistoryPlace) -> Sequence[str]:
        listed = (
            missed.followed_cards if place.id == self._agents_channel else missed.followed_threads
        )
        return await self._store.read(listed, place.id, utc_now() - FOLLOWED)


def _once(messages: Iterable[Payload]) -> list[Payload]:
    """What was read twice, in the channel and in its thread, once; oldest first."""
    once = {str(each["ts"]): each for each in messages}
    return [once[ts] for ts in sorted(once)]
