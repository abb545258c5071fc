"""What is known about a message while it passes through the stages: one frozen value a stage.

Each is what its stage returns, and holds what the stages before it found:
`Accepted → Opened → Read → Assessed → Routed → Composed → Published`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.answers.answer import Answer
from bot.attachments.contents import AttachmentContents
from bot.llm.calls import Call
from bot.messages.bursts import Request
from bot.messages.history import NO_HISTORY, ThreadHistory
from bot.messages.inbound import IncomingMessage
from bot.messages.outcomes import Outcome
from bot.messages.thread import Thread
from bot.pipeline.assessment import Assessment
from bot.pipeline.route import Route
from bot.workspace.posts import Placeholder, Posted
from storage.intake.arrivals import OpenedTicket


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A message that was taken in.

    `recovered` says that an earlier process
    began its story, so that what we post may stand there already. `history` is what was said in the
    thread that the desk was called into.
    """

    inbound: IncomingMessage
    recovered: bool
    history: ThreadHistory = NO_HISTORY


@dataclass(frozen=True, kw_only=True)
class Opened(Accepted):
    """It is in its ticket. `language` is the customer's, as far as it is known."""

    ticket: OpenedTicket
    language: str | None

    @property
    def edited(self) -> bool:
        """Whether it had been dealt with before its author edited it."""
        return self.inbound.edited_ts is not None

    @property
    def renames(self) -> bool:
        """Whether it says anew what its ticket is about."""
        return self.edited and self.inbound.alone

    @property
    def told_to_people(self) -> bool:
        """Whether people have the ticket, so that it is for them to read.

        An edit changes nothing about that, unless the agents have a draft for what was asked.
        """
        waits = self.awaits_people and not self.ticket.drafted
        return self.ticket.human or (self.edited and waits)

    @property
    def awaits_people(self) -> bool:
        """Whether the ticket was handed over and it is the agents' turn."""
        return self.ticket.handed_over and not self.ticket.waiting


@dataclass(frozen=True, kw_only=True)
class Read(Opened):
    """What it says together with its burst, what was said before, and what is attached.

    `calls` were paid so far. `standing` is the message of ours that was begun for the answer, in
    an earlier round here, and `judged` what that round judged.
    """

    heard: Request
    thread: Thread
    attached: AttachmentContents
    calls: tuple[Call, ...]
    standing: Placeholder | None = None
    judged: Assessment | None = None


@dataclass(frozen=True, kw_only=True)
class Assessed(Read):
    """What it wants. A re-run may find the verdict on an older text: `heard` is that one."""

    assessment: Assessment


@dataclass(frozen=True, kw_only=True)
class Routed(Assessed):
    """What is to be done about it."""

    route: Route


@dataclass(frozen=True, kw_only=True)
class Composed(Routed):
    """The words, where the route wants any.

    `stopped` is who ended them while they were written: a user id, or "" when Slack did not say.
    """

    answer: Answer | None = None
    stopped: str | None = None

    @property
    def draft(self) -> Answer | None:
        """The answer that the gate lets agents have as a draft, if there is one."""
        answer = self.answer
        if answer is None or answer.text is None or answer.verdict.outcome != "suggest":
            return None
        return answer


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was done about a message, how far it had come, and what stands in Slack because of it.

    `parts` are the keys of messages that were answered with it. `note` says that the agents are to
    read its words under the card, and whether the channel is to hear of them. `problem` says why it
    failed, and `reference` under which name that was logged. `stage_ms` is what each stage took,
    milliseconds.
    """

    reached: Opened
    outcome: Outcome
    posts: tuple[Posted, ...] = ()
    parts: tuple[str, ...] = ()
    note: Literal["loud", "quiet"] | None = None
    problem: str | None = None
    reference: str | None = None
    stage_ms: Mapping[str, int] = field(default_factory=dict)
