"""Why the bot did what it did with a ticket: triage, route, articles, prompts, models, cost."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.text.money import dollars
from handlers.views.blocks import Block, context, section
from handlers.views.mrkdwn import clipped, escape, harmless_mrkdwn, local_time, mrkdwn_link
from storage.tickets.tables import CallRow, Decision

LATEST = 8
REASON = 1_000
FAULT = 300
FAULTS = 6


def decision_blocks(decided: Sequence[Decision], paid: Sequence[CallRow]) -> list[Block]:
    """The latest decisions about a ticket, oldest of them first, each with what it cost."""
    calls: defaultdict[str | None, list[CallRow]] = defaultdict(list)
    for call in paid:
        calls[call.message_key].append(call)
    if not decided:
        return [section("The bot has not decided anything about this ticket.")]
    return [
        block for each in decided[-LATEST:] for block in _decision(each, calls[each.message_key])
    ]


def _decision(decision: Decision, calls: Sequence[CallRow]) -> list[Block]:
    triage = decision.triage or {}
    labels = [
        f"{name} *{escape(str(triage[name]))}*"
        for name in ("intent", "confidence", "complexity", "urgency", "sentiment", "language")
        if triage.get(name) is not None
    ]
    told = decision.outcome.replace("_", " ")
    reason = harmless_mrkdwn(clipped(decision.reason, REASON))
    lines = [f"*{told}* {local_time(decision.decided_at)}: {reason}", " · ".join(labels)]
    if decision.sources:
        lines.append(f"Articles: {_articles(decision.sources)}")
    lines += gate_lines(decision.gate or {})
    return [section("\n".join(filter(None, lines))), context(_paid(decision, calls))]


def gate_lines(gate: dict[str, Any]) -> list[str]:
    """What the gate said of the words that a model proposed, a line for each thing."""
    if not gate:
        return []
    verdict = (
        f"Gate: *{str(gate['outcome']).replace('_', ' ')}*, {harmless_mrkdwn(str(gate['reason']))}"
    )
    lines = [clipped(verdict, REASON)]
    faults = [str(each["told"]) for each in gate["faults"][:FAULTS]]
    lines += [f"• {harmless_mrkdwn(clipped(told, FAULT))}" for told in faults]
    if gate.get("unknown"):
        lines.append(f"Not known: {harmless_mrkdwn(clipped(str(gate['unknown']), FAULT))}")
    if gate.get("found") and gate["outcome"] == "hand_over":
        lines.append(f"Found: {_articles(gate['found'])}")
    return lines


def _articles(sources: Sequence[dict[str, Any]]) -> str:
    return " · ".join(
        mrkdwn_link(each["url"], each["title"])
        if each.get("url")
        else escape(str(each.get("title")))
        for each in sources
    )


def _paid(decision: Decision, calls: Sequence[CallRow]) -> str:
    models = ", ".join(dict.fromkeys(f"{call.purpose} by {call.model}" for call in calls))
    prompts = ", ".join(decision.prompt_versions) or "no prompt"
    total = dollars(sum(call.nano_dollars for call in calls))
    spent = sum(decision.stage_ms.values())
    return escape(f"{models or 'no model'} · prompts {prompts} · {total} · {spent} ms")
