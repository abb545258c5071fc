"""Wrong configurations, each with its sentence: the file, the line, the key, what was expected."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.checks.env_names import check_names
from bot.cli import main
from bot.config.desk_file import load_desk
from bot.config.settings import Settings
from bot.config.settings_file import load_settings, passed_over

C = "C0000000002"
DESK = '[desk]\nagents_channel = "C0000000001"\n'
ENV = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "ANTHROPIC_API_KEY": "sk-1"}
# What is appended to a desk of two lines, and what is said of it.
IN_DESK = [
    ('knowlege = "help"', ":3: desk.knowlege: no such key; did you mean knowledge?"),
    ("confidence = 7", ":3: desk.confidence: expected at most 1, not 7"),
    ('confidence = "high"', ":3: desk.confidence: expected a number, not 'high'"),
    ("name = 5", ":3: desk.name: expected text in quotes, not 5"),
    ('cards = "al"', ":3: desk.cards: expected 'all' or 'people', not 'al'; did you mean all?"),
    ('ticket_emoji = ":ticket:"', ":3: desk.ticket_emoji: expected an emoji's name without colons"),
    ('timezone = "Saigon"', ":3: desk.timezone: no time zone 'Saigon'; did you mean Asia/Saigon"),
    ('admins = ["mai"]', ":3: desk.admins entry 1: expected a person's id such as U0123456789"),
    ("[chanels]", ":3: chanels: no such key; did you mean channels?"),
    (
        f'[[channels]]\nid = "{C}"\n\n[[channels]]\nid = "#orders"',
        ":7: channels entry 2: id: expected a channel's id such as C0123456789",
    ),
    (
        f'[[channels]]\nid = "{C}"\nmode = "Draft"',
        ":5: channels entry 1: mode: expected 'off', 'shadow', 'draft' or 'auto', not 'Draft'; did",
    ),
    (f'[[channels]]\nid = "{C}"\n' * 2, f":3: channels: {C} stands twice, in entry 1 and 2"),
    ('[[channels]]\nid = "C0000000001"', ":3: channels: the agents' channel cannot be watched"),
    (f'[[digests]]\nchannel = "{C}"\n' * 2, f":3: digests: {C} by the day stands twice"),
    ("[[budgets]]\nday = 5\n" * 2, ":3: budgets: desk stands twice, in entry 1 and 2"),
    ("[[budgets]]\nday = -5", ":4: budgets entry 1: day: expected more than 0"),
    ("[[budgets]]\nday = 5\nwarn = 0.95", ":3: budgets entry 1: warn comes before degrade"),
    ('[policy]\ncomplant = "human"', ":4: policy.complant: no intent has this name; did you mean "),
    ('[stream]\nintents = ["shipping"]', ":4: stream.intents: no intent has the name shipping"),
    ('[targets]\nhigh = { respond = "9h", solve = "8h" }', ":4: targets.high: respond is longer"),
    (
        '[targets]\nhigh = { respond = "soon", solve = "8h" }',
        ":4: targets.high.respond: expected a",
    ),
    ("[life]\nremind_days = 9", ":3: life: remind_days (9) comes before close_pending_days (7)"),
    ('[gate]\ndomains = ["example.com/help"]', ":4: gate.domains: expected a host such as example"),
    ('[hours]\nopen = { mon = "9-5" }', ":4: hours.open: expected a span such as 08:30-17:30"),
    ('[bursts]\nseconds = "long"', ":4: bursts.seconds: expected a number, not 'long'"),
    (
        '[nightly]\nsummaries = "often"',
        ":4: nightly.summaries: expected true or false",
    ),
    ("[retention]\nignored_days = 3", ":4: retention.ignored_days: expected 0, which is for ever"),
    ("[retention]\ntickets_days = 3", ":4: retention.tickets_days:"),
    ("[models]\ntriage = 5", ":4: models.triage: expected text in quotes, not 5"),
    ("[desk", ":3: not valid TOML: "),
]
# What is changed in an `.env` of three lines; the fourth line is what is added.
IN_ENV: list[tuple[Mapping[str, str], str]] = [
    ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set: put it in "),
    ({"SLACK_BOT_TOKEN": "xapp-1"}, ":1: SLACK_BOT_TOKEN: expected a bot token"),
    ({"SLACK_APP_TOKEN": "xoxb-1"}, ":2: SLACK_APP_TOKEN: expected an app-level token"),
    ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is not set: put it in "),
    ({"SLACK_HTTP_PORT": "3000"}, "SLACK_SIGNING_SECRET is not set: put it in "),
    (
        {"SLACK_HTTP_PORT": "3000", "SLACK_SIGNING_SECRET": "xapp-1"},
        ":5: SLACK_SIGNING_SECRET: expected a signing secret",
    ),
    ({"SLACK_HTTP_PORT": "70000"}, ":4: SLACK_HTTP_PORT: expected at most 65535"),
    ({"SLACK_BOT_TOKN": "xoxb-1"}, ":4: SLACK_BOT_TOKN: no such setting; did you mean SLACK_BOT_"),
    ({"HTTPS_PROXY": "http://proxy"}, ":4: HTTPS_PROXY: is read from the environment only: set it"),
    ({"TZ": "Asia/Bangkok"}, ":4: TZ: is read from the environment only: set it there"),
    ({"DATABASE_URI": "postgres://db"}, "did you mean DATABASE_URL? If another program reads it, "),
    ({"TRIAGE_TIMEOUT": "40"}, "TRIAGE_TIMEOUT (40 s for one attempt) is longer than TRIAGE_DEAD"),
    ({"ANSWER_DEADLINE": "5"}, "ANSWER_TIMEOUT (60 s for one attempt) is longer than ANSWER_DEAD"),
    ({"TRIAGE_TIMEOUT": "soon"}, ":4: TRIAGE_TIMEOUT: expected a number, not 'soon'"),
    ({"CLAUDE_RETRIES": "2.5"}, ":4: CLAUDE_RETRIES: expected a whole number, not '2.5'"),
    ({"CLAUDE_IN_FLIGHT": "0"}, ":4: CLAUDE_IN_FLIGHT: expected at least 1"),
    ({"LOG_LEVEL": "loud"}, ":4: LOG_LEVEL: expected 'DEBUG', 'INFO', 'WARNING', 'ERROR' or"),
    ({"ANTHROPIC_AUTH": "x_api_key"}, ":4: ANTHROPIC_AUTH: expected 'bearer', 'x-api-key' or"),
    ({"ANTHROPIC_BASE_URL": "https://a/v1/"}, ":4: ANTHROPIC_BASE_URL: leave out the /v1"),
    ({"SLACK_API_URL": "slack.com/api"}, ":4: SLACK_API_URL: expected an address that starts"),
    ({"DATABASE_URL": "mysql://desk"}, "DATABASE_URL: expected sqlite:///deskhand.db"),
    ({"DATABASE_URL": "postgresql://u:p@ss@127.0.0.1/desk"}, "DATABASE_URL: in a name and a pass"),
    ({"DATABASE_URL": "'postgresql://u:p ss@127.0.0.1/desk'"}, "@ is written %40, a blank %20, /"),
    ({"DESK_CONFIG": "nowhere.toml"}, "nowhere.toml: not found"),
]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def written(folder: Path, desk: str, changed: Mapping[str, str]) -> Path:
    """A desk and an `.env` that names it; an empty value leaves a name out."""
    (folder / "desk.toml").write_text(desk, encoding="utf-8")
    values = {**ENV, **changed}
    env = folder / "env"
    lines = [f"{name}={value}\n" for name, value in values.items() if value]
    if "DESK_CONFIG" not in values:
        lines.append(f"DESK_CONFIG={folder / 'desk.toml'}\n")
    if "DATABASE_URL" not in values:
        lines.append(f"DATABASE_URL=sqlite:///{folder}/deskhand.db\n")
    env.write_text("".join(lines), encoding="utf-8")
    return env


@pytest.mark.parametrize(("added", "sentence"), IN_DESK, ids=[each[1] for each in IN_DESK])
def test_a_mistake_in_the_desk_has_its_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], added: str, sentence: str
) -> None:
    """`run` ends with status 2 and says where and what; nothing was made."""
    env = written(tmp_path, f"{DESK}{added}\n", {})

    assert main(["run", "--env", str(env)]) == 2
    assert f"{tmp_path / 'desk.toml'}{sentence}" in capsys.readouterr().err
    assert {each.name for each in tmp_path.iterdir()} == {"desk.toml", "env"}


@pytest.mark.parametrize(("changed", "sentence"), IN_ENV, ids=[each[1] for each in IN_ENV])
def test_a_mistake_in_the_settings_has_its_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changed: Mapping[str, str],
    sentence: str,
) -> None:
    """Likewise; a line of the file where one is at fault."""
    env = written(tmp_path, DESK, changed)

    assert main(["run", "--env", str(env)]) == 2
    told = capsys.readouterr().err
    assert (f"{env}{sentence}" if sentence.startswith(":") else sentence) in told
    assert "Traceback" not in told


def test_what_stands_in_the_environment_has_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes before the file, so the file is not to blame."""
    monkeypatch.setenv("LOG_LEVEL", "loud")
    env = written(tmp_path, DESK, {"LOG_LEVEL": "INFO"})

    assert main(["run", "--env", str(env)]) == 2
    assert capsys.readouterr().err.startswith("LOG_LEVEL: expected 'DEBUG'")


