"""The scopes of the app, and the check that depends on the kind of conversation."""

from emulator.slack.wire import SlackError
from emulator.slack.workspace import Workspace

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
SUPPORT_BOT = frozenset(
    {
        *HISTORY,
        *READ,
        "app_mentions:read",
        "assistant:write",
        "channels:join",
        "chat:write",
        "chat:write.customize",
        "commands",
        "files:read",
        "files:write",
        "im:write",
        "metadata.message:read",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)


def check_scope(workspace: Workspace, needed: str) -> None:
    """Raise `missing_scope` unless the app was granted it."""
    if needed not in workspace.scopes:
        provided = ",".join(sorted(workspace.scopes))
        raise SlackError("missing_scope", needed=needed, provided=provided)
