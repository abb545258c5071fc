"""Calls that a newer one overtakes while they wait: what was never sent need not be sent."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.web.async_slack_response import AsyncSlackResponse

OPPOSITES = {"reactions.add": "reactions.remove", "reactions.remove": "reactions.add"}


class Abandoned(Exception):
    """Whoever waited for the turn of this call gave up; those who joined it have to begin anew."""


class WaitingCall:
    """A call that has not left yet. `arguments` are the newest that its subject was given."""

    def __init__(self, method: str, arguments: Mapping[str, Any]) -> None:
        self.method = method
        self.arguments = arguments
        self._answer: asyncio.Future[AsyncSlackResponse | None]
        self._answer = asyncio.get_running_loop().create_future()

    @property
    def needless(self) -> bool:
        """Whether its opposite came before it left, or before it was taken."""
        return self._answer.done()

    async def answer(self) -> AsyncSlackResponse | None:
        """What Slack answered; None for a call that became needless.

        Raises:
            Abandoned: it was never sent.
            SlackApiError: Slack refused it.
        """
        return await asyncio.shield(self._answer)

    def answered(self, response: AsyncSlackResponse | None) -> None:
        """Tell those who joined it what Slack answered."""
        if not self._answer.done():
            self._answer.set_result(response)

    def failed(self, error: Exception) -> None:
        """Tell those who joined it that it failed."""
        if not self._answer.done():
            self._answer.set_exception(error)
            self._answer.exception()  # whoever sent it raises the error; often nobody joined


class WaitingCalls:
    """What waits for its turn, by its subject: a message, a Home, or a sign on a message."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, WaitingCall] = {}
        self._under_way: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def put(self, method: str, arguments: Mapping[str, Any]) -> tuple[WaitingCall, bool]:
        """A call, and whether it joined one that waits for its turn already.

        An update goes into the one that waits. A sign that is taken off before it was put on, or
        the other way round, is nothing: both are done.
        """
        subject = subject_of(method, arguments)
        standing = self._waiting.get(subject) if subject is not None else None
        if standing is None:
            call = WaitingCall(method, arguments)
            if subject is not None:
                self._waiting[subject] = call
            return call, False
        if standing.method == OPPOSITES.get(method):
            self.take(standing)
            standing.answered(None)
        else:
            # An older update may have said what the newer leaves as it is: the key of a post.
            standing.arguments = {**standing.arguments, **arguments}
        return standing, True

    def put_back(self, call: WaitingCall) -> WaitingCall:
        """A call that Slack did not take waits again; what came meanwhile is the newer word.

        Answers what waits now: the call, or the newer one that it joined. Where its opposite came
        both are done.
        """
        subject = subject_of(call.method, call.arguments)
        newer = self._waiting.setdefault(subject, call) if subject is not None else call
        if newer is call:
            return call
        if newer.method == OPPOSITES.get(call.method):
            self.take(newer)
            newer.answered(None)
            call.answered(None)
            return call
        newer.arguments = {**call.arguments, **newer.arguments}
        return newer

    @asynccontextmanager
    async def alone(self, call: WaitingCall) -> AsyncIterator[None]:
        """Calls about the same subject are made one after the other, as they left.

        Slack may answer two at once in either order: 👀 that is taken off must stand by then.
        """
        subject = subject_of(call.method, call.arguments)
        if subject is None:
            yield
            return
        async with self._under_way.setdefault(subject, asyncio.Lock()):
            yield

    def take(self, call: WaitingCall) -> None:
        """The call leaves, or never will: nothing joins it any more."""
        subject = subject_of(call.method, call.arguments)
        if subject is not None and self._waiting.get(subject) is call:
            del self._waiting[subject]


def subject_of(method: str, arguments: Mapping[str, Any]) -> Hashable | None:
    """What a call is about, where the newest word on it is all that counts; otherwise None."""
    if method == "chat.update":
        return "message", arguments.get("channel"), arguments.get("ts")
    if method == "views.publish":
        return "home", arguments.get("user_id")
    if method in OPPOSITES:
        place = (arguments.get("channel"), arguments.get("timestamp"))
        return "sign", *place, arguments.get("name")
    return None
