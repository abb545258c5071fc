"""The workspace: what the bot says and shows in Slack, done with the Web API."""

import asyncio

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.inbound import File
from bot.workspace.card import Card
from bot.workspace.failures import CannotPost, PostRefused
from bot.workspace.port import Absence
from bot.workspace.posts import (
    FileCopy,
    FilePlace,
    HelpOffer,
    MessageSign,
    Note,
    Posted,
    Reply,
    ReplyPlace,
)
from handlers.slack.card_board import CardBoard
from handlers.slack.file_copies import FileCopies
from handlers.slack.people import People, Person
from handlers.slack.status import AgentStatus
from handlers.slack.streaming import Streamer
from handlers.views import answer_buttons
from handlers.views.blocks import reply_footer, reply_message
from handlers.views.help_offer import help_offer
from handlers.web_api.app_refusals import SLOW_DOWN, lacks_scope, refuses_app, when_taken
from handlers.web_api.call_priority import CallPriority, calls_as, prioritised
from handlers.web_api.pagination import channel_members
from handlers.web_api.posting import UNCLEAR, Poster, code_of

# What a sign is refused with when it stands already, is gone already, or its message is gone.
ALREADY = {"already_reacted", "no_reaction", "message_not_found"}
# What Slack says to a message with blocks that it does not know.
NO_FEEDBACK = ("invalid_blocks", "invalid_blocks_format")

# Seconds that an answer waits for the members of its channel.
PATIENCE = 1.0

log = structlog.get_logger("slack")


