"""The bots of other apps, as a test or a demo moves them."""

from collections.abc import Sequence

from emulator.slack import mrkdwn, timeline
from emulator.slack.channels import Channel
from emulator.slack.interactions import Interactions
from emulator.slack.members import Member
from emulator.slack.messages import Message
from emulator.slack.wire import JSON


class OtherBot:
    """Another app's bot user, writing as modern bots do (or as classic ones did)."""

    def __init__(self, acts: Interactions, member: Member) -> None:
        self._workspace, self.member = acts.workspace, member
        self.id, self.bot_id, self.name = member.id, member.bot_id, member.name

    async def post(  # noqa: PLR0913 - what Slack tells apart
        self,
        channel: Channel,
        text: str,
        *,
        thread: Message | None = None,
        classic: bool = False,
        workflow: str | None = None,
        blocks: Sequence[JSON] = (),
        attachments: Sequence[JSON] = (),
        on_behalf: str | None = None,
    ) -> Message:
        """Write into a channel; `classic` uses subtype bot_message and no user.

        `workflow` is the id of the workflow that a classic post comes from. With `blocks` or
        `attachments` people see these, and `text` is what a notice shows. A post `on_behalf` of a
        person is made with their own token: then the user is that person, beside the bot's id.
        """
        identity = self.member.identity()
        if classic:
            identity = {"bot_id": self.bot_id, "username": self.name}
        if workflow:
            profile = {"id": self.bot_id, "is_workflow_bot": True, "name": self.name}
            identity |= {"workflow_id": workflow, "bot_profile": profile}
        if on_behalf:
            identity |= {"user": on_behalf}
        message = Message(
            channel.id,
            self._workspace.clock.ts(),
            mrkdwn.normalise(text),
            identity,
            thread_ts=thread.root_ts if thread else None,
            subtype="bot_message" if classic else None,
            blocks=list(blocks),
            attachments=list(attachments),
        )
        return timeline.post(self._workspace, message)
