"""What can come in from Slack, once translated: a message, or noise."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from bot.config.modes import Mode
from bot.values import Frozen
from storage.tickets.values import edition_key

Author = Literal["customer", "agent"]
# What was found in the history is still answered while it is young; old, it is for people.
Missed = Literal["young", "old"]


class File(Frozen):
    """A file attached to a message: `size` in bytes, `url` where the workspace keeps it.

    `quoted` says that the message's text holds all that the file says, so that it need not be read.
    `part_of` is the id of the file that it came with: an e-mail, or a clip whose words it holds.
    """

    id: str
    name: str
    mimetype: str = ""
    size: int = 0
    url: str = ""
    quoted: bool = False
    part_of: str = ""

    @property
    def known(self) -> bool:
        """Whether more than its id is known: of a file from elsewhere Slack tells no more."""
        return bool(self.url or self.mimetype)

    @property
    def awaited(self) -> bool:
        """Whether nobody sent it: it stands for words of a clip that Slack has yet to write."""
        return bool(self.part_of) and not self.known


def file_titles(files: Sequence[Mapping[str, Any]]) -> list[str]:
    """What agents read of files, as the store keeps these."""
    read = map(File.model_validate, files)
    return [each.name or "a file" for each in read if not each.awaited]


def moment_of(ts: str) -> datetime:
    """The UTC moment of a Slack `ts` (seconds since 1970 with six decimals)."""
    return datetime.fromtimestamp(float(ts), UTC)


class MessageLink(Frozen):
    """A link to a message of the workspace; `thread_ts` names its thread where it stands in one."""

    channel: str
    ts: str
    thread_ts: str | None = None


class IncomingMessage(Frozen):
    """A message by a person in a place the desk listens to.

    `text` is all that its reader sees: the author's words, then what they quote, under headings
    (`bot.messages.content`). `machine` says that an app posted it for `user`, or for nobody: then
    `user` is the app or the address that it came from. `user_team` is the author's workspace where
    that is not ours. `mode` is how far the bot may go in that place. `requester` is who asks where
    that is not the author: an agent's word names the customer. `burst_ts` is the message that this
    one is more of, though it stands outside any thread; it is changed by `in_burst` alone, for
    what is worked out from it is kept. `addressed` says that it is for the desk beyond doubt; of
    others triage says whom they are for. `pulled` says that the desk was called into its thread,
    that it was made a ticket by hand, or that it asks something in a talk that was left alone: then
    what else was said in the thread is read first.
    `edited_ts` says that its author edited it then, after it had been dealt with: it is told once
    more, as a word of then. `edited_in` says that an edit then made a request of what was none.
    `links` are the messages that it links to. `missed` says that no event brought it in its time.
    """

    team: str
    channel: str
    ts: str
    thread_ts: str | None = None
    user: str
    user_team: str | None = None
    author: Author = "customer"
    machine: bool = False
    text: str = ""
    files: tuple[File, ...] = ()
    private: bool = False
    mode: Mode = "auto"
    requester: str | None = None
    burst_ts: str | None = None
    addressed: bool = True
    pulled: Literal["called", "adopted", "overheard"] | None = None
    edited_ts: str | None = None
    edited_in: str | None = None
    links: tuple[MessageLink, ...] = ()
    missed: Missed | None = None

    @cached_property
    def key(self) -> str:
        """The message's name everywhere, and the id of the workflow that handles it."""
        key = message_key(self.team, self.channel, self.ts)
        return edition_key(key, self.edited_ts) if self.edited_ts else key

    @cached_property
    def said_ts(self) -> str:
        """When it was said as it reads now: its turn among the words of its thread."""
        return self.edited_ts or self.ts

    @cached_property
    def story(self) -> str:
        """The id of the workflow that handles it; a second one where it was made a ticket later."""
        if self.pulled == "adopted":
            return f"{self.key}:adopted"
        return f"{self.key}:{self.edited_in}" if self.edited_in else self.key

    @cached_property
    def root(self) -> str:
        """The ts of the thread the message belongs to: its own when it starts one."""
        return self.thread_ts or self.burst_ts or self.ts

    @cached_property
    def direct(self) -> bool:
        """Whether it was said in a person's direct conversation with the app, which has a pane."""
        return self.channel.startswith("D")

    @cached_property
    def alone(self) -> bool:
        """Whether nothing was said before it in its thread."""
        return self.root == self.ts

    @cached_property
    def thread(self) -> str:
        """The key of the message that starts the thread."""
        return message_key(self.team, self.channel, self.root)

    @cached_property
    def sent_at(self) -> datetime:
        return moment_of(self.said_ts)

    def in_burst(self, burst_ts: str | None) -> "IncomingMessage":
        """The same message as more of another one, or of none."""
        return IncomingMessage(**{**self.model_dump(), "burst_ts": burst_ts})


class IgnoredEvent(Frozen):
    """An event that opens no ticket, and why. Without a key it is no message of a watched place."""

    reason: str
    key: str | None = None


def message_key(team: str, channel: str, ts: str) -> str:
    """`team:channel:ts`, which sorts by time within a channel."""
    return f"{team}:{channel}:{ts}"
