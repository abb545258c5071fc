"""The tickets of a file: what is wrong with a row, and what of it is read."""

import json
from pathlib import Path

import pytest

from bot.batch.rows import LONGEST_TEXT, Row, ticket_rows
from bot.ticket_files.options import ReadingOptions
from bot.ticket_files.record import LONGEST
from bot.ticket_files.table import opened_table
from bot.ticket_files.ticket_columns import columns_of
from tests.support.ticket_tables import written


def rows(folder: Path, data: bytes | str, name: str = "tickets.csv") -> list[Row]:
    """Every ticket of a file."""
    with opened_table(written(folder, data, name), ReadingOptions()) as table:
        return list(ticket_rows(table))


def problems(found: list[Row]) -> dict[int, str]:
    return {row.line: row.problem for row in found if row.problem}


def test_a_quoted_field_may_span_lines_and_hold_quotes(tmp_path: Path) -> None:
    """Line numbers count the lines of the file, not the records."""
    found = rows(tmp_path, 'id,text\n1,"two\nlines, ""quoted"""\n2,plain\n')

    assert [(row.line, row.lines, row.id, row.text) for row in found] == [
        (2, 2, "1", 'two\nlines, "quoted"'),
        (4, 1, "2", "plain"),
    ]


def test_bad_rows_are_named_by_line_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    """Not JSON, no object, missing text, empty text, wrong encoding, a second use of an id."""
    lines = [
        b'{"id": 1, "text": "fine"}',
        b"{not json",
        b'["a", "list"]',
        b'{"id": 2}',
        b'{"id": 3, "text": "  "}',
        b'{"id": 4, "text": "caf\xe9"}',
        b'{"id": 1, "text": "again"}',
        b'{"text": "nobody"}',
        b'{"id": 5, "text": "half \\ud83d"}',
        b"",
        b"NaN",
        b'{"id": 6.0, "text": "fine too"}',
    ]
    found = rows(tmp_path, b"\n".join(lines))

    assert problems(found) == {
        2: "not JSON",
        3: "not a JSON object",
        4: "no text",
        5: "no text",
        6: "not text in UTF-8",
        7: "the id '1' stands on line 1 already",
        8: "no id",
        9: "half a character (a lone surrogate) in it",
        11: "not JSON",
    }
    assert [row.id for row in found if not row.problem] == ["1", "6"]


def test_a_row_that_is_too_long_is_reported_and_not_held(tmp_path: Path) -> None:
    """As JSON on one line, and as a text that is merely very long."""
    huge = json.dumps({"id": 1, "text": "x" * (LONGEST + 1)})
    long = json.dumps({"id": 2, "text": "x" * (LONGEST_TEXT + 1)})
    last = '{"id": 3, "text": "b"}'
    found = rows(tmp_path, f'{{"id": 0, "text": "a"}}\n{huge}\n{long}\n{last}')

    assert "characters long" in problems(found)[2]
    assert "at most 1,000,000" in problems(found)[3]
    assert [row.id for row in found if not row.problem] == ["0", "3"]


def test_html_is_read_as_its_words(tmp_path: Path) -> None:
    """Without scripts and marks; what only looks like a tag stays."""
    html = "<div><p>Hi,</p><p>where is my <b>refund</b>?</p><script>var a=1</script></div>"
    found = rows(tmp_path, f'id,body\n1,"{html}"\n2,"if a < b, write to <jo@example.com>"\n')

    assert [row.text for row in found] == [
        "Hi,\n\nwhere is my refund?",
        "if a < b, write to <jo@example.com>",
    ]


def test_columns_are_guessed_by_their_usual_names() -> None:
    """Case, spaces and signs do not matter, and the guess can be read."""
    names = ["Ticket ID", "Subject", "Nội dung", "Created At"]
    columns = columns_of(dict.fromkeys(names, ""), {})

    assert str(columns).split(", ") == [
        "id ← Ticket ID",
        "text ← Nội dung",
        "subject ← Subject",
        "opened_at ← Created At",
    ]


def test_a_column_that_is_named_wins_and_must_be_there() -> None:
    """A slip of the pen is answered with the names there are."""
    record = {"a": "", "text": ""}

    assert columns_of(record, {"text": "a"}).column("text") == "a"
    with pytest.raises(LookupError, match="no column 'b'; there are a, text"):
        columns_of(record, {"text": "b"})


def test_a_conversation_is_read_as_its_lines(tmp_path: Path) -> None:
    """Exports often keep messages as a list of objects; other records have other fields."""
    talk = [{"author": "customer", "text": "hi"}, {"author": "agent", "body": "hello"}]
    lines = [{"id": 7, "conversation": talk}, {"id": 8, "body": "plain"}]
    found = rows(tmp_path, "\n".join(map(json.dumps, lines)))

    assert [row.text for row in found] == ["[customer] hi\n[agent] hello", "plain"]
