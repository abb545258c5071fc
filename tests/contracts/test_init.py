"""`deskhand init`: a desk is asked for, checked and written down, or nothing is."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.app.manifest import app_manifest, creation_link
from bot.cli import main
from bot.config.desk_file import default_desk, load_desk
from bot.config.samples import desk_text, env_text
from bot.config.settings import Settings
from bot.config.settings_file import load_settings
from tests.support.workspace import PATIENCE, ROOT, Workspace

WRITTEN = {".env", "desk.toml", "desk.schema.json", "knowledge"}


@pytest.fixture(autouse=True)
def _here(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and an environment that says where the emulators are."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment(place).items():
        monkeypatch.setenv(name, value)
    (place.folder / "new").mkdir()
    monkeypatch.chdir(place.folder / "new")


def environment(place: Workspace) -> dict[str, str]:
    return {
        "SLACK_API_URL": place.slack.api_url,
        "SLACK_BOT_TOKEN": place.slack.bot_token,
        "SLACK_APP_TOKEN": place.slack.app_token,
        "ANTHROPIC_BASE_URL": place.claude.url,
        "ANTHROPIC_API_KEY": place.claude.api_key,
    }


async def init(*options: str) -> int:
    return await asyncio.to_thread(main, ["init", "--no-input", *options])


def there() -> set[str]:
    return {each.name for each in Path.cwd().iterdir()}


def read(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def mode(name: str) -> int:
    return Path(name).stat().st_mode & 0o777


async def test_by_options_alone_a_desk_is_ready(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four files; only its owner reads the secrets; `check` has nothing to say against them."""
    status = await init("--agents-channel", "#desk", "--watch", place.orders.id, "--name", "Us")
    said = capsys.readouterr().out
    for name in environment(place):
        monkeypatch.delenv(name)
    settings, desk = load_settings(), load_desk(Path("desk.toml"))

    assert (status, there()) == (0, WRITTEN)
    assert mode(".env") == 0o600
    assert settings.slack_bot_token.get_secret_value() == place.slack.bot_token
    assert settings.anthropic_base_url == place.claude.url
    assert (desk.desk.agents_channel, desk.desk.name) == (place.agents.id, "Us")
    assert [each.id for each in desk.channels] == [place.orders.id]
    assert place.slack.bot_token not in said
    assert await asyncio.to_thread(main, ["check"]) == 0


async def test_a_desk_in_http_mode_is_set_up_with_its_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No app-level token is asked for; what is left to do behind the address is said."""
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0a" * 16)
    status = await init("--agents-channel", "desk", "--request-url", "https://desk.example")
    said = capsys.readouterr().out
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    settings = load_settings()

    assert (status, there()) == (0, WRITTEN)
    assert (settings.slack_http_port, settings.slack_app_token) == (3000, None)
    assert settings.slack_signing_secret is not None
    assert "0a0a" not in said
    assert said.endswith("deskhand manifest --request-url https://desk.example/slack/events\n")
    assert await asyncio.to_thread(main, ["check"]) == 0


@pytest.mark.parametrize(("port", "status"), [("8443", 0), ("0", 2), ("web", 2), ("65536", 2)])
async def test_the_port_behind_the_address_is_ones_own(
    port: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another program may have the usual one; what is no port is refused before anything else."""
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0a" * 16)
    given = ["--agents-channel", "desk", "--request-url", "https://desk.example"]

    assert await init(*given, "--http-port", port) == status
    told = capsys.readouterr()
    if status == 0:
        assert load_settings().slack_http_port == int(port)
        assert f"on to http://127.0.0.1:{port}/slack/events." in told.out
    else:
        assert "--http-port: expected a port such as 3000, from 1 to 65535" in told.err
        assert there() == set()


async def test_without_a_choice_every_channel_is_served(place: Workspace) -> None:
    """And the desk has its usual name."""
    assert await init("--agents-channel", place.agents.id) == 0
    desk = load_desk(Path("desk.toml"))

    assert (desk.channels, desk.desk.name) == ((), default_desk().desk.name)