class SlackWorkspace:
    """Carries out what `bot.workspace.port.Workspace` promises.

    `client` retries by itself and is for calls that may run twice; `poster` posts exactly once.
    """

    def __init__(  # noqa: PLR0913 - built in one place
        self,
        client: AsyncWebClient,
        poster: Poster,
        streamer: Streamer,
        agent_status: AgentStatus,
        copies: FileCopies,
        board: CardBoard,
        people: People,
        *,
        bot_user: str,
    ) -> None:
        self._client = client
        self._poster = poster
        self._streamer = streamer
        self._agent_status = agent_status
        self._copies = copies
        self._standing = poster.standing
        self._feedback = True
        self._board = board
        self._people = people
        self.bot_user = bot_user

    async def say(self, say: Reply, *, recovered: bool) -> Posted:
        """Say something in the customer's thread; raises CannotPost."""
        with calls_as(CallPriority.AGENT_WORDS if say.kind == "relay" else CallPriority.CUSTOMER):
            ts = await self._say_or_less(say, recovered=recovered)
        return Posted(key=say.key, kind=say.kind, channel=say.channel, ts=ts, text=say.text)

    async def _say_or_less(self, say: Reply, *, recovered: bool) -> str:
        """Slack's own feedback buttons are not to be had everywhere; the answer matters more."""
        try:
            return await self._say(say, recovered=recovered)
        except PostRefused as error:
            if say.asks is None or not self._feedback or error.code not in NO_FEEDBACK:
                raise
            self._feedback = False
            log.warning("no feedback buttons", error=error.code)
            return await self._say(say, recovered=recovered)

    async def _say(self, say: Reply, *, recovered: bool) -> str:
        text, blocks = reply_message(say)
        asked = (
            answer_buttons.feedback_buttons(say.asks, feedback=self._feedback) if say.asks else []
        )
        message = {"channel": say.channel, "text": text, "blocks": [*blocks, *asked]}
        if say.over is not None:
            ending = _ending(say, recovered=recovered)
            rest = (ending, [*reply_footer(say), *asked]) if ending is not None else None
            if ts := await self._streamer.finish(say.key, message, say.over, rest):
                return ts
        if say.thread_ts:
            message["thread_ts"] = say.thread_ts
        after = say.thread_ts or say.after
        return await self._poster.post(say.key, message, after=after, recovered=recovered)

    async def begin(self, place: ReplyPlace, text: str) -> str:
        """Show the beginning of a message that is still being written; raises CannotPost."""
        return await self._streamer.begin(place, text)

    async def go_on(self, place: ReplyPlace, ts: str, text: str) -> None:
        """Add to it; raises CannotPost, and Halted when somebody stopped it."""
        await self._streamer.go_on(place, ts, text)

    async def unfinished(self, place: ReplyPlace, after: str) -> str | None:
        """A message of ours that was begun there and never finished; raises CannotPost."""
        return await self._streamer.unfinished(place, after)

    async def withdraw(self, channel: str, ts: str) -> None:
        """Take a message of ours away; raises CannotPost."""
        await self._streamer.withdraw(channel, ts)

    async def status(self, place: ReplyPlace, language: str | None, *, busy: bool) -> None:
        """Show under the thread that the bot is at work, or no longer. Never raises."""
        await self._agent_status.status(place, language, busy=busy)

    async def title(self, place: ReplyPlace, title: str) -> None:
        """Name a direct conversation. Never raises."""
        await self._agent_status.title(place, title)

    async def offer_help(self, offer: HelpOffer) -> None:
        """Ask the author of a message whether the desk shall help. Never raises."""
        try:
            await self._client.chat_postEphemeral(**help_offer(offer))
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("help not offered", channel=offer.channel, error=type(error).__name__)

    async def reword(self, say: Reply, ts: str) -> None:
        """Change the bot's own words that stand at `ts`. Never raises."""
        text, blocks = reply_message(say)
        try:
            await self._client.chat_update(channel=say.channel, ts=ts, text=text, blocks=blocks)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("not reworded", channel=say.channel, ts=ts, error=type(error).__name__)

    @prioritised(CallPriority.AGENT_WORDS)
    async def amend(self, say: Reply, ts: str) -> None:
        """Change words of ours that stand at `ts`; raises CannotPost when they stay."""
        text, blocks = reply_message(say)

        async def attempt(*, unclear: bool) -> None:
            # The same update twice leaves the same message.
            del unclear
            await self._client.chat_update(channel=say.channel, ts=ts, text=text, blocks=blocks)

        await self._poster.patiently(attempt, unclear=False)

    @prioritised(CallPriority.AGENT_WORDS)
    async def copy_file(self, file: File) -> FileCopy:
        """Upload the bytes of somebody's file as one of ours that nobody sees yet."""
        return await self._copies.copy(file)

    @prioritised(CallPriority.AGENT_WORDS)
    async def share_file(self, file: str, title: str, place: FilePlace, *, recovered: bool) -> None:
        """Share a file of ours in a thread, once; raises CannotPost."""
        channel = place.channel or self._board.channel
        await self._copies.share(file, title, channel, place.thread_ts, recovered=recovered)

    @prioritised(CallPriority.AGENT_WORDS)
    async def delete_file(self, file: str) -> None:
        """Take a file of ours away; raises CannotPost."""
        await self._copies.delete(file)

    async def card(self, card: Card, *, edition: int, recovered: bool) -> Posted:
        """Put a ticket before the agents; raises CannotPost."""
        return await self._board.card(card, edition=edition, recovered=recovered)

    async def redraw(self, card: Card, ts: str, picture: str) -> str | None:
        """Bring a card up to date in place; None when it was deleted. Raises CannotPost."""
        return await self._board.redraw(card, ts, picture)

    async def sign(self, channel: str, ts: str, name: MessageSign, *, on: bool) -> bool:
        """Put a sign on a message or take it off; False when it may be done later."""
        call = self._client.reactions_add if on else self._client.reactions_remove
        seen = on and name == "eyes"
        try:
            with calls_as(CallPriority.SIGN if seen else CallPriority.CARD):
                await call(channel=channel, timestamp=ts, name=name)
        except SlackApiError as error:
            code = code_of(error)
            if code in ALREADY:
                return True
            log.warning("no sign", channel=channel, ts=ts, error=code)
            later = refuses_app(error) or lacks_scope(error) or code in {*UNCLEAR, *SLOW_DOWN}
            return not (later or error.response.status_code >= 429)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("no sign", channel=channel, ts=ts, error=type(error).__name__)
            return False
        return True

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card; raises CannotPost."""
        return await self._board.note(note, recovered=recovered)

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with a person; raises CannotPost."""
        try:
            opened = await when_taken(
                self._standing, lambda: self._client.conversations_open(users=user)
            )
            return str(opened["channel"]["id"])
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotPost("there is no way to write to this person directly") from error

    async def name(self, user: str) -> str:
        """What a person is called in the workspace; the first name a customer will read."""
        try:
            return (await self._person(user)).name
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return "An agent"

    async def names(self, user: str) -> tuple[str, ...]:
        """Everything a person is called in the workspace; raises CannotPost."""
        try:
            return (await self._person(user)).names
        except SlackApiError as error:
            if error.response.get("error") == "user_not_found":
                return ()
            raise CannotPost(f"Slack does not say who {user} is") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotPost(f"Slack does not say who {user} is") from error

    async def absence(self, user: str, channel: str) -> Absence | None:
        """Why a person reads nothing in a place by now; None when Slack does not say in time."""
        person = await self._people.find(user, within=0)
        if person is None:
            return None
        if person.gone:
            return "deactivated"
        return "left" if await self._left(user, channel) else None

    async def _left(self, user: str, channel: str) -> bool:
        """Whether a person is not in a channel; direct messages nobody leaves."""
        if channel.startswith("D"):
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                return user not in await channel_members(self._client, channel)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.info("members not read", channel=channel, error=type(error).__name__)
            return False

    async def _person(self, user: str) -> Person:
        return await when_taken(self._standing, lambda: self._people.ask(user))


def _ending(say: Reply, *, recovered: bool) -> str | None:
    """What is missing from a message that was begun; None when it has to be written anew."""
    if say.over is None or say.over.shown is None or recovered:
        return None
    shown = say.over.shown
    if say.text.startswith(shown):
        return say.text[len(shown) :]
    # White space at its end may have been shown already.
    return "" if say.text == shown.strip() else None
