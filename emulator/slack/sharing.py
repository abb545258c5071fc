"""What people put into a message besides typing: forwards, tables, clips, canvases, e-mails.

The shapes are those of Slack's events; what a client draws of them is left out.
"""

import time
from collections.abc import Sequence

from emulator.slack import storage
from emulator.slack.messages import Message
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace


def forwarded(workspace: Workspace, message: Message) -> JSON:
    """The attachment of a message that shares another one."""
    author = workspace.members.get(str(message.user))
    said = {"team": workspace.team_id, "channel": message.channel, "ts": message.ts}
    place = f"{workspace.base_url}archives/{message.channel}/p{message.ts.replace('.', '')}"
    body: JSON = {
        "id": 1,
        "ts": message.ts,
        "author_id": message.user,
        "author_name": author.real_name if author else "",
        "author_link": f"{workspace.base_url}team/{message.user}",
        "channel_id": message.channel,
        "channel_team": workspace.team_id,
        "is_msg_unfurl": True,
        "is_share": True,
        "text": message.text,
        "fallback": f"[{time.strftime('%B %d, %Y')}] {message.user}: {message.text}",
        "mrkdwn_in": ["text"],
        "message_blocks": [{**said, "message": {"blocks": message.blocks}}],
        "from_url": place,
        "footer": "Slack Conversation",
    }
    return {**body, "files": message.files} if message.files else body


def table(rows: Sequence[Sequence[str]]) -> JSON:
    """The attachment that a table becomes when it is pasted from a sheet."""
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    block = {"type": "table", "block_id": "table", "rows": cells}
    return {"id": 1, "fallback": "[no preview available]", "blocks": [block]}


def snippet(workspace: Workspace, user: str, content: str, title: str = "Untitled") -> JSON:
    """A text that was typed or pasted as a snippet; long ones show their beginning only."""
    file = storage.upload(workspace, user, (f"{title}.txt", content.encode()))
    file |= {"title": title, "mode": "snippet", "mimetype": "text/plain", "filetype": "text"}
    return file | {"preview": content[:2000], "is_truncated": len(content) > 2000, "editable": True}


def canvas(workspace: Workspace, user: str, title: str, content: str) -> JSON:
    """A canvas, whose content is a page of HTML."""
    file = storage.upload(workspace, user, ("Canvas", f"<p>{content}</p>".encode()))
    kind = "application/vnd.slack-docs"
    return file | {"title": title, "mode": "quip", "mimetype": kind, "filetype": "quip"}


def clip(workspace: Workspace, user: str, spoken: str | None) -> JSON:
    """A voice clip; its transcript comes with it when Slack has written one."""
    file = storage.upload(workspace, user, "audio_message.m4a")
    file |= {"mimetype": "audio/mp4", "subtype": "slack_audio", "media_display_type": "audio"}
    if spoken is None:
        return file | {"transcription": {"status": "processing"}}
    preview = {"content": spoken, "has_more": False}
    return file | {"transcription": {"status": "complete", "locale": "en-US", "preview": preview}}


def email(workspace: Workspace, name: str, address: str, subject: str, text: str) -> JSON:
    """An e-mail that was sent to a channel's address."""
    file = storage.upload(workspace, "USLACKBOT", (subject, f"<p>{text}</p>".encode()))
    sender = {"address": address, "name": name, "original": f"{name} <{address}>"}
    file |= {"mode": "email", "mimetype": "text/html", "filetype": "email", "title": subject}
    return file | {"subject": subject, "plain_text": text, "from": [sender]}
