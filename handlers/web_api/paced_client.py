"""The Web API client: each call waits for its turn, and a call that was refused takes another."""

import time
from collections.abc import Mapping
from math import inf
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import metrics, tracing
from handlers.web_api.app_refusals import SLOW_DOWN
from handlers.web_api.call_priority import CallPriority, priority_of
from handlers.web_api.pacer import Pacer, TooManyCalls
from handlers.web_api.posting import code_of, said_pause
from handlers.web_api.replaceable import Abandoned, WaitingCall, WaitingCalls

ATTEMPTS = 6
# Seconds.
PAUSE = 10.0


class PacedClient(AsyncWebClient):
    """A Web API client whose calls leave when Slack will take them, the most urgent first.

    A call that Slack refuses for its rate is made up to `attempts` times, in its turn; then its
    caller hears of it. Nor does a call wait where Slack has said by its status to keep away for
    more than `longest` seconds; what it says in a word is waited for. Clients that share a pacer
    share its lanes; `waiting` holds what a newer call may overtake. `pause` is for how many seconds
    we keep away when Slack does not say.
    """

    def __init__(
        self,
        pacer: Pacer,
        waiting: WaitingCalls,
        *,
        attempts: int = ATTEMPTS,
        pause: float = PAUSE,
        longest: float = inf,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._attempts = attempts
        self._longest = longest
        self._pause = pause
        self._pacer = pacer
        self._waiting = waiting

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """Make a call when its turn has come.

        A call that was joined by a newer one while it waited answers as that one does, and one that
        became needless answers `ok`.

        Raises:
            SlackApiError: Slack refused it.
            TooManyCalls: Slack will not take it for longer than we wait.
        """
        body = next((name for name in ("json", "params", "data") if options.get(name)), "json")
        arguments = options.get(body) or {}
        while isinstance(arguments, Mapping):
            call, joined = self._waiting.put(api_method, arguments)
            if not joined:
                return await self._lead(call, body, options)
            try:
                return await call.answer() or self._needless(api_method)
            except Abandoned:
                continue
        return await self._ask(api_method, options)

    async def _ask(self, method: str, sent: Mapping[str, Any]) -> AsyncSlackResponse:
        """One attempt. What is no answer of Slack's, but of a proxy say, is refused like others.

        The SDK puts another class into its error for a body that is no JSON, and fails on the way
        to one for a text or a list.
        """
        began, answer = time.monotonic(), "unreached"
        try:
            answered = await self._attempt(method, sent)
            answer = "ok"
        except SlackApiError as error:
            answer = code_of(error) or "none"
            raise
        finally:
            took = time.monotonic() - began
            metrics.slack_answered(method, answer, took)
            tracing.took(f"slack {method}", took, answer=answer)
        return answered

    async def _attempt(self, method: str, sent: Mapping[str, Any]) -> AsyncSlackResponse:
        try:
            return await super().api_call(method, **sent)
        except AttributeError:
            told = f"{method}: the answer is none of Slack's"
            raise _refusal(told, self._answer(method, {}, {}, 200)) from None
        except SlackApiError as error:
            seen = error.response
            if isinstance(seen, AsyncSlackResponse) and isinstance(seen.data, dict):
                raise
            status = seen.status_code if isinstance(seen, AsyncSlackResponse) else seen.status
            answer = self._answer(method, {}, dict(seen.headers), status)
            raise _refusal(f"{method}: the answer is none of Slack's", answer) from None

    def _not_closed(self, method: str, channel: str) -> None:
        seen_by_a_person = priority_of(method) is CallPriority.VIEW
        if self._pacer.patient(method, channel) and not seen_by_a_person:
            return
        if (wait := self.wait(method, channel)) > self._longest:
            raise TooManyCalls(f"Slack takes no {method} for {wait:.0f} s")

    def wait(self, method: str, channel: str = "") -> float:
        """Seconds until such a call would leave if it were made now, at the least."""
        return self._pacer.wait(method, channel, priority_of(method))

    async def _lead(
        self, call: WaitingCall, body: str, options: dict[str, Any]
    ) -> AsyncSlackResponse:
        """Take the call through its turns, and tell those who joined it what became of it."""
        try:
            response = await self._until_taken(call, body, options)
            call.answered(response)
        except Exception as error:
            call.failed(error)
            raise
        finally:
            self._waiting.take(call)
            call.failed(Abandoned())
        return response

    async def _until_taken(
        self, call: WaitingCall, body: str, options: dict[str, Any]
    ) -> AsyncSlackResponse:
        """What Slack answers to the call, or to a newer one that came while it was refused."""
        left = 1 if priority_of(call.method) is CallPriority.VIEW else self._attempts
        waiting = call
        while not call.needless:
            if waiting is not call:
                try:
                    return await waiting.answer() or self._needless(call.method)
                except Abandoned:
                    waiting = self._waiting.put_back(call)
                    continue
            left -= 1
            answer = await self._in_turn(call, body, options, last=not left)
            if not isinstance(answer, WaitingCall):
                return answer
            waiting = answer
        return self._needless(call.method)

    async def _in_turn(
        self, call: WaitingCall, body: str, options: dict[str, Any], *, last: bool
    ) -> AsyncSlackResponse | WaitingCall:
        """Make the call in its turn. Where Slack wants it later, what waits then in its place.

        Raises:
            SlackApiError: Slack refused it, or wants even the `last` attempt later.
            TooManyCalls: its turn would come too late.
        """
        channel = str(call.arguments.get("channel") or "")
        self._not_closed(call.method, channel)
        async with (
            self._pacer.turn(call.method, channel, priority_of(call.method)) as turn,
            self._waiting.alone(call),
        ):
            if call.needless:
                turn.give_back()
                return self._needless(call.method)
            self._waiting.take(call)
            sent = {**options, body: dict(call.arguments)} if call.arguments else options
            try:
                return await self._ask(call.method, sent)
            except SlackApiError as error:
                pause = pause_of(error, self._pause)
                if pause is None:
                    raise
                turn.refused(pause, in_a_word=error.response.status_code != 429)
                if last:
                    raise
                # Before anybody else speaks of it: what is newer by now must not leave first.
                return self._waiting.put_back(call)

    def _needless(self, method: str) -> AsyncSlackResponse:
        return self._answer(method, {"ok": True}, {}, 200)

    def _answer(
        self, method: str, data: dict[str, Any], headers: dict[str, str], status: int
    ) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=method,
            req_args={},
            data=data,
            headers=headers,
            status_code=status,
        )


def _refusal(told: str, answer: AsyncSlackResponse) -> SlackApiError:
    return SlackApiError(told, answer)  # type: ignore[no-untyped-call]


def pause_of(error: SlackApiError, unsaid: float) -> float | None:
    """Seconds that Slack wants us to keep away; None when it refused for another reason.

    It says 429 with Retry-After, or `ratelimited` in an answer that looks like others.
    """
    if error.response.status_code != 429 and code_of(error) not in SLOW_DOWN:
        return None
    said = said_pause(error)
    return unsaid if said is None else said
