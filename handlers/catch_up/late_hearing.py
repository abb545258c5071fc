"""What was missed, heard as its events would have been: new words, edits, deletions.

It goes to the same listeners under the same keys, so that nothing is taken in twice.
"""

from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.inbound import Missed, message_key
from bot.pipeline.watermarks import Watermarks
from bot.tickets.refusals import REFUSALS
from handlers.catch_up.history_events import about, as_event, edited_ts, plain
from handlers.catch_up.stretch import Stretch
from handlers.connection.installation import Installation
from handlers.errors import whisper_refusal
from handlers.events.lateness import Lateness
from handlers.events.messages import MessageEvents
from handlers.slack.channel_history import HistoryPlace
from handlers.types import Payload
from handlers.web_api.call_priority import CallPriority, calls_as
from storage.db.database import Database
from storage.intake import idempotency, missed

log = structlog.get_logger("gaps")


@dataclass(frozen=True)
class TakenIn:
    """How many messages no event had brought, and how many could not be heard this time."""

    missed: int = 0
    unheard: int = 0

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(self.missed + other.missed, self.unheard + other.unheard)


class LateHearing:
    """Takes in stretches. What cannot be heard holds up nothing else, and is for the next pass."""

    def __init__(
        self,
        store: Database,
        inbox: MessageEvents,
        client: AsyncWebClient,
        at: Installation,
        *,
        late: Lateness,
    ) -> None:
        self._store = store
        self._marks = Watermarks(store)
        self._inbox = inbox
        self._client = client
        self._at = at
        self._late = late

    async def take_in(self, stretch: Stretch, awaited: float, now: float) -> TakenIn:
        """Hear what was not heard; for what was said before `awaited` no event will come any more.

        Both are moments by Slack's clock.
        """
        new = await self._new(stretch, awaited)
        edits = await self._edits(stretch)
        return new + edits + await self._deletions(stretch, now)

    async def _new(self, stretch: Stretch, awaited: float) -> TakenIn:
        new = [each for each in stretch.messages if str(each["ts"]) > stretch.since]
        keys = {self._key(stretch.place, each): each for each in new if not self._own(each)}
        known = await self._store.read(missed.heard_of, list(keys))
        taken = TakenIn()
        for key, raw in keys.items():
            if key in known:
                continue
            ts = str(raw["ts"])
            taken += await self._hear(as_event(raw, stretch.place), self._late.age(ts))
            if float(ts) < awaited and await self._marks.found(key):
                taken += TakenIn(missed=1)
        return taken

    async def _edits(self, stretch: Stretch) -> TakenIn:
        """What its author edited since; it was known before, or has just been taken in."""
        edited = {
            self._key(stretch.place, each): each
            for each in stretch.messages
            if edited_ts(each) > stretch.since and not self._own(each)
        }
        heard = await self._store.read(missed.known_edits, list(edited))
        known = await self._store.read(missed.heard_of, list(edited))
        taken = TakenIn()
        for key, raw in edited.items():
            ts = edited_ts(raw)
            if key in known and heard.get(key, "") < ts:
                event = about(stretch.place, "message_changed", ts, message=plain(raw))
                taken += await self._hear_once(f"missed:{key}:{ts}", event, ts)
        return taken

    async def _deletions(self, stretch: Stretch, now: float) -> TakenIn:
        """What its author took back, or somebody else for them."""
        taken = TakenIn()
        for said in stretch.missing:
            before = {"user": said.author_id, "ts": said.ts, "text": ""}
            if said.ts != said.thread_ts:
                before["thread_ts"] = said.thread_ts
            event = about(
                stretch.place,
                "message_deleted",
                f"{now:.6f}",
                deleted_ts=said.ts,
                previous_message=before,
            )
            taken += await self._hear_once(f"missed:{said.key}:deleted", event, said.ts)
        return taken

    async def _hear_once(self, mark: str, event: Payload, said_ts: str) -> TakenIn:
        """A change is heard once, though its message looks the same the next time."""
        if await self._store.read(idempotency.was_done, mark):
            return TakenIn()
        taken = await self._hear(event, self._late.age(said_ts))
        if not taken.unheard:
            await self._marks.heard(mark)
        return taken

    async def _hear(self, event: Payload, age: Missed) -> TakenIn:
        try:
            await self._inbox.missed(event, age)
        except REFUSALS as error:
            with calls_as(CallPriority.AGENT_WORDS):
                await whisper_refusal(error, event, self._client)
        except Exception:
            log.exception("not heard", channel=event["channel"], ts=event["ts"])
            return TakenIn(unheard=1)
        return TakenIn()

    def _own(self, raw: Payload) -> bool:
        """Whether the bot said it itself: such events are none to it either."""
        return raw.get("user") == self._at.bot_user or (
            bool(self._at.bot_id) and raw.get("bot_id") == self._at.bot_id
        )

    def _key(self, place: HistoryPlace, raw: Payload) -> str:
        return message_key(self._at.team, place.id, str(raw["ts"]))
