"""Refusals and failures of the API that people should hear of at once, also with few messages."""

from collections.abc import Mapping, Sequence

from bot.llm.calls import Call
from bot.llm.token_usage import UNKNOWN
from bot.notices import Alarms

# Nothing a customer's words have to do with: they will be refused until somebody does something.
REFUSALS: Mapping[str, str] = {
    "authentication_error": "The API key is refused (401): copy it again into ANTHROPIC_API_KEY.",
    "permission_error": "The API key may not do this (403): look at its workspace and models.",
    "billing_error": "The API account has no credit or an open bill (402): look at its billing.",
}
# So many calls in a row that failed are no accident.
IN_A_ROW = 3
# A reply came, whatever was in it.
WELL = frozenset({"ok", "refusal", "max_tokens", "stopped", "pause_turn", "stop_sequence"})


class OutageAlarms:
    """Follows the calls as they come, and raises and clears what stands for all of them."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._failed = 0
        self._said: dict[str, bool] = {}

    async def follow(self, calls: Sequence[Call]) -> None:
        """Take in the calls of a message, in their order."""
        for call in calls:
            self._failed = 0 if call.status in WELL else self._failed + 1
            await self._refused(call)
            await self._usage(call)
        if calls:
            told = f"The last {self._failed} calls failed, the last with {calls[-1].status!r}."
            await self._set("row", f"{told} People answer." if self._failed >= IN_A_ROW else None)

    async def _refused(self, call: Call) -> None:
        sentence = REFUSALS.get(call.status)
        if sentence:
            await self._set("refused", f"{sentence} Until then people answer.")
        elif call.status in WELL:
            await self._set("refused", None)

    async def _usage(self, call: Call) -> None:
        if call.status not in WELL:
            return
        unknown = call.price_version == UNKNOWN
        told = "Replies come without a usage that can be believed; their cost is reckoned."
        await self._set("usage", f"{told} Look at ANTHROPIC_BASE_URL." if unknown else None)

    async def _set(self, name: str, sentence: str | None) -> None:
        """Only a change is written down; after a restart the first call says how it stands."""
        stands = sentence is not None
        if self._said.get(name) == stands:
            return
        await self._alarms.set(name, sentence)
        self._said[name] = stands