def test_a_file_that_is_shared_with_other_programs_is_read(tmp_path: Path) -> None:
    """As one beside docker compose: their names are passed over, and `check` lists them once."""
    shared = {
        "POSTGRES_PASSWORD": "s3",
        "COMPOSE_PROJECT_NAME": "shop",
        "DATABASE_URI": "postgres://db/shop  # other",
        "TZ": "Asia/Bangkok # other",
    }
    settings = load_settings(written(tmp_path, DESK, shared))

    assert settings.slack_app_token is not None
    assert passed_over(settings) == ["POSTGRES_PASSWORD", "COMPOSE_PROJECT_NAME"]
    (told,) = check_names(settings)
    assert told.sentence.startswith("POSTGRES_PASSWORD, COMPOSE_PROJECT_NAME: not read by the desk")


def test_a_file_of_our_own_is_not_told_of(tmp_path: Path) -> None:
    """Neither its settings nor the secrets that the desk names."""
    env = written(tmp_path, f"{DESK}# SHOP_TOKEN\n", {"SHOP_TOKEN": "s3"})

    assert check_names(load_settings(env)) == []


def test_a_secret_that_the_desk_names_may_stand_there(tmp_path: Path) -> None:
    """Of a tool; what the desk does not name is a mistake."""
    env = written(tmp_path, f"{DESK}# SHOP_TOKEN\n", {"SHOP_TOKEN": "s3"})

    token = load_settings(env).slack_app_token
    assert token is not None
    assert token.get_secret_value() == "xapp-1"


def test_what_people_write_otherwise_is_understood(tmp_path: Path) -> None:
    """Levels in any case, hosts with a scheme or a star, an address without its last slash."""
    domains = ["https://Example.com/", "*.shop.example", "help.example.com"]
    env = written(
        tmp_path,
        f"{DESK}[gate]\ndomains = {domains}\n",
        {"LOG_LEVEL": "warn", "LOG_FORMAT": "JSON", "SLACK_API_URL": "https://slack.com/api"},
    )
    settings = load_settings(env)

    assert (settings.log_level, settings.log_format) == ("WARNING", "json")
    assert settings.slack_api_url == "https://slack.com/api/"
    assert load_desk(settings.desk_config).gate.domains == (
        "example.com",
        "shop.example",
        "help.example.com",
    )
