"""What a message would change in the desk's systems, written down: for people, or to happen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo

from bot.config.tools import ToolConfig
from bot.pipeline.context import Composed
from bot.tools.lookup import Lookup
from storage.costs.days import day_of, midnight
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets.proposals import AloneLimits, ProposalRow, put_proposals
from storage.tickets.switches import AUTONOMY, find_switch

# For how long what people decided is evidence.
SEEN = timedelta(days=90)


class Proposer:
    """Puts changes before the agents, and tells which of them need nobody."""

    def __init__(self, store: Database, tools: Mapping[str, ToolConfig], zone: tzinfo) -> None:
        self._store = store
        self._tools = tools
        self._zone = zone

    async def propose(self, composed: Composed, *, may_do: bool) -> Sequence[ProposalRow]:
        """Write down what is proposed; doing it twice changes nothing.

        Only where the bot `may_do` anything, what the desk allows happens by itself, within its
        limits; what is beyond them waits for people.
        """
        lookups = composed.answer.lookups if composed.answer else ()
        if not any(each.proposal for each in lookups):
            return ()
        alone = await self._alone(composed) if may_do else None
        triage = composed.assessment.triage
        rows = proposal_rows(
            lookups,
            composed.inbound.key,
            composed.ticket.ticket_id,
            self._tools,
            triage.summary if triage else "",
            alone,
        )
        limits = {row.key: self._limits(row) for row in rows if not row.people}
        return await self._store.write(put_proposals, rows, limits)

    def _limits(self, row: ProposalRow) -> AloneLimits:
        tool, now = self._tools[row.tool], utc_now()
        return AloneLimits(
            people=tool.people(row.amount),
            day=midnight(day_of(now, self._zone), self._zone),
            many=tool.alone_a_day,
            total=tool.alone_sum_a_day,
            after=tool.alone_after,
            seen=now - SEEN,
        )

    async def _alone(self, composed: Composed) -> str | None:
        """The intent for which changes may be made by themselves; None where nothing may."""
        triage, route = composed.assessment.triage, composed.route
        if triage is None or route.publish != "thread" or not (route.sure and route.called):
            return None
        stopped = await self._store.read(find_switch, AUTONOMY)
        return None if stopped else triage.intent


def proposal_rows(
    lookups: Sequence[Lookup],
    message_key: str,
    ticket_id: int,
    tools: Mapping[str, ToolConfig],
    why: str,
    alone: str | None,
) -> list[ProposalRow]:
    """What is put before the agents: the same change of the same message is one proposal.

    `alone` is the intent for which some may be made by themselves, None where nothing may.
    """
    rows = {}
    for each in (lookup.proposal for lookup in lookups):
        if each is None:
            continue
        named = json.dumps([each.tool, each.arguments], sort_keys=True)
        key = f"{message_key}:{hashlib.sha256(named.encode()).hexdigest()[:16]}"
        tool = tools[each.tool]
        by_itself = alone is not None and tool.alone(alone, each.amount)
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
            why=why,
            people=0 if by_itself else tool.people(each.amount),
            fate="approved" if by_itself else "waiting",
        )
    return list(rows.values())
