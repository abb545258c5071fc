"""What can be seen in the workspace, and waiting until it can."""

import contextlib
from collections.abc import Callable
from typing import TypeVar

from emulator.slack import transcript
from emulator.slack.channels import Channel
from emulator.slack.messages import Message
from emulator.slack.people import Person
from emulator.slack.views import View
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace

T = TypeVar("T")


class Screen:
    """Looks at the workspace with everybody's eyes."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def messages(self, channel: Channel | str) -> list[Message]:
        """Messages and replies of a channel, oldest first; deleted and ephemeral ones not."""
        key = channel if isinstance(channel, str) else channel.id
        return self.workspace.channels[key].visible()

    def thread(self, message: Message) -> list[Message]:
        """The thread of a message, its first message included; deleted ones not."""
        messages = self.workspace.channels[message.channel].messages
        root = messages.get(message.root_ts, message)
        return [m for m in (root, *root.replies) if not m.deleted]

    def dm(self, person: Person) -> Channel:
        """The direct conversation of a person with the app."""
        return self.workspace.direct(person.id)

    def reactions(self, message: Message) -> dict[str, list[str]]:
        """Who reacted how: user ids by the emoji's name."""
        return {name: list(users) for name, users in message.reactions.items()}

    def views(self, person: Person) -> list[View]:
        """The modals a person has open, the top one last."""
        return list(self.workspace.modals.get(person.id, []))

    def home(self, person: Person) -> View | None:
        """The Home tab as last published for this person."""
        return self.workspace.homes.get(person.id)

    def agent(self, channel: Channel, thread_ts: str = "") -> JSON:
        """What the app set for a conversation: `title`, `prompts`, `prompts_title`, `status`.

        Without a thread: for the whole pane, where people begin.
        """
        return dict(self.workspace.agent_sessions.get((channel.id, thread_ts), {}))

    @property
    def ephemerals(self) -> list[Message]:
        """Messages shown to one person only; `only_for` says to whom."""
        return self.workspace.ephemerals

    @property
    def broadcasts(self) -> list[Message]:
        """The app's messages that would have pinged everybody or a user group."""
        return self.workspace.broadcasts

    def transcript(self, channel: Channel | str | None = None) -> str:
        """What a person would see, of one channel or of all."""
        channels = self.workspace.channels
        if channel is None:
            return transcript.transcript(self.workspace, channels.values())
        key = channel if isinstance(channel, str) else channel.id
        return transcript.transcript(self.workspace, [channels[key]])

    def render(self, view: View) -> str:
        """What a person would see of a view."""
        return transcript.view(self.workspace, view)

    async def until(self, predicate: Callable[[], T], timeout: float = 30) -> T:  # noqa: ASYNC109
        """Wait until the predicate holds and return its value.

        It is looked at after every change in the workspace; TimeoutError carries the transcript.
        """
        with contextlib.suppress(TimeoutError):
            return await self.workspace.changes.until(predicate, timeout)
        raise TimeoutError(f"not so after {timeout} s:\n{self.transcript()}")
