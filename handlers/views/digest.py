"""A digest as a Slack message: pure builders over `bot.reports.wording`."""

from collections.abc import Mapping
from typing import Any

from bot.costs.budgets import BudgetUsage
from bot.reports import wording as words
from bot.reports.digest import Digest
from bot.reports.wording import Rows
from bot.text.money import dollars
from handlers.views.blocks import Block, context, header, section
from handlers.views.mrkdwn import clipped, escape, mrkdwn_link, person_mention

TITLE, ALT = 70, 2_000
FIELDS, LINES = 10, 20


def digest_message(
    digest: Digest, links: Mapping[int, str], picture: str | None = None
) -> dict[str, Any]:
    """What chat.postMessage takes. `links` are permalinks by ticket, `picture` an uploaded file."""
    head = words.digest_headline(digest)
    blocks = [
        header(words.digest_title(digest)),
        section(f"*{escape(head)}*"),
        context(_where(digest)),
    ]
    if not digest.quiet:
        blocks += _body(digest, links, picture)
    return {"text": f"{words.digest_title(digest)}: {head}", "blocks": blocks}


def alt_text(digest: Digest) -> str:
    """The picture in words, for those who do not see it."""
    spent = ", ".join(
        f"{words.short_model_name(model)} {dollars(nano)}" for model, nano in digest.by_model
    )
    intents = ", ".join(f"{name or 'none'} {count}" for name, count in digest.picture.intents)
    return clipped(
        f"Spend by day, stacked by model ({spent or 'none'} in this {digest.period.name}), and "
        f"new tickets by intent: {intents or 'none'}.",
        ALT,
    )


def digest_table(heads: tuple[str, ...], rows: Rows) -> str:
    """Rows under their heads in a fixed-width font; the first column is text, the rest figures."""
    everything = [heads, *rows]
    widths = [max(len(row[place]) for row in everything) for place in range(len(heads))]
    lines = (
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in everything
    )
    return "```" + escape("\n".join(lines)).replace("```", "'''") + "```"


def budget_bar(usage: BudgetUsage) -> str:
    """A budget with its bar."""
    return f"*{budget_reference(usage.limit.name)}*  {words.budget_text(usage)}"


def budget_reference(budget: str) -> str:
    """A budget's name as Slack shows it: a channel and a person by their names."""
    scope, _, subject = budget.partition(" ")
    match scope:
        case "channel":
            return f"<#{subject}>"
        case "requester":
            return person_mention(subject)
        case _:
            return "the desk"


def _where(digest: Digest) -> str:
    late = " · :warning: late: the desk was down when it was due" if digest.late else ""
    return f"{escape(digest.desk)} · {digest.period.days.zone}{late}"


def _body(digest: Digest, links: Mapping[int, str], picture: str | None) -> list[Block]:
    rows = words.key_figures(digest)
    blocks = [_fields(rows[start : start + FIELDS]) for start in range(0, len(rows), FIELDS)]
    if picture:
        image = {"type": "image", "slack_file": {"id": picture}, "alt_text": alt_text(digest)}
        blocks.append(image)
    if digest.routes:
        blocks.append(
            section(digest_table(("route", "model", "messages", "part"), words.route_rows(digest)))
        )
    if digest.by_model:
        rows = words.model_rows(digest)
        blocks.append(section(digest_table(("model", "cost", "part", "median", "p90"), rows)))
        total = digest.nano_dollars
        purposes, intents = digest.by_purpose, digest.by_intent[:LINES]
        blocks.append(
            section(digest_table(("purpose", "cost", "part"), words.ranked_rows(purposes, total)))
        )
        blocks.append(
            section(digest_table(("intent", "cost", "part"), words.ranked_rows(intents, total)))
        )
    if digest.dearest:
        blocks.append(section(_dearest(digest, links)))
    blocks.append(
        section("\n".join([*map(budget_bar, digest.budgets), words.forecast_text(digest)]))
    )
    foot = [
        words.tokens_text(digest),
        words.failures_text(digest),
        words.corrected_text(digest),
        words.alone_text(digest),
    ]
    blocks.append(context("\n".join(line for line in foot if line)))
    blocks.append(context(words.balance_text(digest)))
    return blocks


def _fields(rows: Rows) -> Block:
    fields = [{"type": "mrkdwn", "text": f"*{label}*\n{escape(value)}"} for label, value in rows]
    return {"type": "section", "fields": fields}


def _dearest(digest: Digest, links: Mapping[int, str]) -> str:
    lines = ["*Dearest tickets*"]
    for each in digest.dearest:
        name = f"T-{each.ticket_id}"
        shown = mrkdwn_link(links[each.ticket_id], name) if each.ticket_id in links else name
        # A direct message stays between the customer and the agents, also in a wider channel.
        told = (
            "a private conversation"
            if each.private
            else escape(clipped(each.title or "no title yet", TITLE))
        )
        lines.append(f"{shown}  {dollars(each.nano_dollars)}  {told}")
    return "\n".join(lines)
