"""JSON in the shapes in which exports come, and what is wrong with some of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ticket_files.record import LONGEST
from tests.support.ticket_tables import lines_of, read_records, written

TWO = [{"id": 1, "body": "hello"}, {"id": 2, "body": "bye"}]
TIGHT = (",", ":")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(TWO),
        json.dumps(TWO, separators=TIGHT),
        json.dumps(TWO, indent=2),
        json.dumps(TWO, indent="\t") + "\n",
        "\n".join(map(json.dumps, TWO)),
        "\n".join(json.dumps(each, indent=2) for each in TWO),
        json.dumps({"tickets": TWO, "count": 2, "next_page": None}),
        json.dumps({"count": 2, "meta": {"users": [{"id": 9}]}, "results": TWO}, indent=1),
        json.dumps({"data": {"meta": {"open": 2}, "payload": TWO}}),
        "\n".join(json.dumps({"tickets": [each]}) for each in TWO),
        "\ufeff" + json.dumps(TWO),
        "\n\n" + json.dumps(TWO, indent=2).replace("\n", "\r\n"),
    ],
)
def test_every_shape_gives_the_same_rows(tmp_path: Path, text: str) -> None:
    """And each line belongs to a row or is said to be none."""
    rows, table = read_records(written(tmp_path, text, "tickets.json"))

    assert [row.fields for row in rows] == TWO
    assert sum(row.lines for row in rows) + table.skipped.lines == lines_of(text)


@pytest.mark.parametrize(("before", "failed"), [("null", 1), ("", 0), ("\n\nnull\n", 1), ("7", 1)])
def test_a_first_line_without_an_object_spoils_no_other(
    tmp_path: Path, before: str, failed: int
) -> None:
    text = "\n".join((before, *map(json.dumps, TWO)))
    rows, table = read_records(written(tmp_path, text, "tickets.jsonl"))

    assert [row.fields for row in rows if not row.problem] == TWO
    assert sum(row.problem is not None for row in rows) == failed
    assert sum(row.lines for row in rows) + table.skipped.lines == lines_of(text)


def test_a_single_ticket_with_lists_of_its_own_is_a_ticket(tmp_path: Path) -> None:
    """A list under a usual name makes no list of tickets of it."""
    ticket = {"id": 1, "body": "hello", "items": [{"id": 5, "body": "not a ticket"}]}
    rows, _ = read_records(written(tmp_path, json.dumps(ticket, indent=2)))

    assert [row.fields for row in rows] == [ticket]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ('{"id":2,"body":"oops}', "not JSON"),
        ('{"id":2,"body":"oops",', "not JSON"),
        ('{"id":2,"body":"oops"]', "not JSON"),
        ('{"id":2,"body":oops}', "not JSON"),
        ('{"id":NaN,"body":"oops"}', "not JSON"),
        ('"a word"', "not a JSON object"),
        ("null", "not a JSON object"),
        ('[{"id":2,"body":"in a list"}]', "not a JSON object"),
    ],
)
@pytest.mark.parametrize("between", [",\n", ","])
def test_a_damaged_object_spoils_no_other(
    tmp_path: Path, damage: str, problem: str, between: str
) -> None:
    """Each on its line, or all on one."""
    good = ['{"id":1,"body":"a"}', '{"id":3,"body":"c"}', '{"id":4,"body":"d"}']
    text = f"[{between.join([good[0], damage, *good[1:]])}]"
    rows, table = read_records(written(tmp_path, text, "tickets.json"))

    assert [row.fields["id"] for row in rows if not row.problem] == [1, 3, 4]
    assert [row.problem for row in rows if row.problem] == [problem]
    assert sum(row.lines for row in rows) + table.skipped.lines == lines_of(text)


def test_a_document_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    """The object that the end cuts is named."""
    text = json.dumps(TWO, indent=2)[:-20]
    rows, _ = read_records(written(tmp_path, text, "tickets.json"))

    assert [row.fields.get("id") for row in rows] == [1, None]
    assert rows[1].line == 6
    assert rows[1].problem


def test_an_object_that_is_too_long_to_be_held_is_passed_over(tmp_path: Path) -> None:
    """Those after it are read."""
    huge = {"id": 2, "body": "x" * (LONGEST + 1), "more": [1, 2]}
    text = json.dumps([TWO[0], huge, {"id": 3, "body": "after"}])
    rows, _ = read_records(written(tmp_path, text, "tickets.json"))

    assert [row.fields.get("id") for row in rows] == [1, None, 3]
    assert "longer than" in str(rows[1].problem)


@pytest.mark.parametrize("deep", [50, 5_000, 200_000])
def test_nesting_of_any_depth_is_survived(tmp_path: Path, deep: int) -> None:
    """Named, when it is too deep to be read."""
    text = f'[{{"id":1,"body":{"[" * deep}{"]" * deep}}},{{"id":2,"body":"b"}}]'
    rows, _ = read_records(written(tmp_path, text, "tickets.json"), columns={"text": "body"})

    assert rows[-1].fields == {"id": 2, "body": "b"}
    assert rows[0].problem in (None, "not JSON")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_brackets_that_never_close_are_gone_through_once(tmp_path: Path, opening: str) -> None:
    text = f'[\n{{"id":1,"body":"a"}},\n{{"id":2,"body":{opening * 50_000}'
    rows, _ = read_records(written(tmp_path, text, "tickets.json"), columns={"text": "body"})

    assert rows[0].fields == {"id": 1, "body": "a"}
    assert [each.problem for each in rows[1:]] == ["not JSON"]


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
TICKETS = st.lists(
    st.fixed_dictionaries({"id": st.integers(1), "body": st.text(max_size=20), "x": VALUES}),
    min_size=1,
    max_size=5,
)


@settings(max_examples=300)
@given(TICKETS, st.sampled_from([None, 1, "\t"]), st.sampled_from(["list", "held", "one by one"]))
def test_whatever_tickets_hold_they_are_read_exactly(
    tmp_path: Path, tickets: list[dict[str, object]], indent: int | str | None, shape: str
) -> None:
    """However they are laid out."""
    if shape == "one by one":
        text = "\n".join(json.dumps(each, indent=indent) for each in tickets)
    else:
        held = tickets if shape == "list" else {"n": [1, {"a": 1}], "tickets": tickets, "z": {}}
        text = json.dumps(held, indent=indent, ensure_ascii=False)
    rows, table = read_records(written(tmp_path, text, "tickets.json"))

    assert [row.fields for row in rows] == tickets
    assert sum(row.lines for row in rows) + table.skipped.lines == lines_of(text)
