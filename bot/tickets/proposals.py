"""Changes in the desk's own systems: proposed by the bot, made by an agent's press, made once.

The press is written down before anything happens. Then a workflow looks how things stand, because
they may have changed, asks the system under the proposal's key, and after a doubt looks again.
"""

import asyncio
from functools import partial
from typing import Any

import structlog

from bot.config.tools import ToolConfig
from bot.runtime.tasks import BackgroundTasks
from bot.runtime.thread_order import ThreadOrder
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.refusals import ActionRefused
from bot.tools.endpoint import NothingThere, SystemFailed
from bot.tools.lookup import ChangeStanding
from bot.tools.schemas import wrong_argument
from bot.tools.shaping import Unfit
from bot.tools.toolbox import Toolbox, told_change
from bot.values import Frozen
from storage.actions import proposed_changes
from storage.actions.proposed_changes import Edited, Pressed
from storage.db.database import Database
from storage.tickets import outbox as outbox_rows
from storage.tickets import proposals
from storage.tickets.outbox import OutboxRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.switches import AUTONOMY, find_switch, put_switch

WORKFLOW = "change"
# How often a change is asked for when nobody knows whether it was made; its key makes it one.
TRIES = 3
# Seconds for a look while a form is open; Slack waits three.
EDITING = 2.0
GONE = "it is not there any more"
NO_TOOL = "desk.toml has no such tool any more"
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
        # The changes of one customer: of two that are the same, the second has to see the first.
        self._order = ThreadOrder()
        self._touched = asyncio.Event()
        self._background = BackgroundTasks()

    async def decide(self, pressed: Pressed, *, agrees: bool, admin: bool) -> ProposalRow:
        """An agent agrees or declines; who is second reads that it was decided.

        Raises one of `REFUSALS`, having changed nothing.
        """
        shown = await self._store.read(proposed_changes.waiting_proposal, pressed)
        people = self._tool(shown).people(shown.amount, admin=admin)
        row = await self._store.write(
            proposed_changes.decide, pressed, agrees=agrees, people=people
        )
        self._cards.touch(pressed.number)
        if row.fate == "approved":
            await self._begin(row)
        return row

    async def waiting(self, pressed: Pressed) -> tuple[ProposalRow, ToolConfig]:
        """A proposal that can be edited, and its tool.

        Raises one of `REFUSALS`.
        """
        row = await self._store.read(proposed_changes.waiting_proposal, pressed)
        return row, self._tool(row)

    async def edit(self, pressed: Pressed, arguments: dict[str, Any]) -> None:
        """Propose something else than the bot did, for the same customer; nobody has agreed yet.

        Raises one of `REFUSALS`, having changed nothing: also where it cannot be done as edited.
        """
        row, tool = await self.waiting(pressed)
        if wrong := wrong_argument(arguments, tool.arguments):
            raise ActionRefused(f"This does not fit: {wrong}. Nothing was changed.")
        now = await self._standing(row.model_copy(update={"arguments": arguments}))
        edited = Edited(
            what=told_change(row.tool, arguments),
            arguments=arguments,
            before=now.before,
            amount=now.amount,
            people=tool.people(now.amount),
        )
        await self._store.write(proposed_changes.edit, pressed, edited)
        self._cards.touch(pressed.number)
        log.info("change edited", tool=row.tool, by=pressed.who)

    def _tool(self, row: ProposalRow) -> ToolConfig:
        tool = self._tools.get(row.tool)
        if tool is None:
            raise ActionRefused(f"desk.toml has no tool {row.tool} any more. Nothing was changed.")
        return tool

    async def _standing(self, row: ProposalRow) -> ChangeStanding:
        """How things stand for an edited change; who edits waits for it, and Slack waits for us."""
        try:
            async with asyncio.timeout(EDITING):
                now = await self._toolbox.standing(
                    row.tool, row.arguments, row.customer, row.language
                )
        except NothingThere:
            raise ActionRefused(
                "There is nothing of the kind for this customer. Nothing was changed."
            ) from None
        except (SystemFailed, Unfit, TimeoutError) as error:
            why = str(error) or "it did not answer in time"
            raise ActionRefused(f"It could not be looked up: {why}. Nothing was changed.") from None
        if not now.possible:
            raise ActionRefused("The system would not do this. Nothing was changed.")
        return now

    async def resume(self) -> None:
        """Begin what was agreed to when the process died, and from now on what is touched."""
        await self.begin_agreed()
        self._background.begin(self._follow())

    async def let_alone(self, who: str, *, stopped: bool) -> None:
        """Stop whatever happens by itself, or let it go on; what was stopped waits for people."""
        throw = partial(put_switch, thrown=stopped)
        await self._store.write(throw, AUTONOMY, who)
        log.info("autonomy switched", stopped=stopped, by=who)

    def touch(self) -> None:
        """Something was proposed that needs nobody: begin it soon.

        Not from here: within a workflow another must not be begun by the way.
        """
        self._touched.set()

    async def stop(self) -> None:
        """Begin nothing more."""
        await self._background.stop()

    async def _follow(self) -> None:
        while True:
            await self._touched.wait()
            self._touched.clear()
            try:
                await self.begin_agreed()
            except Exception:
                log.exception("changes not begun")

    async def begin_agreed(self) -> None:
        """Begin what was agreed to and has not begun; twice is a no-op."""
        for row in await self._store.read(proposals.approved_proposals):
            await self._begin(row)

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one change."""
        row = await self._store.read(proposals.find_proposal, str(payload["key"]))
        if row is None:
            return "gone"
        async with (
            self._order.turn(row.customer, row.key),
            self._workflows.replicas.alone(f"changes of:{row.customer}"),
        ):
            settled = await self._workflows.step("look", Settled, self._look, row)
            if settled.fate == "approved":
                settled = await self._workflows.step("change", Settled, self._change, row)
        if settled.fate == "waiting":
            people = self._tools[row.tool].people(row.amount)
            await self._store.write(proposed_changes.hand_back, row.key, people)
            self._cards.touch(row.ticket_id)
            return settled.fate
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

    async def _begin(self, row: ProposalRow) -> None:
        """What was stopped by the switch begins once more, when people have agreed to it."""
        name = f"change:{row.key}" if row.people else f"change:{row.key}:alone"
        await self._workflows.submit(WORKFLOW, name, {"key": row.key})

    async def _warn(self, row: ProposalRow, settled: Settled) -> None:
        """Say under the card what did not go through, to the agent who pressed last."""
        tool = self._tools.get(row.tool)
        system = tool.title if tool else row.tool
        words = OutboxRow(
            key=f"change:{row.key}:note",
            ticket_id=row.ticket_id,
            kind="note",
            agent_id=row.approvals[-1] if row.approvals else None,
            text=f"{row.what}: {settled.fate}, {settled.result}. Look into the {system}.",
        )
        await self._store.write(outbox_rows.put_in_outbox, words)
        await self._outbox.send(words.key)

    async def _look(self, row: ProposalRow) -> Settled:
        """Whether things stand as they did when it was proposed."""
        if row.tool not in self._tools:
            return Settled(fate="refused", result=NO_TOOL)
        if not row.people and not await self._alone(row):
            return Settled(fate="waiting")
        try:
            now = await self._toolbox.standing(row.tool, row.arguments, row.customer, row.language)
        except (NothingThere, SystemFailed, Unfit) as error:
            return Settled(fate="refused", result=str(error) or GONE)
        if not now.possible or list(now.before) != row.before or now.amount != row.amount:
            return Settled(fate="stale", result="things have changed since it was proposed")
        return Settled(fate="approved")

    async def _alone(self, row: ProposalRow) -> bool:
        """Whether it may still be made without a person, as the desk and its switch are now."""
        stopped = await self._store.read(find_switch, AUTONOMY)
        return stopped is None and self._tools[row.tool].within_alone(row.amount)

    async def _change(self, row: ProposalRow) -> Settled:
        """Ask for it under its key, again as long as nobody knows whether it was made.

        A system that refuses after such an attempt does not undo it: that stays doubtful.
        """
        if row.tool not in self._tools:
            return Settled(fate="doubtful", result=NO_TOOL)
        problem = ""
        for _ in range(TRIES):
            try:
                await self._toolbox.carry_out(row.tool, row.arguments, row.customer, row.key)
            except (NothingThere, SystemFailed) as error:
                said = str(error) or GONE
                if not (isinstance(error, SystemFailed) and error.again):
                    told = f"{problem}, then {said}" if problem else said
                    return Settled(fate="doubtful" if problem else "refused", result=told)
                problem = said
                if await self._seen(row, told=False):
                    return Settled(fate="done")
            else:
                # A system that says yes and has done nothing is noticed, too.
                seen = await self._seen(row, told=True)
                result = "" if seen else problem or NOT_SEEN
                return Settled(fate="done" if seen else "doubtful", result=result)
        return Settled(fate="doubtful", result=problem)

    async def _seen(self, row: ProposalRow, *, told: bool) -> bool:
        """Whether the change shows: it cannot be made any more, or it was `told` and things moved.

        A part of an order that was refunded leaves another refund possible. What nobody knows is
        not seen.
        """
        try:
            now = await self._toolbox.standing(row.tool, row.arguments, row.customer, row.language)
        except (NothingThere, SystemFailed, Unfit):
            return False
        return not now.possible or (told and list(now.before) != row.before)

    def _told(self, row: ProposalRow, settled: Settled) -> str:
        tool = self._tools.get(row.tool)
        if settled.fate != "done" or tool is None:
            return phrase("not_done", row.language)
        return tool.done_text(row.arguments, row.language)