async def test_nothing_is_replaced_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody's secrets stand there; with `--replace` they go, and the articles' page stays."""
    write(".env", "SLACK_BOT_TOKEN=xoxb-mine\n")
    write("knowledge/README.md", "Ours.\n")
    refused = await init("--agents-channel", "desk")
    told, left = capsys.readouterr().out, read(".env")

    assert (refused, left, there()) == (2, "SLACK_BOT_TOKEN=xoxb-mine\n", {".env", "knowledge"})
    assert "left as it was; --replace writes over it" in told
    assert await init("--agents-channel", "desk", "--replace") == 0
    assert "xoxb-mine" not in read(".env")
    assert mode(".env") == 0o600
    assert read("knowledge/README.md") == "Ours.\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--slack-bot-token", "xoxb-wrong"], "SLACK_BOT_TOKEN: is not valid"),
        (["--slack-bot-token", "xapp-1"], "SLACK_BOT_TOKEN: expected a bot token"),
        (["--slack-app-token", "xapp-wrong"], "SLACK_APP_TOKEN: is not valid"),
        (["--anthropic-api-key", "sk-wrong"], "ANTHROPIC_API_KEY: no model can be used"),
        (
            ["--request-url", "http://desk.example"],
            "--request-url: Slack sends requests to an",
        ),
        (["--request-url", "https://a b"], "--request-url: expected an address such as https://"),
        (
            ["--request-url", "https://a.example"],
            "SLACK_SIGNING_SECRET: is not given, and",
        ),
        (
            ["--request-url", "https://a.example", "--slack-signing-secret", "xoxb-1"],
            "SLACK_SIGNING_SECRET: expected a signing secret",
        ),
        ([], "--agents-channel: is not given, and there is nobody to ask"),
        (["--agents-channel", "vip"], "the bot is not in 'vip', it is in 1 #desk, 2 #orders"),
        (["--agents-channel", "desk", "--watch", "desk"], "--watch: the agents' channel cannot be"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    """The name of the option or variable, and what is wrong with it."""
    status = await init(*options)

    assert (status, there()) == (2, set())
    assert sentence in capsys.readouterr().err


async def test_a_secret_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody can be asked for it."""
    monkeypatch.delenv("SLACK_APP_TOKEN")

    assert await init("--agents-channel", "desk") == 2
    assert "SLACK_APP_TOKEN: is not given, and there is nobody to ask" in capsys.readouterr().err


