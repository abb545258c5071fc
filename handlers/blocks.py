"""What people see, as Block Kit: pure builders, each inside Slack's limits."""

from collections.abc import Sequence
from typing import Any

from bot.frontdesk import Say
from bot.grounds import Source
from handlers.mrkdwn import clipped, escape, harmless, link
from handlers.verbs import Press

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
    if say.speaker:
        text = f"*{harmless(say.speaker)}:* {text}"
    blocks = [section(part) for part in parts(text)]
    if say.sources:
        blocks.append(context(f"{say.sources_label}: {sources_line(say.sources)}"))
    if say.rates is not None:
        blocks.append(_thumbs(say.rates))
    return clipped(text, FALLBACK), blocks


def _thumbs(number: int) -> Block:
    faces = ((Press.RATE_GOOD, "👍"), (Press.RATE_BAD, "👎"))
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": press,
                "value": str(number),
                "text": {"type": "plain_text", "text": face, "emoji": True},
            }
            for press, face in faces
        ],
    }


def sources_line(sources: Sequence[Source]) -> str:
    return " · ".join(
        link(each.url, each.title) if each.url else escape(each.title) for each in sources
    )


def parts(text: str, most: int = SECTIONS) -> list[str]:
    """A long text in pieces that a section holds, cut at a line end or a space if there is one.

    What does not go into `most` pieces is left in the last of them.
    """
    pieces: list[str] = []
    rest = text
    while len(rest) > SECTION and len(pieces) < most - 1:
        cut = max(rest.rfind("\n", 1, SECTION), rest.rfind(" ", SECTION // 2, SECTION))
        cut = cut if cut > 0 else SECTION
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]
