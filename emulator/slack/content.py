"""What an app wants to say, checked: text, markdown, blocks, attachments, metadata."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from emulator.slack import mrkdwn
from emulator.slack.blockkit import complete, problems
from emulator.slack.messages import Message
from emulator.slack.method import flag
from emulator.slack.wire import JSON, SlackError, dump
from emulator.slack.workspace import Workspace

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
LONGEST_METADATA = 8_000  # undocumented; the error exists, its limit is not published
MOST_ATTACHMENTS = 100


@dataclass
class Content:
    """Checked content; `markdown` is kept for the mention check."""

    text: str = ""
    blocks: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    metadata: JSON | None = None
    markdown: str = ""
    truncated: bool = False

    def warning(self) -> JSON:
        """The part of the reply that tells of truncated text."""
        if not self.truncated:
            return {}
        warning = "message_truncated"
        return {"warning": warning, "response_metadata": {"warnings": [warning]}}


def read_content(
    workspace: Workspace, args: JSON, *, kept: Message | None = None, needed: bool = True
) -> Content:
    """The content of a call; raises Slack's errors.

    What an update does not name it keeps from `kept`; no content at all is `no_text` if `needed`.
    """
    markdown = str(args.get("markdown_text") or "")
    if markdown and (args.get("text") or args.get("blocks")):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    text = str(args.get("text") or "")
    blocks = checked_blocks(args.get("blocks"), "invalid_blocks", workspace.refused_blocks)
    content = Content(
        _live(workspace, text[:LONGEST_TEXT], args) or mrkdwn.normalise(markdown),
        blocks or markdown_block(markdown),
        _attachments(args.get("attachments")),
        _metadata(args.get("metadata")),
        markdown,
        truncated=len(text) > LONGEST_TEXT,
    )
    if kept:
        _keep(content, args, kept)
    if needed and not (content.text.strip() or content.blocks or content.attachments):
        raise SlackError("no_text")
    return content


def _keep(content: Content, args: JSON, old: Message) -> None:
    if "text" not in args and not content.markdown:
        content.text = old.text
    if "blocks" not in args and not content.markdown:
        content.blocks = old.blocks
    if "attachments" not in args:
        content.attachments = old.attachments


def _live(workspace: Workspace, text: str, args: JSON) -> str:
    if args.get("parse") == "full" or flag(args, "link_names"):
        text = mrkdwn.link_names(text, workspace)
    return mrkdwn.normalise(text)


def markdown_block(markdown: str) -> list[JSON]:
    """Markdown as the one block Slack makes of it."""
    return complete([{"type": "markdown", "text": markdown}]) if markdown else []


def checked_blocks(value: Any, error: str, refused: Collection[str] = ()) -> list[JSON]:
    """The blocks with their ids filled in; raises `error` with what is wrong and where."""
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise SlackError("invalid_blocks_format")
    if messages := problems(value, refused=refused):
        raise SlackError(error, messages=messages)
    return complete(value)


def _attachments(value: Any) -> list[JSON]:
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SlackError("invalid_attachments")
    if len(value) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for attachment in value:
        attachment["blocks"] = checked_blocks(attachment.get("blocks"), "invalid_blocks")
    return value


def _metadata(value: Any) -> JSON | None:
    if value in (None, ""):
        return None
    shape = isinstance(value, dict) and isinstance(value.get("event_payload"), dict)
    if not shape or not isinstance(value.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if len(dump(value)) > LONGEST_METADATA:
        raise SlackError("metadata_too_large")
    return dict(value)
