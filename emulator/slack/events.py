"""The shapes of the events an app receives."""

import secrets
import time

from emulator.slack.channels import Channel
from emulator.slack.messages import Message
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace


def message(body: Message, channel: Channel) -> JSON:
    """A new message."""
    event = {
        **body.event(),
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": body.ts,
    }
    if channel.host is not None and body.files:
        event["files"] = [_withheld(file) for file in body.files]
    if body.metadata:
        event["metadata"] = body.metadata
    root = channel.messages.get(body.thread_ts or "")
    if root and root is not body:
        event["parent_user_id"] = root.user
    if root and body.broadcast:
        event["root"] = root.payload()
    return event


def _withheld(file: JSON) -> JSON:
    """A file in a channel shared by Slack Connect: its id, and that files.info knows the rest."""
    bare = {"mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0}
    return {"id": file["id"], **bare}


def mention(body: Message, channel: Channel) -> JSON:
    """The app_mention twin of a message: same ts, no channel_type."""
    event = {**message(body, channel), "type": "app_mention"}
    for absent in ("channel_type", "subtype", "parent_user_id"):
        event.pop(absent, None)
    return event


def changed(new: JSON, old: JSON, channel: Channel, ts: str) -> JSON:
    """An edit, an unfurl, or a step of a stream."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": new,
        "previous_message": old,
        **_where(channel, ts),
    }


def deleted(old: JSON, channel: Channel, ts: str) -> JSON:
    """A message taken away."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": old["ts"],
        "previous_message": old,
        **_where(channel, ts),
    }


def _where(channel: Channel, ts: str) -> JSON:
    return {"channel": channel.id, "channel_type": channel.kind, "ts": ts, "event_ts": ts}


def reaction(kind: str, target: Message, user: str, name: str, ts: str) -> JSON:
    """`reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": target.channel, "ts": target.ts},
        "item_user": target.user,
        "event_ts": ts,
    }


def membership(kind: str, channel: Channel, user: str, inviter: str | None, ts: str) -> JSON:
    """`member_joined_channel` or `member_left_channel`."""
    event: JSON = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "group" else "C",
        "event_ts": ts,
    }
    return {**event, "inviter": inviter} if inviter else event


def wrapped(event: JSON, workspace: Workspace) -> JSON:
    """The outer `event_callback`; a second wrapping of one event gets another event_id.

    In a channel shared by Slack Connect a message comes under the workspace that the channel is at
    home in, a mention under the one that has the app; `authorizations` always names the latter.
    """
    channel = workspace.channels.get(str(event.get("channel")))
    shared = channel is not None and channel.host is not None
    team = workspace.team_id
    if channel is not None and channel.host is not None and event["type"] == "message":
        team = channel.host
    return {
        "token": "emulator",
        "team_id": team,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": _placed(event, workspace, shared=shared),
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def _placed(event: JSON, workspace: Workspace, *, shared: bool) -> JSON:
    """The event with its workspace; in a shared channel that is its author's."""
    if "channel" not in event:
        return event
    author = workspace.members.get(str(event.get("user")))
    if not shared or author is None:
        return {**event, "team": workspace.team_id}
    team = author.team_id
    return {**event, "team": team, "user_team": team, "source_team": team}