async def test_slack_that_cannot_be_reached_is_no_mistake(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither at the first question nor at the last."""
    place.slack.faults.add("users.conversations", "drop_before", times=20)
    late = await init("--agents-channel", "desk")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    early = await init("--agents-channel", "desk")

    assert (late, early, there()) == (75, 75, set())
    assert capsys.readouterr().out.count("Nothing was written; try again in a while.") == 2


async def test_a_folder_that_takes_no_files_is_said(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was written beside it by then is taken away again."""
    file = place.folder / "new" / "file"
    file.write_text("")

    assert await init("--agents-channel", "desk", "--desk", str(file / "desk.toml")) == 2
    assert str(file) in capsys.readouterr().err
    assert there() == {"file"}


@asynccontextmanager
async def at_a_terminal(**environment: str) -> AsyncIterator[tuple[int, Process]]:
    """`deskhand init` with a person before it, who sees and types through the number."""
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        AT_ITS_TERMINAL,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield ours, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(ours)


AT_ITS_TERMINAL = """\
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from bot.cli import main
sys.exit(main(["init"]))
"""


def typed(terminal: int, talk: list[tuple[str, str]]) -> str:
    """Wait for each question and type its answer; all that was shown by then."""
    shown, seen = b"", b""
    for question, answer in talk:
        while question.encode() not in seen:
            seen += os.read(terminal, 4096)
        before, asked, seen = seen.partition(question.encode())
        shown += before + asked
        os.write(terminal, f"{answer}\n".encode())
    return (shown + seen).decode(errors="replace")


def shown_to_the_end(terminal: int) -> str:
    seen = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other end is closed
            more = b""
        if not more:
            return seen.decode()
        seen += more


@pytest.mark.long
async def test_a_person_is_asked_until_it_is_right(place: Workspace) -> None:
    """A wrong token and a wrong channel are said and asked for again; secrets are not shown."""
    where = {name: url for name, url in environment(place).items() if name.endswith("URL")}
    talk = [
        ("How Slack's events come in", "http://desk.example"),
        ("How Slack's events come in", ""),
        ("2. Bot token", "xoxb-mistyped"),
        ("2. Bot token", place.slack.bot_token),
        ("3. App-level token", place.slack.app_token),
        ("4. Key of the Claude API", place.claude.api_key),
        ("The agents' channel", "nowhere"),
        ("The agents' channel", "1"),
        ("Channels to serve", "#orders"),
        ("What the desk is called", ""),
        ("What it serves", 'a "shop" # of Hà Nội'),
    ]
    async with at_a_terminal(**where) as (terminal, process):
        said = await asyncio.wait_for(asyncio.to_thread(typed, terminal, talk), PATIENCE)
        said += await asyncio.to_thread(shown_to_the_end, terminal)
        status = await process.wait()
    desk = load_desk(Path("desk.toml"))

    assert (status, there()) == (0, WRITTEN)
    assert (desk.desk.agents_channel, desk.desk.about) == (place.agents.id, 'a "shop" # of Hà Nội')
    assert [each.id for each in desk.channels] == [place.orders.id]
    assert "Written: " in said
    assert "✗ SLACK_BOT_TOKEN: is not valid" in said
    assert place.slack.bot_token not in said
    assert "mistyped" not in said


@pytest.mark.long
async def test_ctrl_c_leaves_everything_as_it_was(place: Workspace) -> None:
    """At the last question, with all secrets typed: one word, and no file."""
    talk = [
        ("How Slack's events come in", ""),
        ("The agents' channel", "desk"),
        ("Channels to serve", ""),
        ("is called", "Us"),
    ]
    async with at_a_terminal(**environment(place)) as (terminal, process):
        await asyncio.wait_for(asyncio.to_thread(typed, terminal, talk), PATIENCE)
        process.send_signal(signal.SIGINT)
        said = await asyncio.to_thread(shown_to_the_end, terminal)
        status = await process.wait()

    assert (status, there()) == (130, set())
    assert "interrupted" in said
    assert "Traceback" not in said


def test_the_link_holds_the_manifest() -> None:
    """As Slack documents it; short enough for whatever passes it on."""
    declared = app_manifest(default_desk().agent)
    link = urlsplit(creation_link(declared))

    assert (link.netloc, link.path) == ("api.slack.com", "/apps")
    assert parse_qs(link.query)["new_app"] == ["1"]
    assert json.loads(parse_qs(link.query)["manifest_json"][0]) == declared
    assert len(link.geturl()) < 8_000


@pytest.mark.parametrize(
    "written",
    ["plain", 'a "quoted" one', "back\\slash", "# no comment", "$HOME", "Hà Nội 'x'", "="],
)
def test_what_is_typed_is_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """Signs that mean something in TOML or in `.env` are words here."""
    (tmp_path / "desk.toml").write_text(desk_text("C0000000001", written, written, ["C02"]))
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "ANTHROPIC_API_KEY": "sk-1",
    }
    (tmp_path / "env").write_text(env_text({**secrets, "DESK_CONFIG": written}))
    for name in secrets:
        monkeypatch.delenv(name, raising=False)
    desk = load_desk(tmp_path / "desk.toml")

    assert (desk.desk.name, desk.desk.about) == (written, written)
    assert load_settings(tmp_path / "env").desk_config == Path(written)
