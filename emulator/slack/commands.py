"""Slash commands and shortcuts."""

from emulator.slack import timeline
from emulator.slack.channels import Channel
from emulator.slack.content import read_content
from emulator.slack.interactions import Interactions, channel_field
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.outcome import Outcome
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace


async def command(
    acts: Interactions, user: Member, name: str, text: str, channel: Channel
) -> Outcome:
    """Run a slash command and show its answer; its payload knows no thread."""
    outcome = acts.outcome(user, channel)
    payload = _command_payload(acts.workspace, user, channel)
    payload |= {"command": name, "text": text, "response_url": outcome.response_url}
    await acts.ask("slash_commands", payload, outcome)
    if outcome.text or outcome.blocks:
        answer(acts.workspace, outcome, outcome.payload)
    return outcome


def _command_payload(workspace: Workspace, user: Member, channel: Channel) -> JSON:
    return {
        "token": "emulator",
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_field(channel)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "trigger_id": workspace.trigger(user.id),
    }


def answer(workspace: Workspace, outcome: Outcome, payload: JSON) -> Message:
    """Post an answer to an act: for one person, or in the channel if it says so."""
    content = read_content(workspace, payload)
    message = Message(
        str(outcome.channel),
        workspace.clock.ts(),
        content.text,
        workspace.bot.identity(),
        thread_ts=payload.get("thread_ts"),
        blocks=content.blocks,
        attachments=content.attachments,
    )
    if payload.get("response_type") == "in_channel":
        timeline.post(workspace, message)
    else:
        message.only_for = outcome.user
        workspace.ephemerals.append(message)
    timeline.note_broadcast(workspace, message)
    workspace.changes.touch()
    return message


async def message_shortcut(
    acts: Interactions, user: Member, callback_id: str, message: Message
) -> Outcome:
    """Choose a shortcut from a message's menu."""
    channel = acts.workspace.channels[message.channel]
    outcome = acts.outcome(user, channel)
    payload = {
        **acts.base("message_action", user),
        "callback_id": callback_id,
        "message_ts": message.ts,
        "message": message.payload(),
        "channel": channel_field(channel),
        "response_url": outcome.response_url,
    }
    return await acts.ask("interactive", payload, outcome)


async def global_shortcut(acts: Interactions, user: Member, callback_id: str) -> Outcome:
    """Choose a shortcut that belongs to no message; it has no channel and no response_url."""
    payload = {**acts.base("shortcut", user), "callback_id": callback_id}
    return await acts.ask("interactive", payload, acts.outcome(user, None))
