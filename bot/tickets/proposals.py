"""Changes in the desk's own systems: proposed by the bot, made by an agent's press, made once.

The press is written down before anything happens. Then a workflow looks how things stand, because
they may have changed, asks the system under the proposal's key, and after a doubt looks again.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import structlog

from bot.config.tools import ToolConfig
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from bot.tickets.act_rules import Actor
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tools.endpoint import NothingThere, SystemFailed
from bot.tools.lookup import Lookup
from bot.tools.shaping import Unfit
from bot.tools.toolbox import Toolbox
from bot.values import Frozen
from storage.actions import proposed_changes
from storage.db.database import Database
from storage.tickets import outbox as outbox_rows
from storage.tickets import proposals
from storage.tickets.outbox import OutboxRow
from storage.tickets.proposals import ProposalRow

WORKFLOW = "change"
# How often a change is asked for when nobody knows whether it was made; its key makes it one.
TRIES = 3
NOT_SEEN = "the system said that it was done, and does not show it"

log = structlog.get_logger("tools")


class Settled(Frozen):
    """What came of a change."""

    fate: str
    result: str = ""


class Proposals:
    """Carries out what agents agree to."""

    def __init__(
        self,
        *,
        workflows: Workflows,
        store: Database,
        toolbox: Toolbox,
        tools: dict[str, ToolConfig],
        cards: CardKeeper,
        outbox: Outbox,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._toolbox = toolbox
        self._tools = tools
        self._cards = cards
        self._outbox = outbox

    async def decide(self, actor: Actor, number: int, key: str, *, agrees: bool) -> ProposalRow:
        """An agent agrees or declines; who is second reads that it was decided.

        Raises one of `REFUSALS`, having changed nothing.
        """
        row = await self._store.write(
            proposed_changes.decide, key, number, actor.who, agrees=agrees
        )
        self._cards.touch(number)
        if row.fate == "approved":
            await self._begin(row.key)
        return row

    async def resume(self) -> None:
        """Begin what was agreed to when the process died, before its workflow had begun."""
        for row in await self._store.read(proposals.approved_proposals):
            await self._begin(row.key)

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one change."""
        row = await self._store.read(proposals.find_proposal, str(payload["key"]))
        if row is None:
            return "gone"
        settled = await self._workflows.step("look", Settled, self._look, row)
        if settled.fate == "approved":
            settled = await self._workflows.step("change", Settled, self._change, row)
        await self._store.write(proposed_changes.settle, row.key, settled.fate, settled.result)
        said = self._told(row, settled)
        words = OutboxRow(key=f"change:{row.key}", ticket_id=row.ticket_id, text=said)
        await self._store.write(outbox_rows.put_in_outbox, words)
        await self._outbox.send(words.key)
        if settled.fate != "done":
            await self._warn(row, settled)
        self._cards.touch(row.ticket_id)
        log.info("change settled", tool=row.tool, fate=settled.fate)
        return settled.fate

    async def _begin(self, key: str) -> None:
        await self._workflows.submit(WORKFLOW, f"change:{key}", {"key": key})

    async def _warn(self, row: ProposalRow, settled: Settled) -> None:
        """Say under the card what did not go through, to the agent who pressed last."""
        title = self._tools[row.tool].title
        words = OutboxRow(
            key=f"change:{row.key}:note",
            ticket_id=row.ticket_id,
            kind="note",
            agent_id=row.approvals[-1],
            text=f"{row.what}: {settled.fate}, {settled.result}. Look into the {title}.",
        )
        await self._store.write(outbox_rows.put_in_outbox, words)
        await self._outbox.send(words.key)

    async def _look(self, row: ProposalRow) -> Settled:
        """Whether things stand as they did when it was proposed."""
        try:
            before, allowed, amount = await self._toolbox.standing(
                row.tool, row.arguments, row.customer, row.language
            )
        except (NothingThere, SystemFailed, Unfit) as error:
            return Settled(fate="refused", result=str(error) or "it is not there any more")
        if not allowed or list(before) != row.before or amount != row.amount:
            return Settled(fate="stale", result="things have changed since it was proposed")
        return Settled(fate="approved")

    async def _change(self, row: ProposalRow) -> Settled:
        """Ask for it under its key, again as long as nobody knows whether it was made."""
        problem = ""
        for _ in range(TRIES):
            try:
                await self._toolbox.carry_out(row.tool, row.arguments, row.customer, row.key)
            except NothingThere:
                return Settled(fate="refused", result="it is not there any more")
            except SystemFailed as error:
                if not error.again:
                    return Settled(fate="refused", result=str(error))
                problem = str(error)
                if not await self._possible(row):
                    break
            else:
                break
        else:
            return Settled(fate="doubtful", result=problem)
        # A system that says yes and has done nothing is noticed, too.
        done = not await self._possible(row)
        result = "" if done else problem or NOT_SEEN
        return Settled(fate="done" if done else "doubtful", result=result)

    async def _possible(self, row: ProposalRow) -> bool:
        """Whether the change could still be made: then it was not. What nobody knows is a yes."""
        try:
            _, allowed, _ = await self._toolbox.standing(
                row.tool, row.arguments, row.customer, row.language
            )
        except (NothingThere, SystemFailed, Unfit):
            return True
        return allowed

    def _told(self, row: ProposalRow, settled: Settled) -> str:
        if settled.fate != "done":
            return phrase("not_done", row.language)
        done = self._tools[row.tool].done
        text = done.get((row.language or "en").partition("-")[0], done["en"])
        for name, value in row.arguments.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


def proposal_rows(
    lookups: Sequence[Lookup], message_key: str, ticket_id: int, tools: dict[str, ToolConfig]
) -> list[ProposalRow]:
    """What is put before the agents: the same change of the same message is one proposal."""
    rows = {}
    for each in (lookup.proposal for lookup in lookups):
        if each is None:
            continue
        named = json.dumps([each.tool, each.arguments], sort_keys=True)
        key = f"{message_key}:{hashlib.sha256(named.encode()).hexdigest()[:16]}"
        limit = tools[each.tool].agents_up_to
        above = limit is not None and (each.amount is None or each.amount > limit)
        rows[key] = ProposalRow(
            key=key,
            ticket_id=ticket_id,
            tool=each.tool,
            what=each.what,
            arguments=each.arguments,
            customer=each.customer,
            language=each.language,
            before=list(each.before),
            amount=each.amount,
            people=2 if above else 1,
        )
    return list(rows.values())
