"""The rows of the tables: passages, and answers that rest on them or should not have been."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.gate.grounding import Grounding
from bot.llm.calls import Citation
from bot.llm.prompts import FOLDER
from evals.gate import passages

HERE = Path(__file__).parent
TOLD = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))]


PASSAGES = passages()


@dataclass(frozen=True)
class Row:
    """An answer, what it rests on, and the kinds of fault that it has."""

    answer: str
    grounding: Grounding
    faults: frozenset[str]


def rows(file: str) -> list[Any]:
    """The rows of a table, each a parameter named by its number and its first words."""
    table = tomllib.loads((HERE / file).read_text(encoding="utf-8"))["answer"]
    return [
        pytest.param(_row(row), id=f"{number}-{row['answer'][:24]}")
        for number, row in enumerate(table, start=1)
    ]


def grounding(message: str, *cites: str, **more: Any) -> Grounding:
    """A message, every passage as sent, and citations of the named ones."""
    return Grounding(
        message=message,
        passages=tuple(PASSAGES.values()),
        citations=[citation for key in cites for citation in _cited(key, more.pop("quotes", None))],
        told=TOLD,
        **more,
    )


def _row(row: dict[str, Any]) -> Row:
    options = {
        key: row[key] for key in ("language", "asked", "said", "free", "quotes") if key in row
    }
    answer = " ".join([row["answer"]] * row.get("times", 1))
    known = grounding(row["message"], *row.get("cites", ()), **options)
    return Row(answer, known, frozenset(row.get("faults", ())))


def _cited(key: str, quotes: str | None) -> list[Citation]:
    passage = PASSAGES.get(key)
    if passage is None:
        return [Citation(source=f"{key}.md", title=key, text="Something that was never sent.")]
    quoted = [quotes] if quotes else passage.paragraphs
    return [Citation(source=passage.source, title=passage.title, text=each) for each in quoted]
