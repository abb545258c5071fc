"""Separated values as people and programs write them, and what is wrong with some of them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ticket_files.record import LONGEST, NotATable
from tests.support.ticket_tables import lines_of, read_records, written

HEAD = "id,subject,body\n"


def cells(folder: Path, text: str | bytes, **options: object) -> tuple[list[object], int]:
    """The cells of each row, or where and why it has none; and the lines of the file."""
    rows, table = read_records(written(folder, text), **options)
    found: list[object] = [
        (row.line, row.lines, row.problem) if row.problem else list(row.fields.values())
        for row in rows
    ]
    return found, sum(row.lines for row in rows) + table.skipped.lines


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('2,TV 55" broken,x', ["2", 'TV 55" broken', "x"]),
        ('2,"TV 55" broken",x', ["2", 'TV 55" broken', "x"]),
        ('2,"a ""quoted"" word",x', ["2", 'a "quoted" word', "x"]),
        ('2, "blank before, quoted" ,x', ["2", "blank before, quoted", "x"]),
        ('2,"Great" product,x', ["2", '"Great" product', "x"]),
        ('2,"",x', ["2", "", "x"]),
        ("2,A\0B,x", ["2", "AB", "x"]),
        ("2,A,x,,", ["2", "A", "x"]),
        ('2,"two\r\nlines, and ""more""",x', ["2", 'two\r\nlines, and "more"', "x"]),
        ('2,"pasted:\n3,from,elsewhere",x', ["2", "pasted:\n3,from,elsewhere", "x"]),
    ],
)
def test_a_row_is_read_as_it_was_meant(tmp_path: Path, row: str, expected: list[str]) -> None:
    """Its neighbours are as they were."""
    text = f"{HEAD}1,before,x\n{row}\n3,after,y\n"
    found, lines = cells(tmp_path, text)

    assert found == [["1", "before", "x"], expected, ["3", "after", "y"]]
    assert lines == lines_of(text)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ('2,"oops,x\n', (3, 1, "a quote is opened and never closed")),
        ('2,A,"oops\n', (3, 1, "a quote is opened and never closed")),
        (
            '2,A,"Dear team\nmy order, it is late\nthanks, Jo\n',
            (3, 3, "a quote is opened and never closed"),
        ),
        ("2,A,b,c\n", (3, 1, "4 cells where 3 columns are named")),
        ("2,A\nwent on,x\n", (3, 2, "a line break outside quotes")),
        ("oh,dear\n", (3, 1, "2 cells where 3 columns are named")),
    ],
)
@pytest.mark.parametrize("after", ["3,plain,y\n", '3,"quoted, too",y\n', '3,"on\nlines",y\n'])
def test_damage_costs_its_own_lines_and_no_others(
    tmp_path: Path, damage: str, expected: object, after: str
) -> None:
    """Whether the next row has quotes of its own or none."""
    text = f"{HEAD}1,before,x\n{damage}{after}4,last,z\n"
    found, lines = cells(tmp_path, text)

    assert found[1] == expected
    assert [found[0], *found[2:]] == [
        ["1", "before", "x"],
        next(csv.reader(io.StringIO(after, newline=""))),
        ["4", "last", "z"],
    ]
    assert lines == lines_of(text)


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_cut_cell_becomes_no_tickets(tmp_path: Path, end: str) -> None:
    """The file ends within a cell whose lines look like rows of two cells."""
    text = f'id,body\n1,hello\n2,"Dear team\nmy order, it is late\nthanks, Jo{end}'
    found, lines = cells(tmp_path, text)

    assert found[0] == ["1", "hello"]
    assert found[1] == (3, lines_of(text) - 2, "a quote is opened and never closed")
    assert lines == lines_of(text)


