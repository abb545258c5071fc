"""What `deskhand` says of its commands, and what it imports for that."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main
from tests.support.workspace import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its module is there, and its words stand in both places."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = " ".join(capsys.readouterr().out.split())

    assert ended.value.code == 0
    assert told.startswith(f"usage: deskhand {name} ")
    assert COMMANDS[name].told in told


def imported(arguments: list[str], folder: Path) -> tuple[str, set[str]]:
    """What a command says, and the modules that it took for that."""
    told = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-X", "importtime", "-m", "bot.cli", *arguments],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return told.stdout + told.stderr, {
        line.rpartition("|")[2].strip() for line in told.stderr.splitlines()
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--help"], "summarise and label the tickets of a file"),
        (["run"], "SLACK_BOT_TOKEN is not set: put it in .env or the environment"),
        (["check", "--json"], "SLACK_APP_TOKEN is not set"),
        (["digest", "--help"], "today, week, last month"),
        (["batch", "tickets.csv", "-o", "out.jsonl"], "ANTHROPIC_API_KEY is not set"),
    ],
)
def test_nothing_heavy_is_waited_for_before_what_can_be_said(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    """Neither for the list of commands, nor for options, nor for a secret that is missing."""
    told, modules = imported(arguments, tmp_path)

    assert sentence in told
    assert "bot.config.settings" in modules
    assert not modules & {"anthropic", "aiohttp", "sqlalchemy", "slack_bolt", "rich", "bot.app"}


# What takes long to load, and the commands that begin with it.
HEAVY = {"aiohttp", "alembic", "anthropic", "dbos", "psycopg", "slack_bolt", "sqlalchemy"}
STORE = {"sqlalchemy"}
BEGUN_WITH = {
    "init": {"aiohttp"},
    **dict.fromkeys(
        ("backup", "restore", "corrections", "digest", "erase", "kb", "migrate"), STORE
    ),
    **dict.fromkeys(("batch", "import", "mcp", "plan", "recost", "summarize"), STORE),
}


# Each module is imported by a fork of its own; a line for each, with what it has then.
ASK = """
import importlib, os, sys
places, names = sys.argv[1].split(), set(sys.argv[2].split())
for place in places:
    if not os.fork():
        importlib.import_module(place)
        print(place, *sorted(names & {*sys.modules}), flush=True)
        os._exit(0)
    os.wait()
"""


def test_a_command_begins_with_no_more_than_it_needs() -> None:
    """What it needs later it imports when it is there: `check` has told something by then."""
    places = {name: f"bot.cli.{each.work.partition(':')[0]}" for name, each in COMMANDS.items()}
    loaded = loaded_by(*places.values())

    assert {name: loaded[place] for name, place in places.items() if loaded[place]} == BEGUN_WITH


def test_the_desk_listens_before_it_loads_what_it_asks_the_models_with() -> None:
    """The SDK takes longer to load than all else, and Alembic is for upgrades alone."""
    assert loaded_by("bot.app.bot")["bot.app.bot"] == HEAVY - {"alembic", "anthropic"}


def loaded_by(*places: str) -> dict[str, set[str]]:
    """What of all that is heavy an interpreter has once it has imported one of our modules."""
    told = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", ASK, " ".join(places), " ".join(HEAVY)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in told.stdout.splitlines()]
    return {place: set(names) for place, *names in lines}


def test_the_help_of_each_command_has_the_exit_statuses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever writes a script looks there."""
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert "75 Slack or Claude cannot be asked now" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shell_completes_commands_and_their_options(
    capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    """All of them, and those of `kb`; bash takes the script as it is."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out

    for word in (*COMMANDS, "agents-channel", "dry-run", "gaps"):
        assert word in script
    if shell == "bash" and (bash := shutil.which("bash")):
        tried = subprocess.run(  # noqa: S603 - it only reads
            [bash, "-n"], input=script, text=True, check=False
        )
        assert tried.returncode == 0


def test_an_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    with pytest.raises(SystemExit) as ended:
        main(["completion", "cmd"])

    assert ended.value.code == 2
    assert "bash" in capsys.readouterr().err


# What people type that is nothing, and what they are told.
STRANGE = [
    (["chek"], "there is no command 'chek'; did you mean check?"),
    (["frobnicate"], "there is no command 'frobnicate'; deskhand --help lists them"),
    (["prices", "--jsn"], "nothing is known of '--jsn'; did you mean --json?"),
    (
        ["kb", "sync", "--audiance", "x"],
        "nothing is known of '--audiance'; did you mean --audience",
    ),
    (["kb", "gaps", "--days", "999999999999"], "expected a whole number from 1 to 36,500"),
    (["kb", "gaps", "--days", "many"], "expected a whole number from 1 to 36,500"),
    (["recost", "--from", "2026-11-20", "--to", "2026-11-01"], "2026-11-20 is after the last day"),
    (["corrections", "--since", "9999-12-31T23:59:59-14:00"], "is no day such as 2026-11-01"),
    (["prices", "--prices", "."], ".: cannot be read: Is a directory"),
    (["restore", "nowhere.zip"], "nowhere.zip: not found"),
    (["migrate", "--to", "foo"], "--to: expected sqlite:///deskhand.db (a file) or postgresql://"),
    (["manifest", "--request-url", "foo"], "expected an address that starts with https://"),
    (["manifest", "--request-url", "http://a"], "Slack sends requests to an https address only"),
    (["kb", "stats", "--env", "."], ".: cannot be read: Is a directory"),
]


@pytest.mark.parametrize(("arguments", "sentence"), STRANGE, ids=range(len(STRANGE)))
def test_what_is_nothing_is_told_in_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    """With status 2, and with what was meant where that is near."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.toml").write_text('[desk]\nagents_channel = "C0000000001"\n')
    try:
        status = main(arguments)
    except SystemExit as ended:
        status = ended.code  # type: ignore[assignment]

    assert status == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["prices"], ["prices", "--json"], ["--help"]])
