"""Reading tickets: columns, line numbers, and everything that can be wrong with a row."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.batch.columns import columns_of
from bot.batch.records import LONGEST, Format, NotATable, guess_format, records
from bot.batch.rows import LONGEST_TEXT, Row, Table


def rows(data: bytes | str, form: Format = "csv", **options: object) -> list[Row]:
    raw = data.encode() if isinstance(data, str) else data
    return list(Table(io.BytesIO(raw), form, **options).rows())  # type: ignore[arg-type]


def problems(found: list[Row]) -> dict[int, str]:
    return {row.line: row.problem for row in found if row.problem}


def test_a_quoted_field_may_span_lines_and_hold_quotes() -> None:
    """Line numbers count the lines of the file, not the records."""
    found = rows('id,text\n1,"two\nlines, ""quoted"""\n2,plain\n')

    assert [(row.line, row.id, row.text) for row in found] == [
        (2, "1", 'two\nlines, "quoted"'),
        (4, "2", "plain"),
    ]


def test_a_quote_that_never_closes_spoils_one_line() -> None:
    """The rows after it are read as if it were not there."""
    found = rows('id,text\n1,fine\n2,"oops\n3,also fine\n')

    assert problems(found) == {3: "a quote is opened and never closed"}
    assert [row.id for row in found if not row.problem] == ["1", "3"]


def test_bad_rows_are_named_by_line_and_do_not_stop_the_rest() -> None:
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
        b'{"id": 6, "text": "fine too"}',
    ]
    found = rows(b"\n".join(lines), "jsonl")

    assert problems(found) == {
        2: "not JSON",
        3: "not a JSON object",
        4: "no text",
        5: "no text",
        6: "not text in UTF-8",
        7: "the id '1' stands on an earlier line",
        8: "no id",
        9: "half a character (a lone surrogate) in it",
    }
    assert [row.id for row in found if not row.problem] == ["1", "6"]


def test_a_row_of_five_megabytes_is_reported_and_not_held() -> None:
    """As JSON on one line, and as a text that is merely very long."""
    huge = json.dumps({"id": 1, "text": "x" * 5_000_000})
    long = json.dumps({"id": 2, "text": "x" * (LONGEST_TEXT + 1)})
    found = rows(f'{{"id": 0, "text": "a"}}\n{huge}\n{long}\n{{"id": 3, "text": "b"}}', "jsonl")

    assert len(huge) > LONGEST
    assert "bytes long" in problems(found)[2]
    assert "at most 1,000,000" in problems(found)[3]
    assert [row.id for row in found if not row.problem] == ["0", "3"]


def test_another_encoding_is_read_when_it_is_named() -> None:
    """A byte order mark is no part of the first column."""
    assert rows("id,text\n1,café\n".encode("latin-1"), encoding="latin-1")[0].text == "café"
    assert rows(b"\xef\xbb\xbfid,text\n1,hi\n")[0].id == "1"


def test_utf_16_is_refused_with_what_to_do() -> None:
    """It would otherwise be read as one spoilt line."""
    with pytest.raises(NotATable, match="UTF-16: save it as UTF-8"):
        rows("id,text\n1,hi\n".encode("utf-16"))


@pytest.mark.parametrize("data", ["", "\n", "id,text\n"])
def test_an_empty_file_is_no_table(data: str) -> None:
    """There is nothing to guess columns from."""
    with pytest.raises(NotATable):
        rows(data)


def test_columns_are_guessed_by_their_usual_names() -> None:
    """Case, spaces and signs do not matter, and the guess can be read."""
    columns = columns_of(["Ticket ID", "Subject", "Nội dung", "Created At"], {})

    assert str(columns).split(", ") == [
        "id ← Ticket ID",
        "text ← Nội dung",
        "subject ← Subject",
        "opened_at ← Created At",
    ]


def test_a_column_that_is_named_wins_and_must_be_there() -> None:
    """A slip of the pen is answered with the names there are."""
    assert columns_of(["a", "text"], {"text": "a"}).text == "a"
    with pytest.raises(LookupError, match="no column 'b'; there are a, text"):
        columns_of(["a", "text"], {"text": "b"})


def test_a_conversation_is_read_as_its_lines() -> None:
    """Exports often keep messages as a list of objects."""
    talk = [{"author": "customer", "text": "hi"}, {"author": "agent", "body": "hello"}]
    (row,) = rows(json.dumps({"id": 7, "conversation": talk}), "jsonl")

    assert row.text == "[customer] hi\n[agent] hello"


@pytest.mark.parametrize(
    ("name", "first", "form"),
    [
        ("a.csv", b"{", "csv"),
        ("a.jsonl", b"", "jsonl"),
        ("-", b' {"id"', "jsonl"),
        ("-", b"id,", "csv"),
    ],
)
def test_the_format_follows_from_the_name_or_the_first_bytes(
    name: str, first: bytes, form: Format
) -> None:
    """Standard input has no name."""
    assert form == guess_format(name, first)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), max_size=8))
def test_whatever_the_bytes_no_line_is_lost(cells: list[tuple[str, str]]) -> None:
    """Any text at all is read as records, each with its own first line, to the end of the file."""
    data = "id,text\n" + "\n".join(f"{name},{text}" for name, text in cells)
    raw = data.encode(errors="surrogatepass")
    found = list(records(io.BytesIO(raw), "csv"))

    lines = [record.line for record in found]
    assert lines == sorted(set(lines))
    assert not found or found[-1].end <= len(raw)
