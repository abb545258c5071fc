"""What people say in a support channel, and for whom: a set to measure rules and triage on.

`talk.jsonl` holds a message a line: whom it is `for` (desk, or people), its `text` with mentions as
`@name`, and the `thread` before it, as [who, words]: customer is its author, other somebody else,
left somebody else who was left alone, bot and agent the desk. `talk_later.jsonl` holds what was
written before the last changes to rules and stand-in and measured after them: 25 of 30 talks were
left alone, and two of 30 questions were lost; what that showed has been mended since.
`talk_fresh.jsonl` was written later still: the rules alone leave 16 of its 60 talks alone and lose
one of its 60 questions, which calls an agent by name; with the stand-in 52 talks are left, and two
questions lost. It widened one cue, and nothing else was fitted to it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.desk_file import desk_for_files
from bot.config.intents import intents_text
from bot.llm.prompts import fenced, load_prompt
from bot.messages.thread import Thread, ThreadLine
from bot.triage.addressing import (
    SOMEBODY_ELSE,
    Mention,
    Named,
    Part,
    Talk,
    left_alone_by_rule,
    surely_for_desk,
)
from bot.triage.classifier import read_triage, triage_schema
from emulator.claude.reading import Reading
from emulator.claude.request import Request
from emulator.claude.verdict import Verdict

SET = Path(__file__).with_name("talk.jsonl")
LATER_SET = Path(__file__).with_name("talk_later.jsonl")
FRESH_SET = Path(__file__).with_name("talk_fresh.jsonl")
WHO: dict[str, Named] = {"@desk": "desk", "@mai": "agent", "@here": "crowd"}
DESK = desk_for_files(Path("no desk.toml"))
_MENTION = re.compile(r"(@\w+)")
_PROMPT = load_prompt(
    "triage", name=DESK.desk.name, about=DESK.desk.about, intents=intents_text(DESK.intents)
)
_SCHEMA = triage_schema(DESK.intents)


@dataclass(frozen=True)
class Said:
    """A message of the set."""

    meant: str
    text: str
    thread: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text


def read_set(path: Path = SET) -> list[Said]:
    """The messages of a set."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Said(row["for"], row["text"], tuple((who, words) for who, words in row.get("thread", ())))
        for row in rows
    ]


def parts_of(text: str) -> list[Part]:
    """A text with its mentions."""
    pieces = [piece for piece in _MENTION.split(text) if piece]
    return [
        Mention(WHO.get(piece, "person")) if _MENTION.fullmatch(piece) else piece
        for piece in pieces
    ]


def talk_of(thread: Sequence[tuple[str, str]]) -> Talk | None:
    """The thread as the rules see it."""
    if not thread:
        return None
    authors = [who for who, _ in thread]
    if authors[0] == "left":
        return Talk(reason=SOMEBODY_ELSE)
    people = [who for who in authors if who not in ("bot", "agent")]
    last = authors[-1]
    return Talk(
        ticket=True,
        own=authors[0] == "customer",
        last={"bot": "desk", "agent": "agent", "customer": "author"}.get(last, "other"),  # type: ignore[arg-type]
        left_alone=last == "left",
        answered=last == "bot" and people[-1] == "customer",
    )


def addressee_of(said: Said) -> str:
    """Whom rules and the stand-in take a message to be for: desk, someone_else or unclear."""
    parts, talk = parts_of(said.text), talk_of(said.thread)
    if left_alone_by_rule(parts, talk):
        return "someone_else"
    if surely_for_desk(parts, talk):
        return "desk"
    lines = Thread(
        lines=tuple(
            ThreadLine(author="other" if who == "left" else who, text=words)
            for who, words in said.thread
        )
    )
    content = f"{fenced('thread', lines.text(4_000))}\n{fenced('message', said.text)}"
    body = {"system": _PROMPT.text, "messages": [{"role": "user", "content": content}]}
    triage = read_triage(json.dumps(Verdict(_SCHEMA, Reading(Request(body))).fill()))
    assert triage is not None
    return triage.addressee_at(DESK.desk.confidence)
