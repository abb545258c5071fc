"""What all acts have in common that the app must acknowledge."""

import secrets

from emulator.slack.channels import Channel
from emulator.slack.dispatch import Dispatch
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.outcome import Outcome
from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace


class Interactions:
    """Builds the payloads' common parts and waits for the acknowledgement."""

    def __init__(self, workspace: Workspace, dispatch: Dispatch) -> None:
        self.workspace, self._dispatch = workspace, dispatch

    def outcome(
        self, user: Member, channel: Channel | None, source: Message | None = None
    ) -> Outcome:
        """A fresh outcome, with a response_url when the act belongs to a channel."""
        outcome = Outcome(user.id, channel.id if channel else None, source)
        if channel:
            key = secrets.token_urlsafe(16)
            outcome.response_url = f"{self.workspace.base_url}response/{key}"
            self.workspace.outcomes[key] = outcome
            self.workspace.latest_act[user.id, channel.id] = outcome
        return outcome

    async def ask(self, kind: str, payload: JSON, outcome: Outcome) -> Outcome:
        """Send the act to the app; raises NotAcknowledged."""
        outcome.payload = await self._dispatch.ask(kind, payload)
        self.workspace.changes.touch()
        return outcome

    def base(self, kind: str, user: Member) -> JSON:
        """The fields every interaction has."""
        workspace = self.workspace
        return {
            "type": kind,
            "token": "emulator",
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": workspace.team_id,
            },
            "api_app_id": workspace.app_id,
            "enterprise": None,
            "is_enterprise_install": False,
            "action_ts": workspace.clock.ts(),
            "trigger_id": workspace.trigger(user.id),
        }


def channel_field(channel: Channel) -> JSON:
    """The channel as interactions name it."""
    return {"id": channel.id, "name": channel.name or "directmessage"}
