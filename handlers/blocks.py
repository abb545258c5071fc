"""What people see, as Block Kit: pure builders, each inside Slack's limits."""

from collections.abc import Sequence
from typing import Any

from bot.answering import Source
from bot.frontdesk import Card, Say
from handlers.mrkdwn import clipped, escape, harmless, link

Block = dict[str, Any]

SECTION = 3_000
HEADER = 150
FALLBACK = 3_000
SECTIONS = 8


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": clipped(text, SECTION)}}


def context(text: str) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": clipped(text, SECTION)}],
    }


def header(text: str) -> Block:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": clipped(text, HEADER), "emoji": True},
    }


def said(say: Say) -> tuple[str, list[Block]]:
    """Words in a customer's thread: the fallback text and the blocks, with the sources under it."""
    text = harmless(say.text)
    blocks = [section(part) for part in _parts(text)]
    if say.sources:
        blocks.append(context(f"{say.sources_label}: {_sources(say.sources)}"))
    return clipped(text, FALLBACK), blocks


def card(ticket: Card, permalink: str | None) -> tuple[str, list[Block]]:
    """A ticket for the agents: who, where, what it is about, why it is here, and a draft if any."""
    triage = ticket.triage
    title = triage.summary if triage else "A message without words"
    fallback = f"{ticket.ticket}: {title}"
    where = link(permalink, "open the thread") if permalink else ""
    blocks = [
        header(f"{ticket.ticket} · {title}"),
        section(f"<@{ticket.requester}> in <#{ticket.channel}> · {where}"),
        section(_quote(ticket)),
        section(f"*Why it is here:* {escape(ticket.reason)}"),
    ]
    if triage:
        blocks.append(
            context(
                f"{triage.intent} · {triage.confidence:.2f} · {triage.sentiment} · "
                f"{triage.urgency} · {escape(triage.language)}"
            )
        )
    if ticket.draft:
        blocks += [
            section(f"*Draft* ({ticket.model})"),
            *map(section, _parts(harmless(ticket.draft))),
        ]
        if ticket.sources:
            blocks.append(context(f"Sources: {_sources(ticket.sources)}"))
    blocks.append(
        context("Reply in the customer's thread: the bot keeps quiet there from then on.")
    )
    return clipped(escape(fallback), FALLBACK), blocks


def _quote(ticket: Card) -> str:
    lines = [f">{escape(line)}" for line in ticket.quote.splitlines()]
    if ticket.files:
        lines.append(f">_{ticket.files} file(s) attached_")
    return "\n".join(lines)


def _sources(sources: Sequence[Source]) -> str:
    return " · ".join(
        link(each.url, each.title) if each.url else escape(each.title) for each in sources
    )


def _parts(text: str) -> list[str]:
    """A long text in pieces that a section holds, cut at a line end or a space if there is one."""
    parts: list[str] = []
    rest = text
    while len(rest) > SECTION and len(parts) < SECTIONS - 1:
        cut = max(rest.rfind("\n", 1, SECTION), rest.rfind(" ", SECTION // 2, SECTION))
        cut = cut if cut > 0 else SECTION
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]
