"""What people see, as Block Kit: pure builders, each inside Slack's limits."""

from collections.abc import Sequence
from typing import Any

from bot.knowledge.citations import CitedArticle
from bot.workspace.posts import Note, Reply
from handlers.views.ids import ActionId
from handlers.views.mrkdwn import clipped, escape, harmless_mrkdwn, mrkdwn_link, person_mention

Block = dict[str, Any]

SECTION = 3_000
HEADER = 150
FALLBACK = 3_000
SECTIONS = 8
# Slack cuts a message's text at 40,000 characters; escapes make some of ours longer.
NOTE = 8_000


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


def reply_message(say: Reply) -> tuple[str, list[Block]]:
    """Words in a customer's thread: the fallback text and the blocks, with the sources under it."""
    text = harmless_mrkdwn(say.text) if say.markup is None else say.markup
    if say.speaker:
        text = f"*{harmless_mrkdwn(say.speaker)}:* {text}"
    return clipped(text, FALLBACK), [
        *(section(part) for part in section_parts(text)),
        *reply_footer(say),
    ]


def note_message(note: Note, link: str | None) -> str:
    """A note under a card. What is cut says so; `link` is where all of it stands."""
    words = clipped(note.text, NOTE)
    parts = [escape(words)] if words else []
    if note.author:
        did = "changed a message to" if note.edited else "added"
        quoted = "\n".join(f">{line}" for line in escape(words).splitlines())
        parts = [f"{person_mention(note.author)} {did}:\n{quoted}".rstrip()]
    if note.files:
        parts.append(f"📎 {escape(', '.join(note.files))}")
    if link and (note.files or len(note.text) > NOTE):
        parts.append(mrkdwn_link(link, "open the message" if note.files else "read all of it"))
    told = "\n".join(parts)
    return f"{person_mention(note.to)} {told}" if note.to else told


def reply_footer(say: Reply) -> list[Block]:
    """What stands under the words: the sources, a remark, and thumbs."""
    blocks = []
    if say.sources:
        blocks.append(context(f"{say.sources_label}: {sources_line(say.sources)}"))
    if say.remark:
        blocks.append(context(escape(say.remark)))
    if say.rates is not None:
        blocks.append(_thumbs(say.rates))
    return blocks


def _thumbs(number: int) -> Block:
    faces = ((ActionId.RATE_GOOD, "👍"), (ActionId.RATE_BAD, "👎"))
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


def sources_line(sources: Sequence[CitedArticle]) -> str:
    return " · ".join(
        mrkdwn_link(each.url, each.title) if each.url else escape(each.title) for each in sources
    )


def section_parts(text: str, most: int = SECTIONS) -> list[str]:
    """A long text in pieces that a section holds, cut at a line end or a space if there is one.

    No mention, link or escaped character is cut in two.
    What does not go into `most` pieces is left in the last of them.
    """
    pieces: list[str] = []
    rest = text
    while len(rest) > SECTION and len(pieces) < most - 1:
        cut = max(rest.rfind("\n", 1, SECTION), rest.rfind(" ", SECTION // 2, SECTION))
        cut = _whole(rest, cut if cut > 0 else SECTION)
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]


def _whole(text: str, cut: int) -> int:
    """The same place to cut, or the beginning of what it would cut in two."""
    for opening, closing in (("<", ">"), ("&", ";")):
        begun = text.rfind(opening, max(0, cut - SECTION), cut)
        if begun > 0 and closing not in text[begun:cut] and closing in text[cut : cut + SECTION]:
            # An ampersand of an escape is at most four characters from its end.
            cut = begun if opening == "<" or cut - begun < 5 else cut
    return cut
