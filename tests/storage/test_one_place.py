"""No column of a ticket is assigned anywhere but in `storage/tickets/changes.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tickets.audit import NAMES
from storage.tickets.changes import CURSORS, UNSEEN
from storage.tickets.tables import Ticket

ROOT = Path(__file__).parents[2]
PLACE = Path("storage/tickets/changes.py")
COLUMNS = frozenset(Ticket.model_fields)
OPENING = {"id", "team_id", "channel_id", "thread_ts", "requester_id", "opened_at"}
# Of other things, which have a column of the same name.
OTHERS = {
    "bot/answers/streaming.py": {"place.thread_ts"},
    "bot/cli/terminal/streams.py": {"setattr(sys, …)"},
    "bot/readers/last_resort_font.py": {"setattr(info, …)", "info.version"},
    "storage/nightly/article_drafts.py": {
        "article_draft.title",
        "article_draft.language",
        "article_draft.version",
        "article_draft.channel_id",
    },
}


def assigned_columns(source: str) -> Iterator[str]:
    """Everything by which a column of a ticket would change, except of `self`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            owner = ast.unparse(node.value)
            if node.attr in COLUMNS and owner != "self":
                yield f"{owner}.{node.attr}"
        elif isinstance(node, ast.Call) and node.args:
            called, given = ast.unparse(node.func), ast.unparse(node.args[0])
            if called in ("setattr", "delattr") and given != "self":
                yield f"{called}({given}, …)"
            elif called in ("update", "delete") and given in ("Ticket", "table_of(Ticket)"):
                yield f"{called}({given})"


@pytest.mark.parametrize("package", ["bot", "handlers", "storage", "demo"])
def test_no_column_of_a_ticket_is_assigned_elsewhere(package: str) -> None:
    """It would leave no row in the audit."""
    found = {
        str(path.relative_to(ROOT)): set(assigned_columns(path.read_text(encoding="utf-8")))
        - OTHERS.get(str(path.relative_to(ROOT)), set())
        for path in (ROOT / package).rglob("*.py")
        if path.relative_to(ROOT) != PLACE and "migrations" not in path.parts
    }

    assert {path: columns for path, columns in found.items() if columns} == {}


@pytest.mark.parametrize(
    "written",
    [
        "ticket.status = 'open'",
        "each.handed_over_at = now",
        "ticket.version += 1",
        "found.late, found.due_at = None, None",
        "setattr(ticket, name, value)",
        "session.execute(update(Ticket).values(private=True))",
    ],
)
def test_the_search_finds_each_way_of_assigning(written: str) -> None:
    """Or the test above would hold nothing."""
    assert list(assigned_columns(written)) != []


def test_each_column_leaves_a_row_or_says_why_not() -> None:
    """A new column has to take a place: a fact with a name, a cursor, or set at the opening."""
    assert set(NAMES) | CURSORS | OPENING == COLUMNS
    assert not set(NAMES) & CURSORS
    assert set(NAMES) > UNSEEN
