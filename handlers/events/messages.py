"""Where messages come in: each event is read, written down durably, and only then acknowledged.

Bolt runs with `process_before_response`, so Slack's acknowledgement waits for these listeners; they
do no more than translate and submit. One that raises leaves the event unacknowledged, and Slack
sends it again.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.config.modes import Mode
from bot.messages.inbound import Author, IgnoredEvent, IncomingMessage, Missed
from bot.messages.revisions import RevisedMessage
from bot.pipeline.account_codes import AccountCodes
from bot.pipeline.intake import Intake
from bot.pipeline.revisions import Revisions
from bot.runtime.catch_up import CatchUp
from bot.text.invisible import storable
from bot.triage.addressing import THANKS
from handlers.connection.installation import Installation
from handlers.events.addressing import Addressing
from handlers.events.agents import AgentEvents
from handlers.events.gestures import read_membership
from handlers.events.lateness import Lateness
from handlers.events.machines import Machines
from handlers.events.payload import (
    MessageEvent,
    read_message,
    read_message_event,
)
from handlers.events.revisions import read_revision
from handlers.slack.agents import AgentRoster
from handlers.slack.people import People
from handlers.slack.permissions import Permissions
from handlers.slack.private_channels import PrivateChannels
from handlers.types import Payload
from storage.intake.missed import COMMAND

# Seconds that what an agent typed waits for what was missed before it; Slack waits for three.
IN_ORDER_WITHIN = 2.0
CODE = "code of an account"

log = structlog.get_logger("inbox")


class MessageEvents:
    """Listens in the watched channels, in direct messages, and wherever the bot is mentioned."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        at: Installation,
        intake: Intake,
        revisions: Revisions,
        roster: AgentRoster,
        access: Permissions,
        people: People,
        machines: Machines,
        addressing: Addressing,
        private_channels: PrivateChannels,
        agent_events: AgentEvents,
        catch_up: CatchUp,
        late: Lateness,
        codes: AccountCodes,
    ) -> None:
        self._at = at
        self._intake = intake
        self._revisions = revisions
        self._roster = roster
        self._access = access
        self._people = people
        self._machines = machines
        self._addressing = addressing
        self._private_channels = private_channels
        self._agent_events = agent_events
        self._catch_up = catch_up
        self._late = late
        self._codes = codes

    async def message(self, event: Payload, body: Payload, request: AsyncBoltRequest) -> None:
        """A message, an edit or a deletion in a place the bot is in; also a mention of the bot.

        One that Slack sends again may be old: apps with Delayed Events get it for a day.
        """
        _check_installation(body, self._at)
        again = "x-slack-retry-num" in request.headers
        missed: Missed | None = "old" if again and self._late.is_old(str(event.get("ts"))) else None
        await self._hear(event, replace(read_message_event(event, self._at), missed=missed))

    async def missed(self, event: Payload, missed: Missed) -> None:
        """What the history shows and no event brought, put as its event would have been."""
        event = storable(event)
        await self._hear(event, replace(read_message_event(event, self._at), missed=missed))

    async def _hear(self, event: Payload, heard: MessageEvent) -> None:
        await self._hide(heard)
        if heard.channel == self._roster.channel:
            await self._in_order(heard)
            await self._agent_events.agent_spoke(await self._named(heard, event))
            return
        mode = await self._mode(heard)
        if mode == "off":
            log.debug("not watched", channel=heard.channel)
        elif heard.revises:
            await self._revision(await self._named(heard, event), mode)
        else:
            await self._said(await self._named(heard, event), mode)

    async def _in_order(self, heard: MessageEvent) -> None:
        """What an agent typed is carried out after what was missed and had been typed before."""
        if heard.missed is None:
            await self._catch_up.passed(heard.channel, IN_ORDER_WITHIN)

    async def membership(self, event: Payload) -> None:
        """Someone joined or left a channel: perhaps an agent."""
        if read_membership(event) == self._roster.channel:
            self._roster.forget()

    async def group_changed(self) -> None:
        """Someone joined or left a user group: perhaps an agent."""
        self._roster.forget()

    async def _named(self, heard: MessageEvent, event: Payload) -> MessageEvent:
        """The same event with the names of whom it mentions, as far as Slack tells them in time."""
        names = await self._people.names(heard.ids) if heard.ids else {}
        if not names:
            return heard
        return replace(read_message_event(event, self._at, names), missed=heard.missed)

    async def _hide(self, heard: MessageEvent) -> None:
        """A channel that turned private hides its tickets before anything else is done."""
        if heard.hides or (
            heard.channel_type == "group" and self._access.known_public(heard.channel)
        ):
            self._access.forget(heard.channel)
            await self._private_channels.hide_tickets(heard.channel)

    async def _said(self, heard: MessageEvent, mode: Mode) -> None:
        asker = await self._machines.asker(heard.channel, heard.said)
        by_agent = asker is None and await self._by_agent(heard)
        if by_agent and (found := await self._agent_events.thread_command(heard)):
            await self._in_order(heard)
            await self._ignore(IgnoredEvent(reason=COMMAND, key=heard.key))
            await self._agent_events.run_command(heard, *found)
            return
        author: Author = "agent" if by_agent and not await self._asks(heard) else "customer"
        if heard.channel_type is None:
            heard = heard.placed(await self._access.channel_type(heard.channel))
        called = heard.said.mentions(self._at.bot_user)
        read = read_message(heard, author=author, mode=mode, asker=asker, called=called)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
        elif await self._codes.heard(read):
            await self._ignore(IgnoredEvent(reason=CODE, key=read.key))
        elif read.author == "customer":
            await self._by_customer(heard, read)
        elif read.thread_ts is None or not await self._intake.agent_spoke(read):
            await self._ignore(IgnoredEvent(reason="agent outside a ticket", key=read.key))

    async def _by_customer(self, heard: MessageEvent, read: IncomingMessage) -> None:
        addressed = await self._addressing.judge(heard, read)
        if addressed.left_alone is None:
            found = {"addressed": addressed.surely, "pulled": addressed.pulled}
            await self._intake.receive(read.model_copy(update=found))
        elif addressed.left_alone == THANKS and await self._intake.joins(read):
            log.info("more of a burst", message=read.key)
        else:
            log.info("left alone", message=read.key, reason=addressed.left_alone)
            await self._intake.leave_alone(read, addressed.left_alone)

    async def _mode(self, heard: MessageEvent) -> Mode:
        said = heard.concerned
        calls = said.mentions(self._at.bot_user) or heard.calls_by_edit(self._at.bot_user)
        called = heard.channel_type == "im" or calls
        # Friends in a group conversation talk to each other: there the bot waits to be called.
        listens = called or heard.channel_type != "mpim"
        mode = self._intake.mode(heard.channel, called=called) if listens else "off"
        root = said.thread_ts or (heard.revised_ts if heard.revises else None)
        if mode == "off" and root:
            return await self._intake.thread_mode(heard.team, heard.channel, root)
        return mode

    async def _by_agent(self, heard: MessageEvent) -> bool:
        """Whether it is by somebody who works tickets; no machine does."""
        said = heard.said
        return bool(said.user) and not said.by_bot and await self._roster.is_agent(str(said.user))

    async def _asks(self, heard: MessageEvent) -> bool:
        """Whether an agent asks the desk like anyone else.

        By a mention, in their own ticket, or where nobody else is there to be asked.
        """
        said = heard.said
        called = said.mentions(self._at.bot_user) or heard.channel_type == "im"
        if said.thread_ts is None:
            return called
        thread = (heard.team, heard.channel, said.thread_ts)
        requester = await self._intake.requester(*thread, starter=said.parent_user)
        return called if requester is None else said.user == requester

    async def _revision(self, heard: MessageEvent, mode: Mode) -> None:
        asker = await self._machines.asker(heard.channel, heard.concerned)
        read = read_revision(heard, bot_user=self._at.bot_user, asks=asker is not None)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
            return
        read = await self._judged(heard, read, mode, asker)
        effect = await self._revisions.revised(read, mode)
        if effect.known or read.content is None:
            return
        if effect.ignored or read.calls or heard.soon_revised:
            await self._reread(heard.as_said(anew=effect.ignored))

    async def _judged(
        self, heard: MessageEvent, revised: RevisedMessage, mode: Mode, asker: str | None
    ) -> RevisedMessage:
        """An edit with whom the message is for, as it reads now."""
        if revised.content is None:
            return revised
        now = heard.as_said(anew=False)
        called = now.said.mentions(self._at.bot_user)
        said = read_message(now, author="customer", mode=mode, asker=asker, called=called)
        if isinstance(said, IgnoredEvent):
            return revised
        found = await self._addressing.judge(now, said)
        judged = {"addressed": found.surely, "left_alone": found.left_alone}
        return revised.model_copy(update=judged)

    async def _reread(self, heard: MessageEvent) -> None:
        """An edit of what was no request, or of what is still to come: it is what it says now."""
        mode = await self._mode(heard)
        if mode == "off":
            return
        await self._revisions.reconsider(heard.key)
        try:
            await self._said(heard, mode)
        except Exception:
            # Slack sends the edit again, which has to find the message as it was.
            await self._intake.ignored(heard.key, "edited")
            raise

    async def _ignore(self, ignored: IgnoredEvent) -> None:
        log.info("ignored", message=ignored.key, reason=ignored.reason)
        if ignored.key is not None:
            await self._intake.ignored(ignored.key, ignored.reason)


def _check_installation(body: Mapping[str, Any], at: Installation) -> None:
    """Note an event that came for another installation; that of a shared channel names both."""
    for each in (body.get("authorizations") or ())[:1]:
        if each.get("team_id") not in (None, at.team):
            log.warning("event of another installation", team=each["team_id"], ours=at.team)
