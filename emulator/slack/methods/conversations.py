"""conversations.info, list, members, open, join; users.conversations."""

from emulator.slack import events, timeline
from emulator.slack.channels import SCOPE_FAMILY
from emulator.slack.method import Method, flag, listed, page, required
from emulator.slack.rates import Tier
from emulator.slack.scopes import READ, check_scope
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

TYPES = {"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}


def info(workspace: Workspace, args: JSON) -> JSON:
    """One conversation."""
    channel = workspace.channel(args.get("channel"))
    check_scope(workspace, f"{channel.scope_family}:read")
    body = channel.payload(workspace.bot.id)
    if not flag(args, "include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


def list_all(workspace: Workspace, args: JSON) -> JSON:
    """Conversations of the wanted types that the app may know of."""
    return _listing(workspace, args, mine=False)


def list_joined(workspace: Workspace, args: JSON) -> JSON:
    """Conversations of the wanted types that the app, or the given user, is in."""
    return _listing(workspace, args, mine=True)


def _listing(workspace: Workspace, args: JSON, *, mine: bool) -> JSON:
    wanted = listed(args.get("types")) or ["public_channel"]
    if not set(wanted) <= set(TYPES.values()):
        raise SlackError("invalid_types")
    kinds = {kind for kind, name in TYPES.items() if name in wanted}
    for kind in sorted(kinds):
        check_scope(workspace, f"{SCOPE_FAMILY[kind]}:read")
    member = str(args.get("user") or workspace.bot.id)
    found = [
        channel.payload(workspace.bot.id)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot.id in channel.members)
        and (not mine or member in channel.members)
        and not (channel.archived and flag(args, "exclude_archived"))
    ]
    shown, cursor = page(found, args)
    return {"channels": shown, "response_metadata": cursor}


def members(workspace: Workspace, args: JSON) -> JSON:
    """The ids of a conversation's members."""
    channel = workspace.channel(args.get("channel"))
    check_scope(workspace, f"{channel.scope_family}:read")
    shown, cursor = page([{"id": member} for member in channel.members], args)
    return {"members": [item["id"] for item in shown], "response_metadata": cursor}


def open_direct(workspace: Workspace, args: JSON) -> JSON:
    """The direct conversation with a person."""
    if args.get("channel"):
        return {"channel": {"id": workspace.channel(args["channel"]).id}}
    users = listed(args.get("users"))
    if not users:
        required(args, "users")
    unknown = [user for user in users if user not in workspace.members]
    if unknown:
        raise SlackError("user_not_found")
    if len(users) > 1:
        channel = workspace.add_channel("group", "mpim", [*users, workspace.bot.id])
    else:
        channel = workspace.direct(users[0])
    return {"channel": {"id": channel.id}}


def join(workspace: Workspace, args: JSON) -> JSON:
    """Enter a public channel."""
    channel = workspace.channel(args.get("channel"))
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if workspace.bot.id in channel.members:
        return {"channel": channel.payload(workspace.bot.id), "warning": "already_in_channel"}
    channel.members.append(workspace.bot.id)
    event = events.membership(
        "member_joined_channel", channel, workspace.bot.id, None, workspace.clock.ts()
    )
    workspace.announce(event, channel)
    timeline.note_join(workspace, channel, workspace.bot)
    return {"channel": channel.payload(workspace.bot.id)}


METHODS = [
    Method("conversations.info", info, Tier.T3, READ, json=False),
    Method("conversations.list", list_all, Tier.T2, READ, json=False),
    Method("conversations.members", members, Tier.T4, READ, json=False),
    Method("conversations.open", open_direct, Tier.T3, ("im:write", "mpim:write")),
    Method("conversations.join", join, Tier.T3, ("channels:join",)),
    Method("users.conversations", list_joined, Tier.T3, READ, json=False),
]
