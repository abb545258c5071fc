"""What commands print: within 80 columns nothing is cut; other programs get whole lines."""

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.checks.finding import Finding
from bot.cli import main
from bot.cli.terminal.findings import finding_line
from bot.cli.terminal.tables import show_table
from bot.runtime.logs import configure_logs
from tests.support.process import env_file
from tests.support.workspace import Workspace


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command sets the logs up for itself."""
    yield
    configure_logs("ERROR", "text")


HEADS = ("price of", "from", "input", "what changed")
ROW = ("claude-sonnet-5-5, over 200,000", "2026-10-07", "0.00000123", "input 0.20 → 0.10; " * 4)
WIDTHS = (20, 40, 60, 80, 200)


def shown(width: int, heads: tuple[str, ...], row: tuple[str, ...]) -> str:
    with closing(io.StringIO()) as stream:
        show_table(Console(file=stream, width=width), heads, [row])
        return stream.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_names_and_amounts_are_whole_at_any_width(width: int) -> None:
    """Beside each other where they fit, below each other where they do not."""
    told = shown(width, HEADS, ROW)

    for whole in ROW[:3]:
        assert whole in told
    assert "…" not in told


def test_a_table_that_fits_keeps_to_the_width() -> None:
    """Its sentences are wrapped."""
    lines = shown(90, HEADS, ROW).splitlines()

    assert max(map(len, lines)) <= 90
    assert "┃" in lines[1]


def test_a_finding_is_wrapped_between_words_and_whole_for_programs() -> None:
    """However long its sentence; what follows its first line stands under its words."""
    place = "/a/long-folder-name/with-many-parts/and-no-blank/in-it"
    finding = Finding("wrong", "database", f"nothing may be written in {place}: make room " * 2)
    lines = finding_line(finding, 40).splitlines()

    assert [each for each in lines if len(each) > 40] == [f"  {place}:"] * 2
    assert all(each.startswith("  ") for each in lines[1:])
    assert len(finding_line(finding).splitlines()) == 1


def test_a_table_of_nothing_is_nothing() -> None:
    """No head stands alone."""
    with closing(io.StringIO()) as stream:
        show_table(Console(file=stream, width=80), HEADS, [])
        assert stream.getvalue() == ""


def test_what_another_program_reads_is_not_wrapped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every price is one line, without colour."""
    assert main(["prices", "--env", str(tmp_path / "none")]) == 0
    told = capsys.readouterr().out

    assert "\x1b" not in told
    assert any("claude-haiku-4-5" in line and "0.1" in line for line in told.splitlines())


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever reports something."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("deskhand 0.")


async def test_a_check_can_be_read_by_a_program(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same findings and the same status, as one object."""
    env = env_file(place, SLACK_APP_TOKEN="xapp-wrong")
    status = await asyncio.to_thread(main, ["check", "--json", "--env", str(env)])
    told = json.loads(capsys.readouterr().out)

    assert (status, told["status"]) == (2, 2)
    assert [each["subject"] for each in told["findings"] if each["grade"] == "wrong"] == [
        "SLACK_APP_TOKEN"
    ]


def test_a_database_is_shown_and_brought_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown first, then done, then nothing is left; the way back is said where there is one."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    env = tmp_path / "env"
    env.write_text(f"DATABASE_URL=sqlite:///{tmp_path}/desk.db\n")
    ends = [
        main(["migrate", "--env", str(env), *more]) for more in (["--dry-run"], [], ["--dry-run"])
    ]
    told = capsys.readouterr().out

    assert ends == [0, 0, 0]
    assert "stands at nothing: it is new." in told
    assert "0001: The first tables." in told
    assert told.endswith("It is up to date.\n")


def test_a_database_of_another_program_is_not_migrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence, and status 2."""
    env = tmp_path / "env"
    env.write_text(f"DATABASE_URL=sqlite:///{__file__}\n")

    assert main(["migrate", "--env", str(env)]) == 2
    assert "file is not a database" in capsys.readouterr().err


def test_prices_and_a_plan_can_be_read_by_a_program(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Prices as exact decimals, costs as whole nano-dollars."""
    main(["prices", "--json", "--env", str(tmp_path / "none")])
    prices = json.loads(capsys.readouterr().out)["prices"]
    main(["plan", "--json", "--messages", "1000/day"])
    plan = json.loads(capsys.readouterr().out)
    once = plan["plans"]["Today's prices"]["at_once"]

    assert {"claude-haiku-5-5"} <= {each["model"] for each in prices}
    assert all(isinstance(each["rates"]["input"], str) for each in prices)
    assert plan["workload"]["messages"] == 30_000
    assert isinstance(once["nano_dollars"], int)
    assert sum(line["nano_dollars"] for line in once["lines"]) == once["nano_dollars"]


async def test_articles_gaps_and_a_digest_can_be_read_by_a_program(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the tables show, under the names that the code has."""
    await place.start()
    await place.hears(place.linh, "How long does delivery to Hanoi take?")
    await place.stop()
    env = ["--env", str(env_file(place))]
    capsys.readouterr()

    async def told(*arguments: str) -> Any:
        assert await asyncio.to_thread(main, [*arguments, "--json", *env]) == 0
        return json.loads(capsys.readouterr().out)

    (first, *_) = await told("kb", "search", "delivery", "to", "Hanoi")
    stats = await told("kb", "stats")
    digest = (await told("digest"))["digest"]

    assert {"title", "source", "audience", "text", "score"} <= set(first)
    assert sum(each["articles"] for each in stats["articles"]) == 24
    assert stats["drafts_waiting"] == 0
    assert await told("kb", "gaps") == []
    assert digest["tickets"]["opened"] == 1
    assert isinstance(digest["nano_dollars"], int)
