"""The people and other bots of the workspace, as a test or a demo moves them."""

from collections.abc import Sequence
from typing import Any

from emulator.slack import (
    clicks,
    commands,
    events,
    forms,
    sharing,
    storage,
    suggestions,
    timeline,
)
from emulator.slack.channels import Channel
from emulator.slack.interactions import Interactions
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from emulator.slack.wire import JSON

Attachment = str | tuple[str, bytes]


class Person:
    """Somebody with a Slack client open."""

    def __init__(self, acts: Interactions, member: Member) -> None:
        self._acts, self._workspace, self.member = acts, acts.workspace, member

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id}, {self.name})"

    @property
    def id(self) -> str:
        """The user id."""
        return self.member.id

    @property
    def name(self) -> str:
        """The name over the messages."""
        return self.member.name

    @property
    def mention(self) -> str:
        """What mentions this person in a text."""
        return f"<@{self.id}>"

    async def post(
        self, channel: Channel, text: str, *, files: Sequence[Attachment] = ()
    ) -> Message:
        """Write into a channel; files are names or (name, bytes)."""
        return self._say(channel, text, None, files)

    async def reply(
        self,
        message: Message,
        text: str,
        *,
        files: Sequence[Attachment] = (),
        broadcast: bool = False,
    ) -> Message:
        """Write into the thread of a message; `broadcast` shows it in the channel as well."""
        channel = self._workspace.channels[message.channel]
        uploads = [storage.upload(self._workspace, self.id, item) for item in files]
        return self._post(channel, text, message.root_ts, uploads, (), broadcast=broadcast)

    async def dm(self, text: str, *, files: Sequence[Attachment] = ()) -> Message:
        """Write to the app directly."""
        return self._say(self._workspace.direct(self.id), text, None, files)

    async def forward(
        self, message: Message, channel: Channel, text: str = "", *, thread: Message | None = None
    ) -> Message:
        """Share a message in a channel or in a thread, with a word of one's own or none."""
        shared = sharing.forwarded(self._workspace, message)
        return self._put(channel, text, thread, attachments=[shared])

    async def paste_table(
        self, channel: Channel, rows: Sequence[Sequence[str]], text: str = ""
    ) -> Message:
        """Paste cells from a sheet."""
        return self._put(channel, text, None, attachments=[sharing.table(rows)])

    async def write_snippet(self, channel: Channel, content: str, text: str = "") -> Message:
        """Post a text as a snippet."""
        file = sharing.snippet(self._workspace, self.id, content)
        return self._put(channel, text, None, files=[file])

    async def share_canvas(self, channel: Channel, title: str, content: str) -> Message:
        """Share a canvas."""
        file = sharing.canvas(self._workspace, self.id, title, content)
        return self._put(channel, "", None, files=[file])

    async def share_list(
        self, channel: Channel, title: str, rows: Sequence[Sequence[str]], text: str = ""
    ) -> Message:
        """Share a List; the first of its rows names the columns."""
        file = sharing.listed(self._workspace, self.id, title, rows)
        return self._put(channel, text, None, files=[file])

    async def record(self, channel: Channel, spoken: str | None, more: str = "") -> Message:
        """Send a voice clip; None when Slack has no transcript of it yet.

        What is spoken `more` stands in the transcript alone, and not in the event.
        """
        file = sharing.clip(self._workspace, self.id, spoken, more)
        return self._put(channel, "", None, files=[file])

    def _say(
        self, channel: Channel, text: str, thread_ts: str | None, files: Sequence[Attachment]
    ) -> Message:
        uploads = [storage.upload(self._workspace, self.id, item) for item in files]
        return self._post(channel, text, thread_ts, uploads, ())

    def _put(
        self,
        channel: Channel,
        text: str,
        thread: Message | None,
        *,
        files: Sequence[JSON] = (),
        attachments: Sequence[JSON] = (),
    ) -> Message:
        return self._post(channel, text, thread.root_ts if thread else None, files, attachments)

    def _post(
        self,
        channel: Channel,
        text: str,
        thread_ts: str | None,
        files: Sequence[JSON],
        attachments: Sequence[JSON],
        *,
        broadcast: bool = False,
    ) -> Message:
        if self.id not in channel.members:
            raise ValueError(f"{self.name} is not in #{channel.name}")
        message = timeline.by_person(
            self._workspace,
            channel,
            self.id,
            text,
            thread_ts=thread_ts,
            files=files,
            attachments=attachments,
        )
        if broadcast:
            message.broadcast, message.subtype = True, "thread_broadcast"
        return timeline.post(self._workspace, message)

    async def edit(self, message: Message, text: str, *, files: Sequence[Attachment] = ()) -> None:
        """Change one's own message; `files` are added to it."""
        new = timeline.by_person(
            self._workspace, self._workspace.channels[message.channel], self.id, text
        )
        uploads = [storage.upload(self._workspace, self.id, item) for item in files]
        timeline.change(
            self._workspace,
            message,
            text=new.text,
            blocks=new.blocks,
            files=[*message.files, *uploads],
            subtype="file_share" if uploads else message.subtype,
        )

    async def delete_file(self, message: Message, name: str) -> None:
        """Delete a file: in its message a tombstone is left, and nobody is said to have edited."""
        left = [
            {"id": each["id"], "mode": "tombstone"} if each.get("name") == name else each
            for each in message.files
        ]
        timeline.change(self._workspace, message, edited=False, files=left)

    async def delete(self, message: Message) -> None:
        """Take a message away."""
        timeline.delete(self._workspace, message)

    async def react(self, message: Message, name: str) -> None:
        """Add a reaction."""
        timeline.react(self._workspace, message, self.id, name)

    async def unreact(self, message: Message, name: str) -> None:
        """Take a reaction back."""
        timeline.unreact(self._workspace, message, self.id, name)

    async def join(self, channel: Channel) -> None:
        """Enter a channel."""
        self._enter(channel, self.id, None)

    async def invite(self, channel: Channel, user: str) -> None:
        """Bring another user, such as the app's bot user, into a channel."""
        self._enter(channel, user, self.id)

    def _enter(self, channel: Channel, user: str, inviter: str | None) -> None:
        channel.members.append(user)
        ts = self._workspace.clock.ts()
        event = events.membership("member_joined_channel", channel, user, inviter, ts)
        self._workspace.announce(event, channel)
        timeline.note_join(self._workspace, channel, self._workspace.members[user])

    async def leave(self, channel: Channel) -> None:
        """Go out of a channel."""
        channel.members.remove(self.id)
        ts = self._workspace.clock.ts()
        event = events.membership("member_left_channel", channel, self.id, None, ts)
        self._workspace.announce(event, channel)

    async def click(
        self,
        target: Message | View,
        element: str,
        *,
        value: Any = None,
        selected: Any = None,
    ) -> Outcome:
        """Use the element with this action_id or label; LookupError when it is not there."""
        given = selected if selected is not None else value
        return await clicks.click(self._acts, self.member, target, element, given)

    async def submit(self, view: View, values: JSON | None = None) -> Outcome:
        """Fill in a modal by block_id or action_id and send it off."""
        return await forms.submit(self._acts, self.member, view, values or {})

    async def search(self, view: View, element: str, typed: str) -> list[tuple[str, str]]:
        """Type into a menu that asks the app for its options; answers (value, label) pairs."""
        return await suggestions.search(self._acts, self.member, view, element, typed)

    async def close(self, view: View) -> None:
        """Close a modal."""
        await forms.close(self._acts, self.member, view)

    async def command(self, name: str, text: str, channel: Channel) -> Outcome:
        """Run a slash command in a channel and wait for the app's acknowledgement."""
        return await commands.command(self._acts, self.member, name, text, channel)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Choose a message shortcut, or without a message a global one."""
        if message is None:
            return await commands.global_shortcut(self._acts, self.member, callback_id)
        return await commands.message_shortcut(self._acts, self.member, callback_id, message)

    async def open_home(self, tab: str = "home") -> None:
        """Look at the app's Home tab (or "messages")."""
        workspace = self._workspace
        home = workspace.homes.get(self.id)
        event: JSON = {"type": "app_home_opened", "user": self.id, "tab": tab}
        event["channel"] = workspace.direct(self.id).id
        event["event_ts"] = workspace.clock.ts()
        if tab == "home" and home:
            event["view"] = home.payload(workspace.ownership())
        workspace.announce(event)

    async def stop(self, message: Message) -> None:
        """Press stop while the app is writing a message."""
        if message.stream is None or not message.streaming:
            raise ValueError("the message is not being written")
        if not self._workspace.hears("agent_session_stopped"):
            raise ValueError("no stop button: the app does not listen to agent_session_stopped")
        message.stream.state = "stopped_by_user"
        event = {
            "type": "agent_session_stopped",
            "user": self.id,
            "channel": message.channel,
            "thread_ts": message.root_ts,
            "streaming_message_ts": [message.ts],
            "event_ts": self._workspace.clock.ts(),
        }
        self._workspace.announce(event)
