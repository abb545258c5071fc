"""What agents type in a thread to do something: `?solve`, `?hold 2d`, `?tag billing`, `?note …`.

Slash commands cannot be typed in threads, so each of their verbs has a macro.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo
from difflib import get_close_matches

from bot.tickets.actions import ActionRefused, Actor, TicketActions
from bot.tickets.snooze import NotATime, wake_time
from handlers.views.mrkdwn import local_time
from storage.db.columns import utc_now
from storage.tickets.changes import PRIORITIES, STATUSES

_MACRO = re.compile(r"\?([a-z]+)(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
_PERSON = re.compile(r"<?@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?")
# How alike a mistyped verb is to the one that was meant, as difflib counts.
ALIKE = 0.7
_NUMBER = re.compile(r"(?:t-)?#?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class ThreadCommand:
    """A verb and what was typed after it."""

    verb: str
    rest: str = ""


def read_thread_command(text: str) -> ThreadCommand | None:
    """The macro that a message is, also a mistyped one, or None: a question mark alone makes none.

    What was nearly a verb is nothing to keep as a note or as a word to the customer.
    """
    match = _MACRO.fullmatch(text.strip())
    if match is None or not _nearest(match[1].lower()):
        return None
    return ThreadCommand(match[1].lower(), (match[2] or "").strip())


def _nearest(typed: str) -> str | None:
    """The verb that was meant; None when it is like none."""
    return next(iter(get_close_matches(typed, VERBS, 1, ALIKE)), None)


class ThreadCommands:
    """Carries out macros; callers have checked that an agent typed it."""

    def __init__(
        self, work: TicketActions, works: Callable[[str], Awaitable[bool]], zone: tzinfo
    ) -> None:
        self._work = work
        self._works = works
        self._zone = zone

    async def run(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        """Do it and answer with a sentence; raises one of `REFUSALS`."""
        work = VERBS.get(thread_command.verb)
        if work is None:
            meant = _nearest(thread_command.verb)
            raise ActionRefused(
                f"I know no `?{thread_command.verb}`. Did you mean `?{meant}`? "
                "Nothing was done or noted."
            )
        return await work(self, thread_command, number, actor)

    async def solve(self, _macro: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.solve(actor, number)
        return f"T-{number} is solved."

    async def reopen(self, _macro: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.reopen(actor, number)
        return f"T-{number} is open again."

    async def take(self, _macro: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.take(actor, number)
        return f"T-{number} is yours, and the bot keeps quiet."

    async def resume(self, _macro: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.resume(actor, number)
        return f"The bot answers in T-{number} again."

    async def note(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.note(actor, number, thread_command.rest)
        return f"Noted in T-{number}, for agents only."

    async def tag(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        await self._work.tag(actor, number, thread_command.rest.split())
        return f"T-{number} is tagged."

    async def hold(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        try:
            until = wake_time(thread_command.rest, utc_now(), self._zone)
        except NotATime as error:
            raise ActionRefused(str(error)) from None
        await self._work.hold(actor, number, until)
        return f"T-{number} is on hold until {local_time(until)}."

    async def priority(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        wanted = thread_command.rest.lower()
        if wanted not in PRIORITIES:
            raise ActionRefused(f"Expected one of {', '.join(PRIORITIES)}.")
        await self._work.edit(actor, number, {}, {"priority": wanted})
        return f"T-{number} has {wanted} priority."

    async def status(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        """Any status by its name; each has rules of its own."""
        wanted, _, until = thread_command.rest.lower().replace("-", "_").partition(" ")
        match wanted:
            case "on_hold" | "hold":
                return await self.hold(ThreadCommand("hold", until.strip()), number, actor)
            case "solved":
                return await self.solve(thread_command, number, actor)
            case "open" | "pending" | "closed":
                await self._work.edit(actor, number, {}, {"status": wanted})
                return f"T-{number} is {wanted}."
            case _:
                raise ActionRefused(f"Expected one of {', '.join(STATUSES)}.")

    async def assign(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        named = _PERSON.fullmatch(thread_command.rest)
        if named is None:
            raise ActionRefused("Expected a person, as in ?assign @mai.")
        if not await self._works(named[1]):
            raise ActionRefused(f"<@{named[1]}> is not in the agents' channel.")
        await self._work.edit(actor, number, {}, {"assignee_id": named[1]})
        return f"T-{number} belongs to <@{named[1]}>."

    async def tell_all(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        told = await self._work.tell_all(actor, number, thread_command.rest)
        return f"On its way to the customers of {told} tickets."

    async def merge(self, thread_command: ThreadCommand, number: int, actor: Actor) -> str:
        target = _NUMBER.fullmatch(thread_command.rest)
        if target is None:
            raise ActionRefused("Expected a ticket, as in ?merge T-1042.")
        await self._work.merge(actor, number, int(target[1]))
        return f"T-{number} is merged into T-{target[1]}."


VERBS: dict[str, Callable[[ThreadCommands, ThreadCommand, int, Actor], Awaitable[str]]] = {
    "solve": ThreadCommands.solve,
    "close": ThreadCommands.solve,
    "reopen": ThreadCommands.reopen,
    "take": ThreadCommands.take,
    "resume": ThreadCommands.resume,
    "note": ThreadCommands.note,
    "tag": ThreadCommands.tag,
    "hold": ThreadCommands.hold,
    "snooze": ThreadCommands.hold,
    "priority": ThreadCommands.priority,
    "status": ThreadCommands.status,
    "assign": ThreadCommands.assign,
    "merge": ThreadCommands.merge,
    "tellall": ThreadCommands.tell_all,
}
