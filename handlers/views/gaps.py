"""What no article answers, as agents see it in Slack. Pure."""

from collections.abc import Sequence

from bot.reports.gaps import Gap
from handlers.views.blocks import Block, context, section
from handlers.views.mrkdwn import clipped, harmless_mrkdwn

SHOWN = 12
TITLE, QUESTION, ANSWER = 150, 200, 400
TICKETS = 5


def gaps_view(found: Sequence[Gap], days: int) -> list[Block]:
    """A section for each matter: how often it was asked, by whom, and what agents answered."""
    if not found:
        return [section(f"In the last {days} days every question found an article.")]
    asked = sum(gap.count for gap in found)
    head = f"*What no article answers* ({asked} tickets of the last {days} days)"
    blocks = [section(head), *(section(_gap(gap)) for gap in found[:SHOWN])]
    if len(found) > SHOWN:
        rest = f"{len(found) - SHOWN} more: `deskhand kb gaps` lists them all."
        blocks.append(context(rest))
    return blocks


def _gap(gap: Gap) -> str:
    newest = gap.questions[0]
    numbers = ", ".join(f"T-{each}" for each in gap.tickets[:TICKETS])
    more = f" and {gap.count - TICKETS} more" if gap.count > TICKETS else ""
    lines = [
        f"*{gap.count}×* {harmless_mrkdwn(clipped(gap.title, TITLE))} ({numbers}{more})",
        f"> {harmless_mrkdwn(clipped(' '.join(newest.text.split()), QUESTION))}",
    ]
    if newest.missing:
        lines.append(f"Missing: {harmless_mrkdwn(clipped(newest.missing, QUESTION))}")
    told = (
        harmless_mrkdwn(clipped(gap.answer, ANSWER)) if gap.answer else "nobody has answered it yet"
    )
    lines.append(f"Agents' answer: {told}")
    return "\n".join(lines)
