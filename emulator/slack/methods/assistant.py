"""assistant.threads.setStatus, setTitle, setSuggestedPrompts; agents.sessions.setStatus."""

from emulator.slack.channels import Channel
from emulator.slack.method import Method, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST_LOADING = 10
LONGEST_LOADING = 50
MOST_PROMPTS = 4
LONGEST_TITLE = 200
SESSION = ("active", "processing", "suspended", "closed")


def set_status(workspace: Workspace, args: JSON) -> JSON:
    """Show "is thinking…" in a thread; an empty status, or a reply, takes it away."""
    required(args, "channel_id", "thread_ts")
    if "status" not in args:
        required(args, "status")
    channel = _thread(workspace, args, "channel_id")
    _check_loading(args.get("loading_messages"))
    if args["status"]:
        channel.statuses[str(args["thread_ts"])] = str(args["status"])
    else:
        channel.statuses.pop(str(args["thread_ts"]), None)
    workspace.changes.touch()
    return {}


def _thread(workspace: Workspace, args: JSON, name: str) -> Channel:
    channel = workspace.channel(args.get(name))
    if workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if args.get("thread_ts") and str(args["thread_ts"]) not in channel.messages:
        raise SlackError("thread_not_found")
    return channel


def _check_loading(messages: object) -> None:
    if messages is None:
        return
    items = messages if isinstance(messages, list) else [messages]
    if not 1 <= len(items) <= MOST_LOADING or any(len(str(m)) > LONGEST_LOADING for m in items):
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `loading_messages`"])


def set_title(workspace: Workspace, args: JSON) -> JSON:
    """Name a conversation with the app."""
    required(args, "channel_id", "thread_ts", "title")
    channel = _thread(workspace, args, "channel_id")
    session = workspace.agent_sessions.setdefault((channel.id, str(args["thread_ts"])), {})
    session["title"] = args["title"]
    return {}


def set_suggested_prompts(workspace: Workspace, args: JSON) -> JSON:
    """Offer up to four things to say."""
    required(args, "channel_id", "prompts")
    channel = _thread(workspace, args, "channel_id")
    prompts = args["prompts"]
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `prompts`"])
    key = (channel.id, str(args.get("thread_ts") or ""))
    workspace.agent_sessions.setdefault(key, {})["prompts"] = prompts
    return {}


def set_session_status(workspace: Workspace, args: JSON) -> JSON:
    """Say whether the agent is at work in a thread."""
    required(args, "channel_id", "status")
    channel = _thread(workspace, args, "channel_id")
    if args["status"] not in SESSION or len(str(args.get("title") or "")) > LONGEST_TITLE:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `status` or `title`"])
    session = workspace.agent_sessions.setdefault(
        (channel.id, str(args.get("thread_ts") or "")), {}
    )
    session |= {name: args[name] for name in ("status", "title") if args.get(name)}
    workspace.changes.touch()
    return {}


METHODS = [
    Method("assistant.threads.setStatus", set_status, Tier.SPECIAL, ("chat:write",)),
    Method("assistant.threads.setTitle", set_title, Tier.T4, ("assistant:write",)),
    Method(
        "assistant.threads.setSuggestedPrompts",
        set_suggested_prompts,
        Tier.T4,
        ("assistant:write",),
    ),
    Method("agents.sessions.setStatus", set_session_status, Tier.T3, ("chat:write",)),
]
