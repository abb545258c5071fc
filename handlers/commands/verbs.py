"""The table of verbs: each with its names, its help, who may ask it, and every way to ask it.

`/ticket take 1042`, `?take` in a thread, the button on a card and the 👀 under a message are one
entry. A new verb is a new entry here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from handlers.commands import questions, ticket_acts
from handlers.commands.asked import Asked, TicketDesk
from handlers.types import MessageBody
from handlers.views.blocks import section
from handlers.views.ids import ActionId, ShortcutId

RunVerb = Callable[[TicketDesk, Asked], Awaitable[MessageBody]]


@dataclass(frozen=True)
class Verb:
    """Something that can be asked of the desk.

    `names` are what is typed, the first being its own; `help` is its part of a line of
    `/ticket help`, empty where it is not told. `who` may ask it. `about` says whether the number of
    a ticket comes first, and `in_threads` whether `?name` does it to the thread's ticket. `buttons`
    and `reactions` are the ids and the emoji by which it is asked without typing; a button whose
    verb needs words opens a form for them.
    """

    names: tuple[str, ...]
    run: RunVerb
    help: str = ""
    who: Literal["everybody", "agents"] = "agents"
    about: Literal["desk", "ticket"] = "desk"
    in_threads: bool = False
    buttons: tuple[ActionId | ShortcutId, ...] = ()
    reactions: tuple[str, ...] = ()


def _ask(name: str, run: RunVerb, told: str = "") -> Verb:
    return Verb((name,), run, told, who="everybody")


def _act(
    names: str,
    run: RunVerb,
    told: str = "",
    buttons: tuple[ActionId | ShortcutId, ...] = (),
    reactions: tuple[str, ...] = (),
) -> Verb:
    return Verb(
        tuple(names.split()),
        run,
        told,
        about="ticket",
        in_threads=True,
        buttons=buttons,
        reactions=reactions,
    )


async def _help(desk: TicketDesk, asked: Asked) -> MessageBody:
    parts = [HELP, AGENTS_HELP] if await desk.access.works(asked.user) else [HELP]
    return {"text": "What /ticket can do", "blocks": [section(part) for part in parts]}


Lines = tuple[tuple[Verb, ...], ...]

FOR_EVERYBODY: Lines = (
    (
        _ask("start", questions.start),
        _ask("mine", questions.mine, "`/ticket` or `/ticket mine` · your tickets"),
    ),
    (
        Verb(
            ("show",),
            questions.show,
            "`/ticket 1042` · one ticket with its history",
            who="everybody",
            about="ticket",
        ),
    ),
    (_ask("new", questions.new, "`/ticket new [text]` · ask the desk something"),),
    (
        _ask(
            "find",
            questions.find,
            "`/ticket find <words>` · search, with filters such as `status:open before:2026-11-01`",
        ),
        _ask("help", _help),
    ),
)
"""The verbs of everybody; each tuple is a line of the help."""

FOR_AGENTS: Lines = (
    (
        Verb(
            ("queue",),
            questions.queue,
            "`/ticket queue [urgent | unassigned | a category | owner:@mai]` "
            "· what waits, next due first",
        ),
    ),
    (
        _act("take", ticket_acts.take, "`/ticket take 1042`", (ActionId.TAKE,), ("eyes",)),
        _act("assign", ticket_acts.assign, "`assign 1042 @mai`"),
        _act("priority", ticket_acts.priority, "`priority 1042 high`"),
        _act("tag", ticket_acts.tag, "`tag 1042 billing`"),
    ),
    (
        _act(
            "status",
            ticket_acts.status,
            "`/ticket status 1042 open | pending | solved | closed`",
        ),
        _act("snooze hold", ticket_acts.hold, "`snooze 1042 2d`"),
        _act("reopen", ticket_acts.reopen, "`reopen 1042`", (ActionId.REOPEN,)),
        _act(
            "solve close",
            ticket_acts.solve,
            "",
            (ActionId.SOLVE, ShortcutId.CLOSE),
            ("white_check_mark", "heavy_check_mark"),
        ),
    ),
    (
        _act("merge", ticket_acts.merge, "`/ticket merge 1042 1040`", (ActionId.MERGE,)),
        _act("note", ticket_acts.note, "`note 1042 …`"),
        _act("issue", ticket_acts.issue, "`issue 1042 …` (in GitHub or Jira)"),
        _act(
            "resume",
            ticket_acts.resume,
            "`resume 1042` (give it back to the bot)",
            (ActionId.RESUME,),
        ),
    ),
    (
        _act(
            "tellall",
            ticket_acts.tell_all,
            "`/ticket tellall 1042 …` · say the same to everybody in an incident",
            (ActionId.TELL_ALL,),
        ),
    ),
    (
        Verb(
            ("why",),
            questions.why,
            "`/ticket why 1042` · triage, route and reason, articles, prompts, models, cost",
            about="ticket",
            buttons=(ActionId.WHY, ShortcutId.WHY),
        ),
    ),
    (Verb(("stats",), questions.stats, "`/ticket stats [7d]` · the desk in figures"),),
    (
        Verb(
            ("gaps",),
            questions.gaps,
            "`/ticket gaps [30d]` · what customers asked and no article answers",
        ),
    ),
)
"""The verbs of agents, in the same way."""

VERBS: tuple[Verb, ...] = tuple(verb for line in (*FOR_EVERYBODY, *FOR_AGENTS) for verb in line)

COMMANDS: Mapping[str, Verb] = {name: verb for verb in VERBS for name in verb.names}
"""What can be typed after `/ticket`."""

THREAD_COMMANDS: Mapping[str, Verb] = {
    name: verb for name, verb in COMMANDS.items() if verb.in_threads
}
"""What can be typed after `?` in a ticket's thread or under its card."""

BUTTONS: Mapping[str, Verb] = {button: verb for verb in VERBS for button in verb.buttons}
"""What buttons and shortcuts stand for."""

REACTIONS: Mapping[str, Verb] = {emoji: verb for verb in VERBS for emoji in verb.reactions}
"""What reactions to a ticket's first message stand for."""

FILTERS_HELP = """*Filters for find:* `status:open,pending` `from:@linh` `owner:@mai` (`me`, \
`nobody`) `in:#orders` `intent:refund_request` `priority:high` `before:2026-11-01` `after:7d`, \
and words `"in a row"`"""


def _help_text(title: str, lines: Lines) -> str:
    told = (" · ".join(verb.help for verb in line if verb.help) for line in lines)
    return "\n".join([f"*{title}*", *filter(None, told)])


HELP = _help_text("For everybody", FOR_EVERYBODY)
AGENTS_HELP = "\n".join([_help_text("For agents", FOR_AGENTS), FILTERS_HELP])
