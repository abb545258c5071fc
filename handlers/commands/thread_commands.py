"""What agents type in a thread to do something: `?solve`, `?hold 2d`, `?tag billing`, `?note …`.

Slash commands cannot be typed in threads, so each verb that is done to a ticket can be typed so.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.verbs import THREAD_COMMANDS

_TYPED = re.compile(r"\?([a-z]+)(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
# How alike a mistyped verb is to the one that was meant, as difflib counts.
ALIKE = 0.7


@dataclass(frozen=True)
class ThreadCommand:
    """A verb and what was typed after it."""

    verb: str
    rest: str = ""


def read_thread_command(text: str) -> ThreadCommand | None:
    """The command that a message is, also a mistyped one, or None: a question mark makes none.

    What was nearly a verb is nothing to keep as a note or as a word to the customer.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None or not _nearest(match[1].lower()):
        return None
    return ThreadCommand(match[1].lower(), (match[2] or "").strip())


async def run_thread_command(
    desk: TicketDesk, command: ThreadCommand, number: int, actor: Actor
) -> str:
    """Do it and answer with a sentence; raises a refusal. Callers know that an agent typed it."""
    verb = THREAD_COMMANDS.get(command.verb)
    if verb is None:
        meant = _nearest(command.verb)
        raise ActionRefused(
            f"I know no `?{command.verb}`. Did you mean `?{meant}`? Nothing was done or noted."
        )
    return str((await verb.run(desk, Asked(actor, command.rest, number)))["text"])


def _nearest(typed: str) -> str | None:
    """The verb that was meant; None when it is like none."""
    return next(iter(get_close_matches(typed, THREAD_COMMANDS, 1, ALIKE)), None)
