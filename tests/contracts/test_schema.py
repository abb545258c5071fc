"""`desk.schema.json`: what editors complete and check `desk.toml` by."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.config.desk_file import DEFAULTS, load_desk
from bot.config.desk_schema import desk_schema, schema_text
from bot.config.settings import SettingsError
from tests.support.workspace import ROOT

C = "C0000000002"
SHORTEST = 'desk = { agents_channel = "C0000000001" }\n'
SCHEMA = Draft202012Validator(desk_schema())


def faults(text: str) -> list[str]:
    """Where an editor would underline something; days are texts to it."""
    days = re.sub(r"\b(\d{4}-\d\d-\d\d)\b", r'"\1"', text)
    return [each.json_path for each in SCHEMA.iter_errors(tomllib.loads(days))]


def test_the_published_schema_is_the_one_of_the_models() -> None:
    """`make schema` was not forgotten, and it is a schema."""
    Draft202012Validator.check_schema(desk_schema())

    assert (ROOT / "desk.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_sample_desk_names_it() -> None:
    """By the line that editors look for; a path that starts at the file's own folder."""
    first = (ROOT / "desk.toml").read_text(encoding="utf-8").splitlines()[0]

    assert re.fullmatch(r"#:schema (\S+)", first)
    assert (ROOT / first.split()[1]).is_file()


def test_what_comes_with_deskhand_has_no_fault() -> None:
    """The sample as it is and with every example in it, the shop's desk, and the shortest."""
    sample = (ROOT / "desk.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^#(?=\[|\w+ = )", "", sample, flags=re.MULTILINE)
    uncommented += '\n[[intents]]\nname = "other"\ndescription = "Anything else."\n'
    shop = (ROOT / "demo" / "shop.toml").read_text(encoding="utf-8")

    assert [faults(each) for each in (sample, uncommented, SHORTEST + shop, SHORTEST)] == [[]] * 4


def test_defaults_are_shown_as_they_are_written() -> None:
    """Each fits its own key, and those of `starter_desk.toml` are among them."""
    told = desk_schema()["$defs"]["DeskConfig"]["properties"]["confidence"]["default"]

    assert told == tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["desk"]["confidence"]
    for part, schema in defaults_in(desk_schema()):
        found = {**schema, "$defs": desk_schema()["$defs"]}
        assert list(Draft202012Validator(found).iter_errors(part)) == []


def defaults_in(part: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    if isinstance(part, dict):
        if "default" in part and not isinstance(part["default"], dict):
            yield part["default"], part
        for each in part.values():
            yield from defaults_in(each)


@pytest.mark.parametrize(
    "written",
    [
        'desk = { agents_channel = "C0000000001", knowledge = ["a", "b"], agents = "channel" }',
        SHORTEST + '[hours]\nopen = { mon = "08:30-12:00", tue = ["08:30-12:00", "13:00-17:00"] }',
        SHORTEST + "[hours]\nholidays = [2026-12-25]",
        SHORTEST + '[targets]\nhigh = { respond = "90m", solve = "8h" }\n[life]\nremind_days = 2',
        SHORTEST + "[[budgets]]\nday = 12.50\n[alerts]\nfloor = 2\n[people]\nhour = 18.00",
        SHORTEST + f'[[channels]]\nid = "{C}"\nrequests_from = ["@example.com", "A0123"]',
    ],
)
def test_both_take_what_is_right(tmp_path: Path, written: str) -> None:
    """One or several, days, times, dollars."""
    desk = tmp_path / "desk.toml"
    desk.write_text(written)

    assert load_desk(desk).desk.agents_channel == "C0000000001"
    assert faults(written) == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("", "$"),
        ("[desk]\nname = 'us'", "$.desk"),
        ('desk = { agents_channel = "#desk" }', "$.desk.agents_channel"),
        ('desk = { agents_channel = "C0000000001", colour = "red" }', "$.desk"),
        (SHORTEST + "[colours]\nred = 1", "$"),
        (SHORTEST + f'[[channels]]\nid = "{C}"\nmode = "loud"', "$.channels[0].mode"),
        (SHORTEST + "[[budgets]]\nday = 0", "$.budgets[0].day"),
        (SHORTEST + '[[budgets]]\nday = "5 dollars"', "$.budgets[0].day"),
        (SHORTEST + '[targets]\nhigh = { respond = "soon" , solve = "8h" }', "$.targets.high.resp"),
        (SHORTEST + '[targets]\nhigh = { solve = "8h" }', "$.targets.high"),
        (SHORTEST + "[hours]\nopen = { monday = '9-5' }", "$.hours.open"),
        (SHORTEST + "[hours]\nopen = { mon = 9 }", "$.hours.open.mon"),
        (SHORTEST + '[life]\nanswer_late = "two hours"', "$.life.answer_late"),
        (SHORTEST + "[files]\npictures = 2.5", "$.files.pictures"),
        (SHORTEST + '[[intents]]\nname = "A b"\ndescription = "A"', "$.intents"),
        (SHORTEST + '[mcp."Shop-1"]\nurl = "https://shop.example/mcp"', "$.mcp"),
    ],
)
def test_both_refuse_what_is_wrong(tmp_path: Path, written: str, place: str) -> None:
    """An editor underlines what `check` would refuse."""
    desk = tmp_path / "desk.toml"
    desk.write_text(written)

    with pytest.raises(SettingsError):
        load_desk(desk)
    assert any(each.startswith(place) for each in faults(written))