def test_a_reader_that_is_gone_ends_it_quietly(tmp_path: Path, arguments: list[str]) -> None:
    """As a shell expects it of `… | head`: the signal's status, and not a word."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (141, b"")


def shell(folder: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of a shell in which `deskhand` is ours."""
    command = f'"{sys.executable}" -m bot.cli'
    return subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", line.replace("deskhand", command, 1)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("deskhand prices >&-", 0, ""),
        ("deskhand manifest --frob 2>&-", 2, ""),
        ("deskhand init <&-", 2, "SLACK_BOT_TOKEN: is not given, and there is nobody to ask"),
        ("deskhand prices > /dev/full", 3, "the output: No space left on device"),
        ("deskhand manifest > /dev/full", 3, "the output: No space left on device"),
    ],
)
def test_streams_that_are_closed_or_full_end_it_in_a_sentence(
    tmp_path: Path, line: str, status: int, said: str
) -> None:
    """Where nobody hears anything, as under cron, and where a disk is full."""
    ended = shell(tmp_path, line)

    assert (ended.returncode, ended.stderr.strip()) == (status, said)


def test_a_terminal_of_few_letters_is_written_to_in_those(tmp_path: Path) -> None:
    """Marks stay marks there, and JSON stays JSON."""
    few = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    (tmp_path / "desk.toml").write_text(
        '[desk]\nagents_channel = "C0000000001"\n[agent]\ndescription = "Hỗ trợ"\n',
        encoding="utf-8",
    )
    told = {
        line: shell(tmp_path, f"deskhand {line}", **few) for line in ("manifest", "prices", "plan")
    }

    assert [each.returncode for each in told.values()] == [0, 0, 0]
    assert all(each.stdout.isascii() for each in told.values())
    read = json.loads(told["manifest"].stdout)
    assert "Hỗ trợ" in json.dumps(read, ensure_ascii=False)


@pytest.mark.parametrize(
    ("line", "told"), [("with ending_quietly(): stop()", ""), ("stop()", "KeyboardInterrupt")]
)
def test_an_interruption_while_modules_are_imported_is_quiet(line: str, told: str) -> None:
    """Out of an import it could come as anything; behind it, it is what it was."""
    program = f"""
import os, signal
from bot.cli.terminal.streams import ending_quietly
def stop(): os.kill(os.getpid(), signal.SIGINT)
with ending_quietly(): pass
{line}
"""
    ended = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == -signal.SIGINT
    assert ended.stderr.strip().splitlines()[-1:] == ([told] if told else [])
