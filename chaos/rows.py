"""The desk's rows, read as plain SQL: nothing of the product is asked."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
WANTED = {
    "messages": "SELECT key, ticket_id, channel_id, ts, author, outcome FROM messages",
    "tickets": "SELECT id, channel_id, thread_ts, status, assignee_id, human_since FROM tickets",
    "ignored": "SELECT key, reason FROM ignored",
    "posts": "SELECT key, ticket_id, kind, channel_id, ts FROM posts",
    "calls": (
        "SELECT key, request_id, model, status, input_tokens, output_tokens, nano_dollars,"
        " cache_write_5m_tokens + cache_write_1h_tokens AS written, cache_read_tokens AS found,"
        " attempts FROM calls"
    ),
    "changes": "SELECT id, ticket_id, who, what, after, source FROM changes ORDER BY id",
    "inbox": "SELECT key FROM inbox",
    "outbox": "SELECT key, kind, ts, problem FROM relays",
    "publications": "SELECT key, ts, done_at FROM publications",
    "turns": "SELECT thread, ts FROM turns",
}
UNFINISHED = "SELECT count(*) AS left FROM {} WHERE status IN ('PENDING', 'ENQUEUED')"


def read_rows(database: str) -> dict[str, Sequence[Row]]:
    """What there is of each kind, and under `left` the stories that have not ended."""
    if database.startswith("sqlite"):
        file = Path(database.removeprefix("sqlite:///"))
        found = {name: _from_file(file, query) for name, query in WANTED.items()}
        engine = file.with_name(f"{file.stem}.engine.db")
        found["left"] = _from_file(engine, UNFINISHED.format("workflow_status"))
        return found
    found = {name: _from_server(database, query) for name, query in WANTED.items()}
    left = UNFINISHED.format("deskhand_engine.workflow_status")
    return {**found, "left": _from_server(database, left)}


def undone(rows: Mapping[str, Sequence[Row]], said: int) -> Counter[str]:
    """What was said and is not taken in, or has not come to its end, by where it stands."""
    told = [each for each in rows["messages"] if each["author"] == "customer"]
    known = len(told) + len(rows["ignored"]) + len(rows["inbox"])
    return +Counter(
        {
            "not taken in": max(0, said - known),
            "in the inbox": len(rows["inbox"]),
            "without an outcome": sum(each["outcome"] is None for each in told),
            "in the outbox": sum(_waits(each) for each in rows["outbox"]),
            "in the engine": int(rows["left"][0]["left"]),
        }
    )


def _waits(row: Row) -> bool:
    """Whether words of an agent are still to be posted."""
    return row["kind"] != "draft" and row["ts"] is None and row["problem"] is None


def _from_file(file: Path, query: str) -> Sequence[Row]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def _from_server(address: str, query: str) -> Sequence[Row]:
    import psycopg  # noqa: PLC0415 - not every run has a server
    from psycopg.rows import dict_row  # noqa: PLC0415 - the same

    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as connection:
        return [dict(row) for row in connection.execute(query.encode())]


def as_json(rows: Mapping[str, Sequence[Row]]) -> str:
    """For whoever wants to look."""
    return json.dumps(rows, default=str, ensure_ascii=False, indent=1)
