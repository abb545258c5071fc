"""`/ticket`. Answers are for the one who asked only, and every mistake gets a sentence.

The command is acknowledged at once; what it asks for follows by its response_url.
"""

from bot.runtime.tasks import BackgroundTasks
from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.parse import TicketCommand, read_command
from handlers.commands.verbs import COMMANDS
from handlers.errors import answered, ephemeral
from handlers.types import Ack, MessageBody, Payload, Respond
from handlers.views.mrkdwn import readable_text


class TicketCommands:
    """What can be asked with `/ticket`: a verb of the table. Who may ask it is checked here."""

    def __init__(self, desk: TicketDesk, background: BackgroundTasks) -> None:
        self._desk = desk
        self._background = background

    async def ticket(self, ack: Ack, command: Payload, respond: Respond) -> None:
        """Acknowledge a command, then answer it."""
        await ack()
        telling = self._tell(read_command(command), respond)
        self._background.begin(answered(telling, ephemeral(respond)))

    async def _tell(self, asked: TicketCommand, respond: Respond) -> None:
        if message := await self.answer(asked):
            await respond(**message, response_type="ephemeral")

    async def answer(self, asked: TicketCommand) -> MessageBody:
        """The message that answers a command, empty when a form does; raises a refusal."""
        verb = COMMANDS.get(asked.verb)
        if verb is None:
            raise ActionRefused(f"I don't know `{asked.verb}`. `/ticket help` shows what I know.")
        if verb.who == "agents":
            await self._desk.access.require_agent(asked.user)
        number, rest = asked.number() if verb.about == "ticket" else (0, asked.rest)
        return await verb.run(
            self._desk,
            Asked(
                Actor(asked.user, "command", asked.key),
                rest_text(rest) if verb.in_threads else rest,
                number,
                asked.channel,
                asked.trigger,
            ),
        )


def rest_text(rest: str) -> str:
    """Verbs read `@U1` and `<@U1>` alike; other references become readable text."""
    return rest if rest.startswith("<@") else readable_text(rest)
