"""Codes by which people in Slack say that it was they who connected an account."""

import structlog

from bot.messages.inbound import IncomingMessage
from bot.text.phrases import Phrase, phrase
from bot.tools.connections import Connections
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import Reply

SAID: dict[str, Phrase] = {
    "connected": "connected",
    "wrong": "connect_wrong",
    "over": "connect_over",
}

log = structlog.get_logger("inbox")


class AccountCodes:
    """Hears codes; a desk whose customers connect nothing hears none."""

    def __init__(self, connections: Connections | None, workspace: Workspace) -> None:
        self._connections = connections
        self._workspace = workspace

    async def heard(self, inbound: IncomingMessage) -> bool:
        """Whether a message was a code and no request; its author is told what came of it."""
        if self._connections is None:
            return False
        typed = await self._connections.typed(inbound)
        if typed is None:
            return False
        # In a thread somebody may have been asked for a number: a wrong one is a message there.
        if typed.outcome == "wrong" and inbound.thread_ts:
            return False
        if typed.outcome is None:
            return not inbound.thread_ts
        log.info("account code typed", user=inbound.user, outcome=typed.outcome)
        words = Reply(
            key=f"code:{inbound.key}",
            kind="line",
            channel=inbound.channel,
            thread_ts=inbound.thread_ts,
            text=phrase(SAID[typed.outcome], typed.language),
            after=inbound.ts,
        )
        try:
            await self._workspace.say(words, recovered=False)
        except CannotPost as error:
            log.info("connection not told", problem=str(error))
        return True