def test_a_row_that_the_end_of_the_file_cuts_is_named(tmp_path: Path) -> None:
    """It lacks cells and a line end, as a broken download does; a closing line is no row."""
    cut, _ = cells(tmp_path, f"{HEAD}1,A,x\n2,Wher")
    rows, table = read_records(written(tmp_path, f"{HEAD}1,A,x\nTotal: 1\n"))

    assert cut[1] == (3, 1, "the file ends within this row: 2 cells where 3 columns are named")
    assert len(rows) == 1
    assert table.skipped.reasons == {"names the columns": 1, "a closing line": 1}


def test_what_is_no_row_is_skipped_with_its_reason(tmp_path: Path) -> None:
    """A word about the separator, blank lines, empty cells, the header again."""
    text = "sep=;\nid;body\n1;a\n\n;\nid;body\n2;b\n \n\0\0\n"
    rows, table = read_records(written(tmp_path, text))

    assert [row.line for row in rows] == [3, 7]
    assert table.skipped.reasons == {
        "names the separator": 1,
        "names the columns": 1,
        "names the columns again": 1,
        "nothing in its cells": 1,
        "blank": 3,
    }


def test_columns_of_one_name_are_one_field(tmp_path: Path) -> None:
    """As Jira writes comments: nothing that stands in the second is lost."""
    rows, _ = read_records(written(tmp_path, "id,body,body\n1,one,two\n2,,three\n"))

    assert [row.fields["body"] for row in rows] == [["one", "two"], ["three"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_seen(tmp_path: Path, separator: str, end: str) -> None:
    """Whatever other signs stand in the cells."""
    lines = [["id", "text, or more"], ["1", "a, b; c"], ["2", "d"]]
    lines = [[cell.replace(separator, "-") for cell in line] for line in lines]
    text = end.join(separator.join(line) for line in lines) + end
    found, count = cells(tmp_path, text, columns={"text": lines[0][1]})

    assert found == lines[1:]
    assert count == 3


def test_a_single_column_is_not_cut_at_the_signs_in_its_words(tmp_path: Path) -> None:
    """Its name says that there are no others."""
    found, lines = cells(tmp_path, 'body\nhello, there; you\n"two\nlines"\nmore\n')

    assert found == [["hello, there; you"], ["two\nlines"], ["more"]]
    assert lines == 5


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    """As where files were put together."""
    found, lines = cells(tmp_path, "id,body\r\n1,a\n2,b\r3,c\r\n4,d")

    assert found == [["1", "a"], ["2", "b"], ["3", "c"], ["4", "d"]]
    assert lines == 5


@pytest.mark.parametrize("row", ["2,a\rb,x", "2,a,x\ry", "2,a\rb,x\ry\rz"])
def test_a_lone_cr_in_a_file_of_lf_is_a_letter(tmp_path: Path, row: str) -> None:
    """As pandas and Python's csv module write it: without quotes."""
    found, lines = cells(tmp_path, f"{HEAD}1,before,x\n{row}\n3,after,y\n")

    assert found == [["1", "before", "x"], row.split(","), ["3", "after", "y"]]
    assert lines == 4 + row.count("\r")


def test_a_cell_of_megabytes_is_read(tmp_path: Path) -> None:
    """On one line, and on many."""
    long, wide = "x" * 3_000_000, "line of words\n" * 200_000
    found, _ = cells(tmp_path, f'id,body\n1,{long}\n2,"{wide}"\n3,c\n')

    assert found == [["1", long], ["2", wide], ["3", "c"]]


def test_what_is_too_long_to_be_held_is_named_and_passed_over(tmp_path: Path) -> None:
    """A line, and a cell that never ends; the rows after them are read."""
    line, words = "x" * (LONGEST + 5), (f"{'words ' * 1000}\n") * 3_500
    found, lines = cells(tmp_path, f'id,body\n1,a\n2,{line}\n3,"{words}4,d\n')

    assert found == [
        ["1", "a"],
        (3, 1, f"the line is {LONGEST + 8:,} characters long"),
        (4, 3_500, "a quote is opened and never closed"),
        ["4", "d"],
    ]
    assert lines == 3_504


@pytest.mark.parametrize("text", ["", "\n", "id,body\n", ",\n1,2\n"])
def test_a_file_without_rows_is_no_table(tmp_path: Path, text: str) -> None:
    """There is nothing to guess columns from."""
    with pytest.raises(NotATable):
        read_records(written(tmp_path, text))


WORDS = st.text(
    st.one_of(
        st.sampled_from(list('ab ",;\n\r\t|é"')),
        st.characters(codec="utf-8", exclude_characters="\0"),
    ),
    max_size=24,
)
DAMAGE = (
    '{id},"never closed,{word}',
    "{id},a,b,c,d,e",
    "{id},two\nrest of {word},x",
    "",
    ",,",
    "id,subject,body",
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]], str]:
    """A table with damage between its rows: its text, its sound rows, its line end."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    # Python's own writer leaves a lone CR without quotes where lines end in LF.
    out = io.StringIO(newline="")
    if end == "\n":
        dialect = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    else:
        dialect = csv.writer(out, lineterminator=end)
    dialect.writerow(["id", "subject", "body"])
    sound = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        # After a quote that never closed, prose with a blank behind its commas is no row.
        row = [str(1000 + number), draw(WORDS).lstrip(" "), draw(WORDS).lstrip(" ")]
        dialect.writerow(row)
        sound.append(row)
        if draw(st.booleans()):
            kind = draw(st.sampled_from(DAMAGE))
            word = draw(st.text("abc ", min_size=1, max_size=6))
            out.write(kind.format(id=f"2{number:03}", word=word) + end)
    last = ["3000", "the", "last"]
    dialect.writerow(last)
    return out.getvalue(), [*sound, last], end


def test_signs_in_torn_cells_do_not_name_the_separator(tmp_path: Path) -> None:
    """More lines hold a bar than there are rows, but the names of the columns hold commas."""
    cells = [["1", "\r|", ""], ["2", "\r|", "\r|"], ["3", "\r|\r|", "x"]]
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in cells)
    rows, _read = read_records(written(tmp_path, f'"id","subject","body"\n{quoted}'))

    assert [list(row.fields.values()) for row in rows] == cells


def test_the_names_count_where_a_line_above_them_has_another_sign(tmp_path: Path) -> None:
    """The twin: a title with commas stands above names that are parted by semicolons."""
    text = "Tickets, open, of this week\nid;subject;body\n1;A;a, b, c\n2;B;d, e, f\n"
    rows, _read = read_records(written(tmp_path, text))

    assert [row.fields["body"] for row in rows] == ["a, b, c", "d, e, f"]


@settings(max_examples=300)
@given(tables())
def test_every_line_is_accounted_for_and_every_sound_row_is_read_exactly(
    tmp_path: Path, table: tuple[str, list[list[str]], str]
) -> None:
    """Whatever damage stands between the rows, and whatever is said in them."""
    text, sound, _ = table
    rows, read = read_records(written(tmp_path, text))

    assert sum(row.lines for row in rows) + read.skipped.lines == lines_of(text)
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    done = [list(row.fields.values()) for row in rows if not row.problem]
    assert [row for row in done if not row[0].startswith("2")] == sound


@settings(max_examples=300)
@given(
    st.binary(max_size=400), st.sampled_from([b"id,body\n1,a\n", b"", b'[{"id":1},', b'{"id":1}\n'])
)
def test_any_bytes_are_read_to_their_end_or_refused_in_a_sentence(
    tmp_path: Path, data: bytes, before: bytes
) -> None:
    """Nothing else is ever raised, and no line is counted twice."""
    try:
        rows, table = read_records(written(tmp_path, before + data), encoding="latin-1")
    except NotATable:
        return
    text = (before + data).decode("latin-1")
    assert sum(row.lines for row in rows) + table.skipped.lines == lines_of(text)
