"""Which field of a record is the ticket's number, its words, its dates."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

# How desks name their fields, compared without case, spaces and signs; the first found is taken.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "ticketid", "ticketnumber", "ticketno", "number", "caseid", "casenumber", "key",
           "ticket", "issueid", "conversationid", "mãyêucầu"),
    "text": ("text", "description", "body", "message", "content", "comment", "conversation",
             "transcript", "details", "question", "nộidung", "noidung"),
    "subject": ("subject", "title", "summary", "headline", "tiêuđề", "tieude"),
    "requester": ("requester", "requesterid", "customer", "customerid", "user", "userid", "from",
                  "email", "requesteremail", "author"),
    "assignee": ("assignee", "assigneeid", "agent", "agentid", "owner", "assignedto"),
    "answer": ("answer", "reply", "response", "resolution", "solution"),
    "status": ("status", "state"),
    "priority": ("priority", "urgency"),
    "opened_at": ("openedat", "createdat", "created", "opened", "date", "timestamp"),
    "solved_at": ("solvedat", "resolvedat", "closedat", "solved", "resolved", "closed"),
}  # fmt: skip
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The field that holds each thing; None where no field does."""

    id: str | None = None
    text: str | None = None
    subject: str | None = None
    requester: str | None = None
    assignee: str | None = None
    answer: str | None = None
    status: str | None = None
    priority: str | None = None
    opened_at: str | None = None
    solved_at: str | None = None

    def __str__(self) -> str:
        """As it is shown to people: `id ← Ticket ID, text ← Description`."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return ", ".join(f"{name} ← {column}" for name, column in pairs if column)

    def get(self, thing: str, record: Mapping[str, Any]) -> str:
        """A thing of a record as trimmed text; empty when it has none."""
        column = getattr(self, thing)
        value = record.get(column) if column else None
        return "" if value is None else _text(value).strip()


def columns_of(names: Iterable[str], said: Mapping[str, str | None]) -> Columns:
    """What was said, and for the rest a guess by name.

    Raises:
        LookupError: a column that was named is not there, or none looks like the text.
    """
    given = list(names)
    for thing, name in said.items():
        if name is not None and name not in given:
            raise LookupError(f"--{thing}: no column {name!r}; there are {', '.join(given)}")
    known = {_plain(name): name for name in reversed(given)}
    chosen = {
        thing: said.get(thing) or next((known[each] for each in likely if each in known), None)
        for thing, likely in NAMES.items()
    }
    if chosen["text"] is None:
        chosen["text"], chosen["subject"] = chosen["subject"], None
    if chosen["text"] is None:
        raise LookupError(
            f"none of the columns looks like the text ({', '.join(given)}): name it with --text"
        )
    return Columns(**chosen)


def _plain(name: str) -> str:
    return _SIGNS.sub("", name).lower()


def _text(value: Any) -> str:
    """A field as text: a conversation (a list) is a line each, an object its author and text."""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, dict):
        author = value.get("author") or value.get("from") or value.get("role")
        said = value.get("text") or value.get("body") or value.get("content") or ""
        return f"[{author}] {said}" if author else str(said)
    return str(value)
