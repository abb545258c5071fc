"""What was said while no event came: read from the history, and heard like everything else.

Slack keeps no event for an app that is away. So each conversation has a watermark, up to which it
is known; what stands after it and is not known is put to the listeners as its event would have
been, by the same keys, so that nothing is taken in twice. Moments are Slack's own time stamps.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.inbound import Missed, message_key, moment_of
from bot.pipeline.watermarks import Watermarks
from bot.runtime.catch_up import CatchUp
from bot.runtime.tasks import BackgroundTasks, Stoppable
from bot.tickets.refusals import REFUSALS
from handlers.errors import whisper_refusal
from handlers.events.history_events import (
    about,
    as_event,
    edited_ts,
    plain,
    since_we_joined,
    tombstone,
)
from handlers.events.messages import MessageEvents
from handlers.slack.channel_history import ChannelHistory, HistoryPlace
from handlers.slack.installation import Installation
from handlers.types import Payload
from handlers.web_api.call_priority import CallPriority, calls_as
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.intake import idempotency, missed
from storage.intake.missed import SaidMessage
from storage.intake.watermarks import DESK

# Seconds for which a message has not been missed, as its event may still be on its way; and by
# which Slack's history may lag behind its events.
ON_ITS_WAY = LAG = 60.0
NEVER = "9999999999"
# Threads of tickets solved within this time are followed still; what people take back of what they
# said within it is noticed. Slack hides what is older than a workspace's retention, which is no
# deletion by its author.
FOLLOWED = timedelta(days=14)
TAKEN_BACK_WITHIN = timedelta(days=3)
# After an interruption so many threads are read whole, those talked in last, for what was edited
# and taken back in them.
MOST_WHOLE = 200
TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError)

log = structlog.get_logger("gaps")


@dataclass(frozen=True)
class Stretch:
    """What was read of a conversation.

    `whole` are the threads that were read from their beginning, `down_to` is how far back the
    messages outside threads were.
    """

    place: HistoryPlace
    since: str
    messages: Sequence[Payload]
    whole: frozenset[str]
    down_to: str


class GapFill(Stoppable):
    """Reads back at the start, after each reconnection, and on the clock; one pass at a time."""

    def __init__(  # noqa: PLR0913 - built in one place
        self,
        store: Database,
        history: ChannelHistory,
        inbox: MessageEvents,
        client: AsyncWebClient,
        at: Installation,
        catch_up: CatchUp,
        *,
        agents_channel: str,
        answer_late: timedelta,
    ) -> None:
        self._store = store
        self._marks = Watermarks(store)
        self._history = history
        self._inbox = inbox
        self._client = client
        self._at = at
        self._catch_up = catch_up
        self._agents_channel = agents_channel
        self._answer_late = answer_late
        self._begun_at = self._connected_at = time.time()
        self._wanted = self._interrupted = self._new = False
        self._unheard = 0
        self._first = asyncio.Event()
        self._passes = BackgroundTasks()

    async def __aenter__(self) -> Self:
        """A new desk begins now: written down before the first event can come, or be missed."""
        if DESK not in await self._marks.all():
            await self._marks.begin(DESK, f"{self._begun_at:.6f}")
            self._new = True
        return self

    def connected(self) -> None:
        """Events come from now on; what was said before may have been missed, and changed."""
        self._connected_at = time.time()
        self._interrupted = True
        self._catch_up.begin()
        self.begin()

    def begin(self) -> None:
        """Read everything back soon; what is under way already begins once more."""
        self._wanted = True
        self._first.set()
        if not len(self._passes):
            self._passes.begin(self._work())

    async def wait_idle(self) -> None:
        """Wait until the first pass was wanted, and nothing is left to be read back."""
        await self._first.wait()
        await self._passes.wait_idle()

    async def stop(self) -> None:
        """Break off: what is not read by now is at the next start."""
        await self._passes.stop()

    async def _work(self) -> None:
        while self._wanted:
            interrupted, self._wanted, self._interrupted = self._interrupted, False, False
            try:
                await self._read_back(interrupted=interrupted)
            except Exception:
                self._interrupted |= interrupted
                log.exception("history not read")
        self._catch_up.over()

    async def _read_back(self, *, interrupted: bool) -> None:
        """Every conversation. A desk that begins today has missed nothing of before."""
        now, marks = time.time(), await self._marks.all()
        since = marks[DESK]
        new, self._new = self._new, False
        if new:
            return
        places = await self._history.places()
        found = 0
        for place in places:
            mark = await self._marks.begin(place.id, marks.get(place.id, since))
            try:
                found += await self._fill(place, mark, interrupted=interrupted)
            except TROUBLE as error:
                self._interrupted |= interrupted
                log.warning("channel not read back", channel=place.id, error=type(error).__name__)
            self._catch_up.done(place.id)
        # From now on a new conversation has nothing to say of before this pass.
        await self._marks.raise_to(DESK, f"{now - LAG:.6f}")
        if found:
            log.info("missed messages taken in", messages=found)

    async def _fill(self, place: HistoryPlace, since: str, *, interrupted: bool) -> int:
        """Take in what was missed in a conversation; answers how many messages that were."""
        began, self._unheard = time.monotonic(), 0
        stretch = await self._read(place, since, interrupted=interrupted)
        found = await self._take_in_new(stretch)
        await self._take_in_edits(stretch)
        await self._take_in_deletions(stretch)
        if self._unheard:
            return found
        newest = max((str(each["ts"]) for each in stretch.messages), default=since)
        # What was said while we read may stand where we had looked already.
        known = float(newest) - (time.monotonic() - began) - LAG
        await self._marks.raise_to(place.id, max(since, f"{known:.6f}"))
        return found

    async def _read(self, place: HistoryPlace, since: str, *, interrupted: bool) -> Stretch:
        """What stands in a conversation, and in its threads that have grown or may have changed."""
        followed = await self._followed(place)
        roots, down_to = await self._history.roots(place.id, since, min([since, *followed]))
        grown = {str(each["ts"]) for each in roots if str(each.get("latest_reply", "")) > since}
        grown |= {each for each in followed if each < down_to}
        whole = await self._talked_in(place) if interrupted else frozenset()
        messages = list(roots)
        for thread in sorted(grown | whole):
            begin = "0" if thread in whole else since
            messages += await self._history.thread(place.id, thread, begin)
        once = {str(each["ts"]): each for each in messages}
        ordered = since_we_joined([once[ts] for ts in sorted(once)], self._at)
        return Stretch(place, since, ordered, whole, down_to)

    async def _talked_in(self, place: HistoryPlace) -> frozenset[str]:
        """The threads in which people spoke last, and may have changed what they said."""
        said = sorted(await self._said(place), key=lambda each: each.ts, reverse=True)
        return frozenset(list(dict.fromkeys(each.thread_ts for each in said))[:MOST_WHOLE])

    async def _followed(self, place: HistoryPlace) -> Sequence[str]:
        listed = (
            missed.followed_cards if place.id == self._agents_channel else missed.followed_threads
        )
        return await self._store.read(listed, place.id, utc_now() - FOLLOWED)

    async def _said(self, place: HistoryPlace) -> Sequence[SaidMessage]:
        """What people said lately, as far as it is known."""
        lately = f"{time.time() - TAKEN_BACK_WITHIN.total_seconds():.6f}"
        ends = (message_key(self._at.team, place.id, ts) for ts in (lately, NEVER))
        return await self._store.read(missed.said_between, *ends)

    # What is new

    async def _take_in_new(self, stretch: Stretch) -> int:
        new = [each for each in stretch.messages if str(each["ts"]) > stretch.since]
        keys = {self._key(stretch.place, each): each for each in new if not self._own(each)}
        known = await self._store.read(missed.heard_of, list(keys))
        found = 0
        for key, raw in keys.items():
            if key in known:
                continue
            await self._hear(as_event(raw, stretch.place), self._age(str(raw["ts"])))
            if self._was_missed(str(raw["ts"])):
                found += await self._marks.found(key)
        return found

    def _was_missed(self, ts: str) -> bool:
        """Whether its event will not come any more, as far as can be told."""
        return float(ts) < max(self._connected_at, time.time() - ON_ITS_WAY)

    def _age(self, ts: str) -> Missed:
        return "old" if utc_now() - moment_of(ts) > self._answer_late else "young"

    # What was changed

    async def _take_in_edits(self, stretch: Stretch) -> None:
        """What its author edited since; it was known before, or has just been taken in."""
        edited = {
            self._key(stretch.place, each): each
            for each in stretch.messages
            if edited_ts(each) > stretch.since and not self._own(each)
        }
        heard = await self._store.read(missed.known_edits, list(edited))
        known = await self._store.read(missed.heard_of, list(edited))
        for key, raw in edited.items():
            ts = edited_ts(raw)
            if key in known and heard.get(key, "") < ts:
                event = about(stretch.place, "message_changed", ts, message=plain(raw))
                await self._hear_once(f"missed:{key}:{ts}", event, ts)

    async def _take_in_deletions(self, stretch: Stretch) -> None:
        """What its author took back, or somebody else for them: it stands there no longer."""
        there = {str(each["ts"]) for each in stretch.messages if not tombstone(each)}
        for said in await self._said(stretch.place):
            root = said.ts == said.thread_ts
            looked = said.thread_ts in stretch.whole or (root and said.ts >= stretch.down_to)
            if said.ts in there or not looked:
                continue
            if await self._history.stands(stretch.place.id, said.ts):
                continue
            before = {"user": said.author_id, "ts": said.ts, "text": ""}
            if not root:
                before["thread_ts"] = said.thread_ts
            event = about(
                stretch.place,
                "message_deleted",
                f"{time.time():.6f}",
                deleted_ts=said.ts,
                previous_message=before,
            )
            await self._hear_once(f"missed:{said.key}:deleted", event, said.ts)

    # How it is heard

    async def _hear_once(self, mark: str, event: Payload, said_ts: str) -> None:
        """A change is heard once, though its message looks the same the next time."""
        if await self._store.read(idempotency.was_done, mark):
            return
        await self._hear(event, self._age(said_ts))
        await self._marks.heard(mark)

    async def _hear(self, event: Payload, age: Missed) -> None:
        """What cannot be heard holds up nothing else, and is tried again in the next pass."""
        try:
            await self._inbox.missed(event, age)
        except REFUSALS as error:
            with calls_as(CallPriority.AGENT_WORDS):
                await whisper_refusal(error, event, self._client)
        except Exception:
            self._unheard += 1
            log.exception("not heard", channel=event["channel"], ts=event["ts"])

    def _own(self, raw: Payload) -> bool:
        """Whether the bot said it itself: such events are none to it either."""
        return raw.get("user") == self._at.bot_user or (
            bool(self._at.bot_id) and raw.get("bot_id") == self._at.bot_id
        )

    def _key(self, place: HistoryPlace, raw: Payload) -> str:
        return message_key(self._at.team, place.id, str(raw["ts"]))
