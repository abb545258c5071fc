"""users.info, list, lookupByEmail; usergroups.list, usergroups.users.list."""

import time

from emulator.slack.members import Member
from emulator.slack.method import Method, flag, page, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace


def info(workspace: Workspace, args: JSON) -> JSON:
    """One user."""
    required(args, "user")
    member = workspace.members.get(str(args["user"]))
    if member is None:
        raise SlackError("user_not_found")
    return {"user": _shown(workspace, member, args)}


def list_all(workspace: Workspace, args: JSON) -> JSON:
    """All users."""
    everybody = [_shown(workspace, member, args) for member in workspace.members.values()]
    shown, cursor = page(everybody, args)
    return {"members": shown, "cache_ts": int(time.time()), "response_metadata": cursor}


def lookup_by_email(workspace: Workspace, args: JSON) -> JSON:
    """The user with this address."""
    required(args, "email")
    wanted = str(args["email"]).casefold()
    found = next((m for m in workspace.members.values() if m.email.casefold() == wanted), None)
    if found is None:
        raise SlackError("users_not_found")
    return {"user": _shown(workspace, found, args)}


def _shown(workspace: Workspace, member: Member, args: JSON) -> JSON:
    email = "users:read.email" in workspace.scopes
    return member.payload(email=email, locale=flag(args, "include_locale"))


def groups(workspace: Workspace, args: JSON) -> JSON:
    """All user groups."""
    with_users = flag(args, "include_users")
    shown = [
        group if with_users else {k: v for k, v in group.items() if k != "users"}
        for group in workspace.groups.values()
    ]
    return {"usergroups": shown}


def group_users(workspace: Workspace, args: JSON) -> JSON:
    """The members of a user group."""
    required(args, "usergroup")
    group = workspace.groups.get(str(args["usergroup"]))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group["users"]}


METHODS = [
    Method("users.info", info, Tier.T4, ("users:read",), json=False),
    Method("users.list", list_all, Tier.T2, ("users:read",), json=False),
    Method("users.lookupByEmail", lookup_by_email, Tier.T3, ("users:read.email",), json=False),
    Method("usergroups.list", groups, Tier.T2, ("usergroups:read",), json=False),
    Method("usergroups.users.list", group_users, Tier.T2, ("usergroups:read",), json=False),
]
