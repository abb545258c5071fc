"""The channels as a person would see them."""

import time
from collections.abc import Iterable, Iterator

from emulator.slack import display, mrkdwn
from emulator.slack.channels import Channel
from emulator.slack.messages import Message
from emulator.slack.views import View
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace

STREAMING = "(streaming…)"


def transcript(workspace: Workspace, channels: Iterable[Channel]) -> str:
    """Channels one under the other: threads indented, buttons as [Label], names for ids."""
    parts = ["\n".join(_channel(workspace, channel)) for channel in channels]
    return "\n\n".join(parts) + "\n"


def _channel(workspace: Workspace, channel: Channel) -> Iterator[str]:
    yield _heading(workspace, channel)
    everything = _with_ephemerals(workspace, channel)
    known = {m.ts for m in everything}
    threads: dict[str, list[Message]] = {}
    for message in everything:
        if message.thread_ts and message.thread_ts != message.ts and message.thread_ts in known:
            threads.setdefault(message.thread_ts, []).append(message)
    replies = {reply.ts for thread in threads.values() for reply in thread}
    for message in everything:
        if message.ts not in replies:
            yield from _message(workspace, message, "  ")
            for reply in threads.get(message.ts, []):
                yield from _message(workspace, reply, "      ")
    for thread_ts, status in channel.statuses.items():
        where = f" (thread {thread_ts})" if thread_ts in known else ""
        if time.monotonic() < status.until:
            yield f"  {workspace.bot.name} {status.text}{where}"


def _with_ephemerals(workspace: Workspace, channel: Channel) -> list[Message]:
    whispered = [m for m in workspace.ephemerals if m.channel == channel.id and not m.deleted]
    everything = [*channel.messages.values(), *whispered]
    return sorted(everything, key=lambda message: message.ts) if whispered else everything


def _heading(workspace: Workspace, channel: Channel) -> str:
    if channel.kind != "im":
        return f"#{channel.name}"
    people = (workspace.name_of(m) or m for m in channel.members)
    return f"@ {' and '.join(people)}"


def _message(workspace: Workspace, message: Message, indent: str) -> Iterator[str]:
    name = author(workspace, message.identity)
    if message.deleted:
        yield f"{indent}{name}: (deleted)"
        return
    first, *rest = content(workspace, message) or [""]
    yield f"{indent}{name}: {first}{_marks(workspace, message)}"
    yield from (f"{indent}  {line}" for line in rest)


def content(workspace: Workspace, message: Message) -> list[str]:
    """The lines of one message: its blocks, or its text where there are none; then files."""
    shown = display.lines(message.blocks, workspace.name_of)
    if not shown and message.text:
        shown = mrkdwn.rendered(message.text, workspace.name_of).split("\n")
    for attachment in message.attachments:
        shown += display.lines(attachment.get("blocks", []), workspace.name_of)
        shown += [str(attachment["text"])] if attachment.get("text") else []
    return shown + [_file(each) for each in message.files]


def _file(file: JSON) -> str:
    """What stands for a file; of one that is gone, or of another workspace, Slack tells no name."""
    name = file.get("name") or file.get("title")
    return f"(file: {name})" if name else "(a file that nobody sees)"


def author(workspace: Workspace, identity: JSON) -> str:
    """The name over a message."""
    if shown := identity.get("username"):
        return str(shown)
    user = str(identity.get("user", ""))
    return workspace.name_of(user) or user or str(identity.get("bot_id", "?"))


def _marks(workspace: Workspace, message: Message) -> str:
    marks = []
    if message.streaming:
        marks.append(STREAMING)
    if message.edited:
        marks.append("(edited)")
    if message.only_for:
        marks.append(f"(only {workspace.name_of(message.only_for)} sees this)")
    for name, users in message.reactions.items():
        who = ", ".join(workspace.name_of(user) or user for user in users)
        marks.append(f":{name}: {who}")
    if message in workspace.broadcasts:
        marks.append("(PINGS MANY PEOPLE)")
    return "".join(f"  {mark}" for mark in marks)


def view(workspace: Workspace, shown: View) -> str:
    """A modal or Home tab as a person sees it, the buttons at its foot included."""
    rows = [f"== {shown.title} ==" if shown.title else "== Home =="]
    rows += display.lines(shown.blocks, workspace.name_of)
    feet = [shown.body[part]["text"] for part in ("close", "submit") if shown.body.get(part)]
    return "\n".join([*rows, " ".join(f"[{foot}]" for foot in feet)]).rstrip() + "\n"
