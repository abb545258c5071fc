"""`deskhand check`, with each thing wrong once, and `deskhand run` that refuses to begin."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.app.checks import check_desk
from bot.checks.finding import Finding
from bot.cli import main
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError
from bot.knowledge.shelf_words import EMPTY
from bot.runtime.logs import configure_logs
from emulator.slack import SlackEmulator
from handlers.manifest import SCOPES
from tests.support.process import env_file
from tests.support.workspace import KNOWLEDGE, PATIENCE, ROOT, Workspace, workspace


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """`run` sets the logs up for itself."""
    yield
    configure_logs("ERROR", "text")


def wrong(findings: Iterable[Finding]) -> dict[str, str]:
    return {each.subject: each.sentence for each in findings if each.grade == "wrong"}


def warnings(findings: Iterable[Finding]) -> dict[str, str]:
    return {each.subject: each.sentence for each in findings if each.grade == "warning"}


def of_articles(findings: Iterable[Finding]) -> list[str]:
    """What `check` warns of about them, in order."""
    return [
        each.sentence for each in findings if (each.grade, each.subject) == ("warning", "knowledge")
    ]


def databases(folder: Path) -> list[Path]:
    return list(folder.glob("*.db*"))


async def test_a_desk_in_order_is_ready(place: Workspace) -> None:
    """Nothing is wrong, nothing deserves a warning, and nothing is changed by looking."""
    desk = place.desk()
    before = {each.name: each.read_bytes() for each in place.folder.iterdir()}
    findings = await check_desk(place.configure(), desk)

    assert wrong(findings) == {}
    assert warnings(findings) == {}
    assert {each.subject for each in findings} >= {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "scopes",
        "desk.agents_channel",
        "agents",
        "channels",
        "claude-haiku-5-5",
        "database",
        "knowledge",
    }
    assert {each.name: each.read_bytes() for each in place.folder.iterdir()} == before


@pytest.mark.parametrize(
    ("settings", "subject", "sentence"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN", "is not valid"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN", "is not valid"),
        (
            {"anthropic_api_key": "sk-ant-wrong"},
            "Claude",
            "no model can be used: ANTHROPIC_API_KEY was refused",
        ),
        ({"database_url": "mysql://desk"}, "database", "DATABASE_URL: expected sqlite:///"),
        ({"database_url": "sqlite://"}, "database", "DATABASE_URL: expected sqlite:///"),
        ({"database_url": "nonsense"}, "database", "DATABASE_URL: expected sqlite:///"),
        ({"database_url": "sqlite:////nowhere/desk.db"}, "database", "there is no folder /nowhere"),
        ({"database_url": f"sqlite:///{__file__}"}, "database", "file is not a database"),
    ],
)
async def test_a_wrong_setting_is_named(
    place: Workspace, settings: dict[str, str], subject: str, sentence: str
) -> None:
    """The one thing that is wrong, by the name a newcomer has to look for."""
    found = wrong(await check_desk(place.configure(**settings), place.desk()))

    assert sentence in found[subject]


async def test_a_missing_scope_is_named_with_its_purpose(tmp_path: Path, place: Workspace) -> None:
    """What to add, and what it is good for."""
    async with SlackEmulator(scopes=set(SCOPES) - {"reactions:write"}) as poor:
        agents = poor.add_channel("desk", members=[poor.add_user("mai")])
        place.agents = agents
        settings = place.configure(
            slack_bot_token=poor.bot_token,
            slack_app_token=poor.app_token,
            slack_api_url=poor.api_url,
        )
        found = wrong(await check_desk(settings, place.desk()))

    assert tmp_path == place.folder
    assert "reactions:write (to show with 👀" in found["scopes"]


async def test_channels_the_bot_cannot_work_in_are_named(place: Workspace) -> None:
    """A channel it was not invited to, and one that does not exist."""
    uninvited = place.slack.add_channel("vip", members=[place.linh], bot=False)
    desk = place.desk(f'[[channels]]\nid = "{uninvited.id}"\n[[channels]]\nid = "C0NOWHERE"\n')
    findings = await check_desk(place.configure(), desk)

    sentences = [each.sentence for each in findings if each.grade == "wrong"]
    assert "the bot is not in #vip: type /invite @deskhand there" in sentences
    assert any("C0NOWHERE" in each and "check the id" in each for each in sentences)


async def test_a_channel_that_is_off_need_not_be_joined(place: Workspace) -> None:
    """Where the bot has no business it may stay outside."""
    outside = place.slack.add_channel("vip", members=[place.linh], bot=False)
    desk = place.desk(
        f'[[channels]]\nid = "{place.orders.id}"\n[[channels]]\nid = "{outside.id}"\nmode = "off"\n'
    )

    assert wrong(await check_desk(place.configure(), desk)) == {}


async def test_channels_of_digests_and_budgets_are_looked_at_too(place: Workspace) -> None:
    """Nobody would see a digest that the bot cannot post, or a budget of a mistyped channel."""
    board = place.slack.add_channel("board", members=[place.mai], bot=False)
    desk = place.desk(
        f'[[digests]]\nchannel = "{board.id}"\n'
        f'[[budgets]]\nscope = "channel"\nchannel = "C0NOWHERE"\nday = 5\n'
    )
    found = wrong(await check_desk(place.configure(), desk))

    assert found["digests"] == "the bot is not in #board: type /invite @deskhand there"
    assert found["budgets"].startswith("C0NOWHERE: no such channel")


async def test_an_admin_who_is_no_agent_is_warned_of(place: Workspace) -> None:
    """Who may change the desk is one of those who work at it."""
    desk = place.desk(f'admins = ["{place.mai.id}", "{place.linh.id}"]\n')
    found = warnings(await check_desk(place.configure(), desk))

    assert found["desk.admins"].startswith(place.linh.id)


async def test_a_look_that_breaks_off_says_how_far_it_came(place: Workspace) -> None:
    """Slack goes away in the middle; what was seen by then is told, and so is that."""
    place.slack.faults.add("conversations.members", "drop_before", times=20)
    findings = await check_desk(place.configure(), place.desk())

    assert wrong(findings) == {}
    assert [each.sentence for each in findings if each.grade == "unreachable"] == [
        "could not be reached: ServerDisconnectedError"
    ]
    assert "SLACK_APP_TOKEN" in {each.subject for each in findings if each.grade == "ok"}


async def test_an_agents_channel_without_the_bot_is_wrong(place: Workspace) -> None:
    """Where it cannot post no card can be shown."""
    place.agents = place.slack.add_channel("desk2", members=[place.mai], bot=False)
    found = wrong(await check_desk(place.configure(), place.desk()))

    assert "the bot is not in #desk2" in found["desk.agents_channel"]


async def test_a_desk_without_people_or_channels_is_warned_of(place: Workspace) -> None:
    """It would run, but nobody would come."""
    place.agents.members.remove(place.mai.id)
    place.orders.members.remove(place.slack.bot_user_id)
    found = warnings(await check_desk(place.configure(), place.desk()))

    assert "nobody but the bot" in found["agents"]
    assert "/invite" in found["channels"]


@pytest.mark.parametrize(
    ("model", "grade", "sentence"),
    [
        ("claude-3-5-haiku-20241022", "wrong", "is retired"),
        ("claude-sonnet-4-5", "warning", "is deprecated and ends on 2026-11-30"),
        ("claude-haiku-7", "wrong", "is unknown to the API"),
    ],
)
async def test_a_model_that_is_gone_or_going_is_named(
    place: Workspace, model: str, grade: str, sentence: str
) -> None:
    """Found before a customer finds it."""
    prices = place.folder / "prices.toml"
    prices.write_text(PRICES.format(model=model))
    desk = place.desk(f'prices = ["{prices}"]\n[models]\nsimple = "{model}"\n')
    findings = await check_desk(place.configure(), desk)

    (found,) = [each for each in findings if each.subject == model]
    assert (found.grade, sentence in found.sentence) == (grade, True)


PRICES = """\
version = "test"
[models."{model}"]
batch = "0.5"
[[models."{model}".prices]]
effective = 2025-01-01
source = "a test"
input = "1"
output = "5"
cache_write_5m = "1.25"
cache_write_1h = "2"
cache_read = "0.10"
"""


async def test_a_model_without_a_price_is_wrong(place: Workspace) -> None:
    """What cannot be counted is not used."""
    desk = place.desk('[models]\nsimple = "claude-fable-5-2"\n')
    found = wrong(await check_desk(place.configure(), desk))

    assert "models.simple: no price is known for 'claude-fable-5-2'" in found["prices"]


async def test_articles_that_are_missing_or_broken_are_warned_of(place: Workspace) -> None:
    """Without articles the desk runs and hands everything over."""
    shelf = place.folder / "shelf"
    shelf.mkdir()
    (shelf / "bad.md").write_text("---\naudience: martians\n---\n\nHello\n", encoding="utf-8")
    path = place.folder / "desk.toml"
    place.desk()
    text = path.read_text()
    empty = text.replace(str(KNOWLEDGE), str(shelf))
    path.write_text(empty)

    broken = of_articles(await check_desk(place.configure(), load_desk(path)))
    path.write_text(text.replace(str(KNOWLEDGE), "nowhere"))
    missing = of_articles(await check_desk(place.configure(), load_desk(path)))

    assert any("bad.md" in each for each in broken)
    assert any("is no folder" in each for each in missing)
    assert [each[-1] for each in (broken, missing)] == [EMPTY] * 2


async def test_a_new_desk_has_no_articles_and_says_so(place: Workspace) -> None:
    """The folder that comes with Deskhand holds a page about itself, which is no article."""
    place.articles = ROOT / "knowledge"
    findings = await check_desk(place.configure(), place.desk())

    told = [each.sentence for each in findings if each.subject == "knowledge"]
    assert told == [f"0 articles in {place.articles}", EMPTY]
    assert [each.grade for each in findings if each.sentence == EMPTY] == ["warning"]


async def test_articles_for_agents_alone_answer_no_customer(place: Workspace) -> None:
    """They are counted, and the desk still says that questions of fact go to people."""
    place.articles = place.folder / "shelf"
    place.articles.mkdir()
    (place.articles / "a.md").write_text("---\naudience: agents\n---\n\n# Ours\n\nOnly we know.\n")

    told = of_articles(await check_desk(place.configure(), place.desk()))
    (place.articles / "b.md").write_text("---\naudience: public\n---\n\n# Hours\n\nFrom 9 to 5.\n")
    then = of_articles(await check_desk(place.configure(), place.desk()))

    assert (told, then) == ([EMPTY], [])


async def test_the_command_ends_with_its_verdict(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0 and what to type next, or status 2 and how much there is to do."""
    good = await asyncio.to_thread(main, ["check", "--env", str(env_file(place))])
    ready = capsys.readouterr().out
    bad = await asyncio.to_thread(
        main, ["check", "--env", str(env_file(place, SLACK_APP_TOKEN="xapp-wrong"))]
    )
    told = capsys.readouterr().out

    assert (good, bad) == (0, 2)
    assert ready.endswith("Ready: deskhand run\n")
    assert "✗ SLACK_APP_TOKEN: is not valid" in told
    assert told.endswith("1 to put right.\n")
    assert place.slack.bot_token not in ready + told


