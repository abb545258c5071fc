"""What people put into a message besides typing: forwards, tables, clips, canvases, Lists, e-mails.

The shapes are those of Slack's events; what a client draws of them is left out.
"""

import csv
import io
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


def listed(workspace: Workspace, user: str, title: str, rows: Sequence[Sequence[str]]) -> JSON:
    """A List; Slack keeps it as records of ids, and gives its rows as a sheet elsewhere."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    file = storage.upload(workspace, user, ("list", b'{"records": []}'))
    rows_of = storage.upload(workspace, user, (f"{file['id']}.csv", sheet.getvalue().encode()))
    kind = "application/vnd.slack-list"
    file |= {"title": title, "mode": "list", "mimetype": kind, "filetype": "list"}
    return file | {"list_csv_download_url": rows_of["url_private"], "pretty_type": "List"}


def clip(workspace: Workspace, user: str, spoken: str | None, more: str = "") -> JSON:
    """A voice clip; its transcript comes with it when Slack has written one.

    The event shows its beginning; what is said `more` stands in the captions.
    """
    file = storage.upload(workspace, user, "audio_message.m4a")
    file |= {"mimetype": "audio/mp4", "subtype": "slack_audio", "media_display_type": "audio"}
    if spoken is None:
        file |= {"transcription": {"status": "processing"}}
        return file
    return write_down(workspace, file, spoken, more)


def write_down(workspace: Workspace, file: JSON, spoken: str, more: str = "") -> JSON:
    """Put what is said in a clip into its file, as Slack does some seconds after it was sent."""
    said = "WEBVTT\n" + "".join(
        f"\n{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{each}\n"
        for n, each in enumerate(filter(None, (spoken, more)), 1)
    )
    captions = storage.upload(workspace, str(file["user"]), (f"{file['id']}.vtt", said.encode()))
    preview = {"content": spoken, "has_more": bool(more)}
    told = {"status": "complete", "locale": "en-US", "preview": preview}
    file |= {"transcription": told, "vtt": captions["url_private"]}
    return file


def email(
    workspace: Workspace,
    name: str,
    address: str,
    subject: str,
    text: str,
    files: Sequence[str | tuple[str, bytes]] = (),
) -> JSON:
    """An e-mail that was sent to a channel's address, with files or none."""
    file = storage.upload(workspace, "USLACKBOT", (subject, f"<p>{text}</p>".encode()))
    sender = {"address": address, "name": name, "original": f"{name} <{address}>"}
    file |= {"mode": "email", "mimetype": "text/html", "filetype": "email", "title": subject}
    enclosed = [_enclosed(storage.upload(workspace, "USLACKBOT", each)) for each in files]
    file |= {"attachments": enclosed, "original_attachment_count": len(enclosed)}
    return file | {"subject": subject, "plain_text": text, "from": [sender]}


def _enclosed(file: JSON) -> JSON:
    """A file within an e-mail has no id of its own."""
    known = {name: file[name] for name in ("size", "mimetype")}
    return {**known, "filename": file["name"], "url": file["url_private"], "metadata": None}
