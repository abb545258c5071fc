"""auth.test, apps.connections.open, team.info, bots.info."""

from emulator.slack.method import Method, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace


def auth_test(workspace: Workspace, args: JSON) -> JSON:
    """Who this token belongs to."""
    del args
    return {
        "url": workspace.base_url,
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "app_id": workspace.app_id,
        "is_enterprise_install": False,
    }


def connections_open(workspace: Workspace, args: JSON) -> JSON:
    """A WebSocket address that works once."""
    del args
    host = workspace.base_url.removeprefix("http://").rstrip("/")
    return {"url": f"ws://{host}/link/?ticket={workspace.ticket()}&app_id={workspace.app_id}"}


def team_info(workspace: Workspace, args: JSON) -> JSON:
    """The workspace."""
    del args
    team = {
        "id": workspace.team_id,
        "name": workspace.team_name,
        "domain": workspace.domain,
        "email_domain": "",
        "icon": {},
        "url": workspace.base_url,
    }
    return {"team": team}


def bots_info(workspace: Workspace, args: JSON) -> JSON:
    """An app by its bot_id."""
    required(args, "bot")
    found = next((m for m in workspace.members.values() if m.bot_id == args["bot"]), None)
    if found is None:
        raise SlackError("bot_not_found")
    profile = found.bot_profile()
    profile.pop("team_id")
    icons = {f"image_{size}": f"{workspace.base_url}icons/{size}.png" for size in (36, 48, 72)}
    return {"bot": {**profile, "user_id": found.id, "icons": icons}}


METHODS = [
    Method("auth.test", auth_test, Tier.SPECIAL),
    Method("apps.connections.open", connections_open, Tier.T3, ("connections:write",), needs="app"),
    Method("team.info", team_info, Tier.T3, ("team:read",), json=False),
    Method("bots.info", bots_info, Tier.T3, ("users:read",), json=False),
]
