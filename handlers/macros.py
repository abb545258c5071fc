"""What agents type in a thread to do something: `?solve`, `?hold 2d`, `?tag billing`, `?note …`.

Slash commands cannot be typed in threads, so each of their verbs has a macro.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo
from difflib import get_close_matches

from bot.deskwork import Deskwork, Hand, Refused
from bot.spans import NotATime, wake_up
from handlers.mrkdwn import when
from storage.columns import utc_now
from storage.lifecycle import PRIORITIES, STATUSES

_MACRO = re.compile(r"\?([a-z]+)(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
_PERSON = re.compile(r"<?@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?")
# How alike a mistyped verb is to the one that was meant, as difflib counts.
ALIKE = 0.7
_NUMBER = re.compile(r"(?:t-)?#?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Macro:
    """A verb and what was typed after it."""

    verb: str
    rest: str = ""


def read_macro(text: str) -> Macro | None:
    """The macro that a message is, also a mistyped one, or None: a question mark alone makes none.

    What was nearly a verb is nothing to keep as a note or as a word to the customer.
    """
    match = _MACRO.fullmatch(text.strip())
    if match is None or not _nearest(match[1].lower()):
        return None
    return Macro(match[1].lower(), (match[2] or "").strip())


def _nearest(typed: str) -> str | None:
    """The verb that was meant; None when it is like none."""
    return next(iter(get_close_matches(typed, VERBS, 1, ALIKE)), None)


class Macros:
    """Carries out macros; callers have checked that an agent typed it."""

    def __init__(
        self, work: Deskwork, works: Callable[[str], Awaitable[bool]], zone: tzinfo
    ) -> None:
        self._work = work
        self._works = works
        self._zone = zone

    async def run(self, macro: Macro, number: int, hand: Hand) -> str:
        """Do it and answer with a sentence; raises one of `REFUSALS`."""
        work = VERBS.get(macro.verb)
        if work is None:
            meant = _nearest(macro.verb)
            raise Refused(
                f"I know no `?{macro.verb}`. Did you mean `?{meant}`? Nothing was done or noted."
            )
        return await work(self, macro, number, hand)

    async def solve(self, _macro: Macro, number: int, hand: Hand) -> str:
        await self._work.solve(hand, number)
        return f"T-{number} is solved."

    async def reopen(self, _macro: Macro, number: int, hand: Hand) -> str:
        await self._work.reopen(hand, number)
        return f"T-{number} is open again."

    async def take(self, _macro: Macro, number: int, hand: Hand) -> str:
        await self._work.take(hand, number)
        return f"T-{number} is yours, and the bot keeps quiet."

    async def resume(self, _macro: Macro, number: int, hand: Hand) -> str:
        await self._work.resume(hand, number)
        return f"The bot answers in T-{number} again."

    async def note(self, macro: Macro, number: int, hand: Hand) -> str:
        await self._work.note(hand, number, macro.rest)
        return f"Noted in T-{number}, for agents only."

    async def tag(self, macro: Macro, number: int, hand: Hand) -> str:
        await self._work.tag(hand, number, macro.rest.split())
        return f"T-{number} is tagged."

    async def hold(self, macro: Macro, number: int, hand: Hand) -> str:
        try:
            until = wake_up(macro.rest, utc_now(), self._zone)
        except NotATime as error:
            raise Refused(str(error)) from None
        await self._work.hold(hand, number, until)
        return f"T-{number} is on hold until {when(until)}."

    async def priority(self, macro: Macro, number: int, hand: Hand) -> str:
        wanted = macro.rest.lower()
        if wanted not in PRIORITIES:
            raise Refused(f"Expected one of {', '.join(PRIORITIES)}.")
        await self._work.edit(hand, number, {}, {"priority": wanted})
        return f"T-{number} has {wanted} priority."

    async def status(self, macro: Macro, number: int, hand: Hand) -> str:
        """Any status by its name; each has rules of its own."""
        wanted, _, until = macro.rest.lower().replace("-", "_").partition(" ")
        match wanted:
            case "on_hold" | "hold":
                return await self.hold(Macro("hold", until.strip()), number, hand)
            case "solved":
                return await self.solve(macro, number, hand)
            case "open" | "pending" | "closed":
                await self._work.edit(hand, number, {}, {"status": wanted})
                return f"T-{number} is {wanted}."
            case _:
                raise Refused(f"Expected one of {', '.join(STATUSES)}.")

    async def assign(self, macro: Macro, number: int, hand: Hand) -> str:
        named = _PERSON.fullmatch(macro.rest)
        if named is None:
            raise Refused("Expected a person, as in ?assign @mai.")
        if not await self._works(named[1]):
            raise Refused(f"<@{named[1]}> is not in the agents' channel.")
        await self._work.edit(hand, number, {}, {"assignee_id": named[1]})
        return f"T-{number} belongs to <@{named[1]}>."

    async def tell_all(self, macro: Macro, number: int, hand: Hand) -> str:
        told = await self._work.tell_all(hand, number, macro.rest)
        return f"On its way to the customers of {told} tickets."

    async def merge(self, macro: Macro, number: int, hand: Hand) -> str:
        target = _NUMBER.fullmatch(macro.rest)
        if target is None:
            raise Refused("Expected a ticket, as in ?merge T-1042.")
        await self._work.merge(hand, number, int(target[1]))
        return f"T-{number} is merged into T-{target[1]}."


VERBS: dict[str, Callable[[Macros, Macro, int, Hand], Awaitable[str]]] = {
    "solve": Macros.solve,
    "close": Macros.solve,
    "reopen": Macros.reopen,
    "take": Macros.take,
    "resume": Macros.resume,
    "note": Macros.note,
    "tag": Macros.tag,
    "hold": Macros.hold,
    "snooze": Macros.hold,
    "priority": Macros.priority,
    "status": Macros.status,
    "assign": Macros.assign,
    "merge": Macros.merge,
    "tellall": Macros.tell_all,
}
