"""assistant.threads.setStatus, setTitle, setSuggestedPrompts; agents.sessions.setStatus, rename."""

import time

from emulator.slack.channels import Channel, Status
from emulator.slack.method import Method, required
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST_LOADING = 10
LONGEST_LOADING = 50
MOST_PROMPTS = 4
LONGEST_TITLE = 200
STATUS_SECONDS = 120
SESSION = ("active", "processing", "suspended", "closed")


def set_status(workspace: Workspace, args: JSON) -> JSON:
    """Show "is thinking…" in a thread; an empty status, a reply or two minutes take it away."""
    required(args, "channel_id", "thread_ts")
    if "status" not in args:
        required(args, "status")
    channel = _thread(workspace, args, "channel_id")
    loading = _loading(args.get("loading_messages"))
    if args["status"]:
        status = Status(str(args["status"]), loading, time.monotonic() + STATUS_SECONDS)
        channel.statuses[str(args["thread_ts"])] = status
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


def _loading(messages: object) -> tuple[str, ...]:
    if messages is None:
        return ()
    items = [str(each) for each in (messages if isinstance(messages, list) else [messages])]
    if not 1 <= len(items) <= MOST_LOADING or any(len(each) > LONGEST_LOADING for each in items):
        raise _invalid("loading_messages")
    return tuple(items)


def _invalid(name: str) -> SlackError:
    return SlackError("invalid_arguments", messages=[f"[ERROR] invalid `{name}`"])


def set_title(workspace: Workspace, args: JSON) -> JSON:
    """Name a conversation with the app."""
    required(args, "channel_id", "thread_ts", "title")
    channel = _thread(workspace, args, "channel_id")
    session = _session(workspace, channel, args["thread_ts"])
    session["title"] = str(args["title"])
    return {}


def _session(workspace: Workspace, channel: Channel, thread_ts: object) -> JSON:
    return workspace.agent_sessions.setdefault((channel.id, str(thread_ts or "")), {})


def set_suggested_prompts(workspace: Workspace, args: JSON) -> JSON:
    """Offer up to four things to say; without a thread, to whoever opens the app's messages."""
    required(args, "channel_id", "prompts")
    _check_agent(workspace)
    channel = _thread(workspace, args, "channel_id")
    prompts = args["prompts"]
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise _invalid("prompts")
    if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
        raise _invalid("prompts")
    session = _session(workspace, channel, args.get("thread_ts"))
    session |= {"prompts": prompts, "prompts_title": str(args.get("title") or "")}
    workspace.changes.touch()
    return {}


def _check_agent(workspace: Workspace) -> None:
    if not workspace.agent:
        raise SlackError("not_agent_app")


def set_session_status(workspace: Workspace, args: JSON) -> JSON:
    """Say whether the agent is at work in a thread."""
    required(args, "channel_id", "status")
    _check_agent(workspace)
    channel = _thread(workspace, args, "channel_id")
    if args["status"] not in SESSION or len(str(args.get("title") or "")) > LONGEST_TITLE:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `status` or `title`"])
    session = _session(workspace, channel, args.get("thread_ts"))
    session |= {name: args[name] for name in ("status", "title") if args.get(name)}
    workspace.changes.touch()
    return {}


def rename_session(workspace: Workspace, args: JSON) -> JSON:
    """Give a session another title, of 1 to 200 characters."""
    required(args, "channel_id", "title")
    _check_agent(workspace)
    channel = _thread(workspace, args, "channel_id")
    if len(str(args["title"])) > LONGEST_TITLE:
        raise _invalid("title")
    _session(workspace, channel, args.get("thread_ts"))["title"] = str(args["title"])
    return {}


ASSISTANT = ("assistant:write",)
METHODS = [
    Method("assistant.threads.setStatus", set_status, Tier.SPECIAL, ("chat:write",)),
    Method("assistant.threads.setTitle", set_title, Tier.T4, ASSISTANT),
    Method("assistant.threads.setSuggestedPrompts", set_suggested_prompts, Tier.T4, ASSISTANT),
    Method("agents.sessions.setStatus", set_session_status, Tier.T3, ("chat:write",)),
    Method("agents.sessions.rename", rename_session, Tier.T3, ("chat:write",)),
]
