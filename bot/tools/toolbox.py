"""The desk's tools at work: offered by intent, asked within their time, remembered for a while."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

import httpx2
import structlog

from bot import metrics, tracing
from bot.config.desk import Desk
from bot.config.tools import ToolConfig
from bot.llm.calls import ToolOffer, ToolUse
from bot.text.money import parse_parts
from bot.tools.breaker import Breaker
from bot.tools.denials import knows_nothing
from bot.tools.endpoint import NothingThere, NotTaken, SystemFailed, ask_endpoint
from bot.tools.lookup import ChangeStanding, Lookup, LookupOutcome, ProposedChange
from bot.tools.mcp_client import McpServers
from bot.tools.schemas import misfit, wrong_argument
from bot.tools.shaping import Unfit, failure_in, kept_parts, nothing_in, owners_of, value_at

MOST_KNOWN = 1_000
# Questions of one round; a model that wants more is answered that it is too many.
MOST_AT_ONCE = 6

log = structlog.get_logger("tools")


class Toolbox:
    """Asks the desk's systems. An async context manager: what it connects to, it closes."""

    def __init__(
        self,
        desk: Desk,
        secrets: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tools = desk.tools
        self._secrets = secrets
        self._zone = desk.zone
        self._now = now
        self._http: httpx2.AsyncClient | None = None
        self._servers = McpServers(desk.mcp, secrets)
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()
        self.breaker = Breaker(desk.tools)

    async def __aenter__(self) -> Self:
        if self._tools:
            self._http = httpx2.AsyncClient(follow_redirects=False, timeout=60)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._servers.close()
        if self._http is not None:
            await self._http.aclose()

    def serves(self, intent: str) -> bool:
        """Whether any tool is for this intent."""
        return any(intent in tool.intents for tool in self._tools.values())

    def personal(self, intent: str) -> bool:
        """Whether any tool for this intent takes to know who asks."""
        return any(tool.personal and intent in tool.intents for tool in self._tools.values())

    def offers(self, intent: str, customer: str | None) -> tuple[ToolOffer, ...]:
        """The tools for an intent; those about somebody's own data only when they are known."""
        return tuple(
            ToolOffer(name, tool.about, tool.arguments)
            for name, tool in sorted(self._tools.items())
            if intent in tool.intents and (customer is not None or not tool.personal)
        )

    async def look_up(
        self, uses: Sequence[ToolUse], intent: str, customer: str | None, language: str | None
    ) -> tuple[Lookup, ...]:
        """Ask what a model wants to know, all at once; never raises for what a system does."""
        allowed = {offer.name for offer in self.offers(intent, customer)}
        return tuple(
            await asyncio.gather(
                *(
                    self._looked_up(use, customer, language)
                    if use.name in allowed and place < MOST_AT_ONCE
                    else self._turned_down(use)
                    for place, use in enumerate(uses)
                )
            )
        )

    async def _turned_down(self, use: ToolUse) -> Lookup:
        return self._lookup(use, use.name, "refused", problem="this may not be asked here")

    async def _looked_up(self, use: ToolUse, customer: str | None, language: str | None) -> Lookup:
        tool, began = self._tools[use.name], time.monotonic()
        if wrong := wrong_argument(use.input, tool.arguments):
            return self._lookup(use, tool.title, "refused", problem=wrong)
        outcome: LookupOutcome = "found"
        parts: tuple[str, ...] = ()
        problem, proposal = "", None
        try:
            if tool.kind == "write":
                parts, proposal = await self._proposed(use, customer, language)
                outcome = "proposed" if proposal else "found"
            else:
                parts = await self._parts(use, tool, customer, language)
        except NothingThere as error:
            outcome, problem = "nothing", str(error) or "nothing found"
        except (SystemFailed, Unfit) as error:
            outcome, problem = "failed", str(error)
        spent = round((time.monotonic() - began) * 1000)
        metrics.tool_answered(use.name, outcome, spent / 1000)
        tracing.took(f"tool {use.name}", spent / 1000, outcome=outcome)
        # What was asked and answered is personal; a log needs neither.
        log.info("asked", tool=use.name, outcome=outcome, problem=problem or None, ms=spent)
        found = self._lookup(use, tool.title, outcome, parts, problem, spent)
        return found.model_copy(update={"proposal": proposal})

    async def _proposed(
        self, use: ToolUse, customer: str | None, language: str | None
    ) -> tuple[tuple[str, ...], ProposedChange | None]:
        """How things stand, and the change as a proposal where it is possible at all."""
        self.breaker.require(self._tools[use.name].check)
        now = await self.standing(use.name, use.input, customer, language)
        if not now.possible or customer is None:
            return now.before, None
        proposal = ProposedChange(
            tool=use.name,
            what=told_change(use.name, use.input),
            arguments=use.input,
            customer=customer,
            language=language,
            before=now.before,
            amount=now.amount,
        )
        return now.before, proposal

    async def standing(
        self,
        name: str,
        arguments: Mapping[str, Any],
        customer: str | None,
        language: str | None,
    ) -> ChangeStanding:
        """How things stand for a change of this customer's.

        Raises:
            NothingThere, SystemFailed, Unfit: the system does not say.
        """
        tool = self._tools[name]
        check = self._tools[tool.check]
        use = ToolUse(id="check", name=tool.check, input={k: arguments[k] for k in check.input})
        async with self.breaker.asking(tool.check):
            answer = await self._answer(use, check, customer, language)
            before = kept_parts(answer, check, language)
        return ChangeStanding(
            before=before,
            possible=value_at(answer, tool.allowed) is True,
            amount=_worth(tool, arguments, answer),
        )

    async def carry_out(
        self, name: str, arguments: Mapping[str, Any], customer: str, key: str
    ) -> None:
        """Make a change, once for each key however often it is asked for.

        Raises:
            NothingThere, SystemFailed: the system did not do it, or (`again`) nobody knows.
        """
        tool = self._tools[name]
        given = {**arguments, tool.subject: customer}
        try:
            async with asyncio.timeout(tool.seconds):
                await self._once(tool, given, key)
        except TimeoutError:
            raise SystemFailed(f"no answer within {tool.seconds:g} s", again=True) from None
        finally:
            # What was looked up before tells how things stood.
            self._known.clear()

    async def _parts(
        self, use: ToolUse, tool: ToolConfig, customer: str | None, language: str | None
    ) -> tuple[str, ...]:
        question = json.dumps([use.name, use.input, customer, language], sort_keys=True)
        known = self._known.get(question)
        if known is not None and time.monotonic() - known[0] < tool.cache:
            return known[1]
        self.breaker.require(use.name)
        async with self.breaker.asking(use.name):
            answer = await self._answer(use, tool, customer, language)
            parts = kept_parts(answer, tool, language)
        if not parts:
            raise NothingThere
        self._known[question] = (time.monotonic(), parts)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return parts

    async def _answer(
        self, use: ToolUse, tool: ToolConfig, customer: str | None, language: str | None
    ) -> Any:
        """What a system says right now, for this customer, as the desk expects it."""
        answer = await self._asked(use, tool, customer, language)
        if nothing_in(answer):
            raise NothingThere
        if failure := failure_in(answer, tool):
            if knows_nothing(failure):
                raise NothingThere("it answered with an error")
            raise NotTaken("it answered with an error")
        if tool.owner and not _theirs(owners_of(answer, tool.owner), customer):
            raise NothingThere
        if tool.output is not None and (wrong := misfit(answer, tool.output)):
            raise Unfit(wrong)
        return answer

    async def _asked(
        self, use: ToolUse, tool: ToolConfig, customer: str | None, language: str | None
    ) -> Any:
        """The answer of a system, asked again where that may help."""
        arguments = dict(use.input)
        if tool.subject:
            if customer is None:
                raise NothingThere
            arguments[tool.subject] = customer
        if tool.lang:
            arguments[tool.lang] = (language or "en").partition("-")[0]
        for left in range(tool.retries, -1, -1):
            try:
                return await self._once(tool, arguments)
            except SystemFailed as error:
                if not (error.again and left) or error.after >= tool.seconds:
                    raise
                await asyncio.sleep(error.after)
        raise AssertionError

    async def _once(self, tool: ToolConfig, arguments: Mapping[str, Any], key: str = "") -> Any:
        if tool.mcp:
            keyed = {tool.key: key} if key else {}
            given = {**arguments, **keyed}
            return await self._servers.ask(tool.mcp, tool.tool, given, read=not key)
        if self._http is None:
            raise SystemFailed("the desk is closing")
        token = self._secrets[tool.token] if tool.token else ""
        return await ask_endpoint(self._http, tool, arguments, token, key)

    def _lookup(
        self,
        use: ToolUse,
        title: str,
        outcome: LookupOutcome,
        parts: tuple[str, ...] = (),
        problem: str = "",
        spent: int = 0,
    ) -> Lookup:
        now = self._now()
        return Lookup(
            use=use,
            title=title,
            outcome=outcome,
            clock=f"{now.astimezone(self._zone):%H:%M}",
            asked_at=now,
            parts=parts,
            problem=problem,
            milliseconds=spent,
        )


def told_change(name: str, arguments: Mapping[str, Any]) -> str:
    """A change in words for agents."""
    return f"{name.replace('_', ' ')} ({', '.join(map(str, arguments.values()))})"


def _worth(tool: ToolConfig, arguments: Mapping[str, Any], answer: Any) -> int | None:
    """What a change is worth, by its own argument or by what the system says."""
    if not tool.amount:
        return None
    own = tool.amount in tool.input
    try:
        return parse_parts(arguments[tool.amount] if own else value_at(answer, tool.amount))
    except ValueError:
        raise Unfit(f"«{tool.amount}» is no amount") from None


def _theirs(owners: Collection[str], customer: str | None) -> bool:
    """Whether all that is told is this customer's: letters beyond ASCII make another address."""
    return bool(customer and owners) and {_folded(each) for each in owners} == {_folded(customer)}


def _folded(customer: str | None) -> str:
    return "".join(each.lower() if each.isascii() else each for each in customer or "")
