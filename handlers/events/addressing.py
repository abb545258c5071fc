"""Whom a message is for: what its mentions and its thread say, put before the rules."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.messages.inbound import IncomingMessage
from bot.pipeline.intake import Intake
from bot.triage.addressing import (
    GOING_ON,
    UNCLEAR,
    Mention,
    Named,
    Part,
    Talk,
    left_alone_by_rule,
    surely_for_desk,
)
from handlers.events.payload import MessageEvent
from handlers.slack.agents import AgentRoster
from storage.db.database import Database
from storage.intake.talk import LEFT_ALONE, ignored_for, talk_before
from storage.tickets.tables import Message

# <@U1>, <@U1|name>, <!subteam^S1|@team>, <!here>, <!channel>
_MENTION = re.compile(r"<@([UW]\w+)(?:\|[^<>]*)?>|<!(?:subteam\^(\w+)|\w+)(?:\|[^<>]*)?>")


@dataclass(frozen=True)
class Addressed:
    """Whether a message is for the desk beyond doubt, or why it is none of its business.

    `pulled` says that its thread is to be read first: it calls the desk into it, or asks something
    where people talked to each other.
    """

    surely: bool
    left_alone: str | None = None
    pulled: Literal["called", "overheard"] | None = None


class Addressing:
    """Puts a message before the rules that say whom it is for."""

    def __init__(self, store: Database, intake: Intake, roster: AgentRoster, bot_user: str) -> None:
        self._store = store
        self._intake = intake
        self._roster = roster
        self._bot_user = bot_user

    async def judge(self, heard: MessageEvent, read: IncomingMessage) -> Addressed:
        """What the rules say of a message by a customer; with us alone, all is for us."""
        if read.machine or heard.channel_type == "im":
            return Addressed(surely=True)
        said = await self._parts(heard.said.text)
        talk = await self._talk(heard, read)
        if talk is not None and Mention("desk") in said and (not talk.ticket or not read.text):
            return Addressed(surely=True, pulled="called")
        content = heard.said.content
        brings = bool(content.files or content.quotes)
        reason = left_alone_by_rule(said, talk, brings=brings)
        if reason in GOING_ON and talk is not None and talk.passing:
            # Whether its thread is a talk or a ticket is known when its turn comes.
            return Addressed(surely=False)
        if reason is None and talk is not None and talk.overheard:
            return Addressed(surely=False, pulled="overheard")
        return Addressed(reason is None and surely_for_desk(said, talk), reason)

    async def _parts(self, text: str) -> list[Part]:
        """The words of a message and whom it names, in their order."""
        parts: list[Part] = []
        end = 0
        for found in _MENTION.finditer(text):
            parts += [text[end : found.start()], Mention(await self._named(found[1], found[2]))]
            end = found.end()
        return [part for part in (*parts, text[end:]) if part]

    async def _named(self, user: str | None, group: str | None) -> Named:
        if user:
            if user == self._bot_user:
                return "desk"
            return "agent" if await self._roster.is_agent(user) else "person"
        if group:
            return "desk" if self._roster.counts(group) else "group"
        return "crowd"

    async def _talk(self, heard: MessageEvent, read: IncomingMessage) -> Talk | None:
        """The thread before the message; None outside any."""
        if read.thread_ts is None or read.thread_ts == read.ts:
            return None
        place = (read.team, read.channel, read.thread_ts)
        passing = await self._intake.overhears(read.thread)
        before = await self._store.read(talk_before, *place, read.ts)
        if before.requester is None and heard.said.parent_user == self._bot_user:
            # Under words of our own, such as a notice, we are the one who is spoken with.
            return Talk(answered=True)
        requester = before.requester or await self._intake.requester(
            *place, starter=heard.said.parent_user
        )
        if passing or await self._intake.overhears(read.thread):
            # It is a ticket only until it is known whether the desk was meant: no ticket to go by.
            reason = await self._store.read(ignored_for, read.thread)
            return Talk(
                own=read.user == heard.said.parent_user, reason=reason or UNCLEAR, passing=True
            )
        starter = requester or heard.said.parent_user
        return Talk(
            ticket=requester is not None,
            own=read.user == starter,
            last=_speaker(before.last, read.user),
            left_alone=before.last is not None and before.last.outcome == LEFT_ALONE,
            answered=before.answered == read.user,
            reason=before.reason,
        )


def _speaker(
    last: Message | None, author: str
) -> Literal["desk", "agent", "author", "other"] | None:
    if last is None:
        return None
    if last.author == "customer":
        return "author" if last.author_id == author else "other"
    return "agent" if last.author == "agent" else "desk"