@pytest.mark.parametrize(
    ("changed", "toml", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "", "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "", "SLACK_BOT_TOKEN: expected a bot token"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "", "SLACK_APP_TOKEN: expected an app-level token"),
        ({"ANTHROPIC_API_KEY": ""}, "", "ANTHROPIC_API_KEY is not set"),
        ({"ANTHROPIC_BASE_URL": "https://a/v1"}, "", "ANTHROPIC_BASE_URL: leave out the /v1"),
        ({"SLACK_API_URL": "slack.com"}, "", "SLACK_API_URL: expected an address"),
        ({"TRIAGE_TIMEOUT": "soon"}, "", "TRIAGE_TIMEOUT: "),
        ({"CLAUDE_IN_FLIGHT": "0"}, "", "CLAUDE_IN_FLIGHT: "),
        ({"DESK_CONFIG": "nowhere.toml"}, "", "nowhere.toml: not found"),
        ({}, "[[[", "not valid TOML"),
        ({}, "colour = 1", "desk.colour: no such key"),
        ({}, "confidence = 7", "desk.confidence: "),
        ({}, '[policy]\nboats = "human"', "policy.boats: no intent has this name"),
    ],
)
def test_what_cannot_even_be_read_is_told_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    toml: str,
    sentence: str,
) -> None:
    """Both commands end with status 2 and name the key; nothing is touched."""
    desk = tmp_path / "desk.toml"
    desk.write_text(f'[desk]\nagents_channel = "C0000000001"\n{toml}\n')
    values = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "ANTHROPIC_API_KEY": "sk-1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/deskhand.db",
        "DESK_CONFIG": str(desk),
        **changed,
    }
    for name in values:
        monkeypatch.delenv(name, raising=False)
    env = tmp_path / "env"
    env.write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    for command in ("check", "run"):
        assert main([command, "--env", str(env)]) == 2
        assert sentence in capsys.readouterr().err
    assert {each.name for each in tmp_path.iterdir()} == {"desk.toml", "env"}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://desk", "DATABASE_URL: expected sqlite:///"),
        ("sqlite:////nowhere/desk.db", "DATABASE_URL: there is no folder /nowhere"),
        (f"sqlite:///{__file__}", "cannot be opened: file is not a database"),
    ],
)
def test_run_refuses_a_database_it_cannot_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, sentence: str
) -> None:
    """Before anything is asked of Slack."""
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nagents_channel = "C0000000001"\n')
    env = tmp_path / "env"
    env.write_text(
        "SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nANTHROPIC_API_KEY=sk-1\n"
        f"DATABASE_URL={url}\nDESK_CONFIG={desk}\n"
    )

    assert main(["run", "--env", str(env)]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN: Slack refused it (invalid_auth)"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN: Slack refused it (invalid_auth)"),
        ({}, "desk.agents_channel: the bot is not in #desk: type /invite @deskhand there"),
    ],
)
async def test_run_starts_nothing_by_half(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    """What Slack refuses is a sentence; no database was made."""
    async with workspace(tmp_path) as place:
        if not changed:
            place.agents.members.remove(place.slack.bot_user_id)
        with pytest.raises(SettingsError) as refused:
            await place.start(**changed)

    assert str(refused.value) == sentence
    assert databases(tmp_path) == []


@pytest.mark.long
async def test_a_start_that_is_refused_ends_the_process(tmp_path: Path) -> None:
    """With status 2 and a sentence, and no database was made."""
    async with workspace(tmp_path) as place:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            "run",
            "--env",
            str(env_file(place, SLACK_APP_TOKEN="xapp-wrong")),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": "", "PYTHONPATH": str(ROOT)},
        )
        async with asyncio.timeout(PATIENCE):
            _, errors = await process.communicate()

    assert process.returncode == 2, errors.decode()
    assert errors.decode().splitlines()[-1] == "SLACK_APP_TOKEN: Slack refused it (invalid_auth)"
    assert databases(tmp_path) == []
