"""What people really write wrong in `desk.toml` and `.env`, and the sentence for it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config.desk_file import load_desk
from bot.config.environment import secrets_of
from bot.config.settings import Settings, SettingsError
from bot.config.settings_file import load_settings

DESK = '[desk]\nagents_channel = "C0000000001"\n'
ENTRY = '[[channels]]\nid = "C0000000002"\n'
DIGEST = '[[digests]]\nchannel = "C0000000002"\n'
IN_DESK = [
    # TOML itself
    (
        "[desk]\nagents_channel = C0000000001",
        ":2: not valid TOML: Invalid value: text stands in quo",
    ),
    (
        '[desk]\nname = "x\nabout = "y"',
        ":2: not valid TOML: Illegal character '\\n': a quote is not",
    ),
    (f"{DESK}confidence = 0,6", ":3: not valid TOML: Expected newline or end of document after a"),
    (f"{DESK}[desk]", ":3: not valid TOML: Cannot declare [desk] twice: a table stands twice: pu"),
    (
        f"{DESK}name = 'a'\nname = 'b'",
        ":4: not valid TOML: Cannot overwrite a value: this stands tw",
    ),
    (
        f"{DESK}{ENTRY}mode = on",
        ":5: not valid TOML: Invalid value: text stands in quotes, and true",
    ),
    (
        f"{DESK}[hours]\nholidays = [2026-13-25]",
        ":4: not valid TOML: Unclosed array: a [ is not clos",
    ),
    ("desk", ": not valid TOML: Expected '=' after a key in a key/value pair: a line is a [table]"),
    # A key in the wrong place
    ('agents_channel = "C0000000001"', ":1: agents_channel: no such key; it stands under [desk]"),
    (
        f"{DESK}channels = ['C0000000002']",
        ":3: desk.channels: no such key; it stands at the top, as",
    ),
    (
        f"{DESK}[channels]\nid = 'C0000000002'",
        ":3: channels: expected a list of tables, each under [[",
    ),
    (
        f"{DESK}{ENTRY}name = 'orders'",
        ":5: channels entry 1: name: no such key; there are id, mode,",
    ),
    (
        f"{DESK}[models]\ncheap = 'x'",
        ":4: models.cheap: no such key; there are triage, simple, complex",
    ),
    (f"{DESK}[[channel]]\nid = 'C0000000002'", ":3: channel: no such key; did you mean channels?"),
    (DESK.replace("desk]", "Desk]"), ":1: Desk: no such key; did you mean desk?"),
    # A value of another kind
    (
        "[desk]\nagents_channel = '#desk'",
        ":2: desk.agents_channel: expected a channel's id such as C",
    ),
    ("[desk]\nagents_channel = ['C01']", ":2: desk.agents_channel: expected text in quotes"),
    (
        f"{DESK}admins = 'U0000000001'",
        ":3: desk.admins: expected a list, such as [ … ], not 'U0000000001'",
    ),
    (
        f"{DESK}agents = 'everyone'",
        ':3: desk.agents: expected "channel", a user group (S0123456789) or',
    ),
    (
        f"{DESK}{ENTRY}mode = true",
        ":5: channels entry 1: mode: expected 'off', 'shadow', 'draft' or",
    ),
    (
        f"{DESK}{ENTRY}requests_from = ['Zapier']",
        ":5: channels entry 1: requests_from: expected apps",
    ),
    (
        f"{DESK}[hours]\nopen = {{ monday = '9:00-17:00' }}",
        ":4: hours.open.monday: expected 'mon', 'tu",
    ),
    (
        f"{DESK}[hours]\nopen = {{ mon = '17:00-9:00' }}",
        ":4: hours.open: '17:00-9:00' ends before it b",
    ),
    (
        f"{DESK}[hours]\nholidays = ['25.12.2026']",
        ":4: hours.holidays entry 1: expected a day such as",
    ),
    (f"{DESK}[targets]\nhigh = '2h'", ":4: targets.high: expected a table, not '2h'"),
    (
        f"{DESK}[targets]\nhigh = {{ respond = '0m', solve = '8h' }}",
        "high.respond: expected more than 0m",
    ),
    (
        f"{DESK}[[budgets]]\nday = '20 USD'",
        ":4: budgets entry 1: day: expected dollars, such as 12.50",
    ),
    (
        f"{DESK}{DIGEST}cron = '8:00'",
        ":5: digests entry 1: cron: expected a cron line such as 0 8 * *",
    ),
    (
        f"{DESK}{DIGEST}period = 'weekly'",
        "period: expected 'day', 'week' or 'month', not 'weekly'; did yo",
    ),
    (f"{DESK}[agent]\ndescription = ''", ":4: agent.description: expected some text"),
    (
        f"{DESK}[[sources]]\nsite = 'help.example.com'",
        ":4: sources entry 1: site: expected an address",
    ),
    (
        f"{DESK}[tools.'Order 1']\nget = 'x'",
        ":3: tools.Order 1: expected a short name such as cancel_o",
    ),
]
IN_ENV: list[tuple[Mapping[str, str], str]] = [
    ({"SLACK_BOT_TOKEN": "Bearer xoxb-1"}, ":1: SLACK_BOT_TOKEN: holds a space or a sign"),
    ({"SLACK_BOT_TOKEN": "xoxp-1"}, ":1: SLACK_BOT_TOKEN: expected a bot token"),
    (
        {"SLACK_APP_TOKEN": "xapp-1 xapp-2"},
        ":2: SLACK_APP_TOKEN: holds a space or a sign that none",
    ),
    ({"SLACK_APP_TOKEN": "xapp-…"}, ":2: SLACK_APP_TOKEN: is a sample still: put your own here"),
    (
        {"ANTHROPIC_API_KEY": "sk-ant-“1”"},
        ":3: ANTHROPIC_API_KEY: holds a space or a sign that none",
    ),
    (
        {"ANTHROPIC_API_KEY": "xoxb-1"},
        ":3: ANTHROPIC_API_KEY: expected a key of the Claude API, and",
    ),
    ({"SLACK_PACE": "1,5"}, ":4: SLACK_PACE: expected a number, not '1,5'"),
    (
        {"ANTHROPIC_BASE_URL": "api.anthropic.com"},
        ":4: ANTHROPIC_BASE_URL: expected an address that",
    ),
    ({"ANSWER_TIMEOUT": "0"}, ":4: ANSWER_TIMEOUT: expected more than 0"),
    ({"SLACK_HTTP_PORT": "3000"}, "SLACK_SIGNING_SECRET is not set: put it in "),
]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def env_of(folder: Path, **changed: str) -> Path:
    values = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "ANTHROPIC_API_KEY": "sk-1"}
    env = folder / "env"
    lines = [f"{name}={value}\n" for name, value in {**values, **changed}.items()]
    env.write_text("".join(lines), encoding="utf-8")
    return env


@pytest.mark.parametrize(("written", "sentence"), IN_DESK, ids=[each[1] for each in IN_DESK])
def test_a_desk_that_is_wrong_is_told_how_to_be_right(
    tmp_path: Path, written: str, sentence: str
) -> None:
    """With the file and, where there is one, the line; Python's own words stand nowhere."""
    desk = tmp_path / "desk.toml"
    desk.write_text(f"{written}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_desk(desk)

    assert sentence in str(refused.value)
    assert str(desk) in str(refused.value)
    assert "datetime" not in str(refused.value)


@pytest.mark.parametrize(("changed", "sentence"), IN_ENV, ids=[each[1] for each in IN_ENV])
def test_settings_that_are_wrong_are_told_how_to_be_right(
    tmp_path: Path, changed: Mapping[str, str], sentence: str
) -> None:
    """And a secret is never part of the sentence."""
    with pytest.raises(SettingsError) as refused:
        load_settings(env_of(tmp_path, **changed))

    assert sentence in str(refused.value)
    secrets = [value for name, value in changed.items() if name.endswith(("TOKEN", "KEY"))]
    assert not [each for each in secrets if each in str(refused.value)]


def test_what_follows_from_a_mistake_is_not_told_as_another(tmp_path: Path) -> None:
    """Hours in the desk's own zone, and a list whose entries are the ones that are wrong."""
    desk = tmp_path / "desk.toml"
    told = []
    for wrong in ('timezone = "GMT+7"', '[[intents]]\nname = "B b"\ndescription = "x"'):
        desk.write_text(f"{DESK}{wrong}\n")
        with pytest.raises(SettingsError) as refused:
            load_desk(desk)
        told.append(str(refused.value).splitlines())

    assert [len(each) for each in told] == [1, 1]
    assert "desk.timezone: no time zone 'GMT+7'" in told[0][0]
    assert "intents entry 1: name: expected a short name" in told[1][0]


@pytest.mark.parametrize("begins", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_files_of_other_editors_are_read(tmp_path: Path, begins: bytes, ends: str) -> None:
    """Those of Windows begin with a mark, or end their lines in another way."""
    desk, env = tmp_path / "desk.toml", env_of(tmp_path, SHOP_TOKEN="s3")
    desk.write_bytes(begins + DESK.replace("\n", ends).encode())
    env.write_bytes(begins + env.read_bytes().replace(b"\n", ends.encode()))

    assert load_desk(desk).desk.agents_channel == "C0000000001"
    assert load_settings(env).slack_bot_token.get_secret_value() == "xoxb-1"
    assert secrets_of(["SLACK_BOT_TOKEN"], env) == {"SLACK_BOT_TOKEN": "xoxb-1"}


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Not what a byte is, but what to do."""
    desk = tmp_path / "desk.toml"
    desk.write_bytes(f'{DESK}name = "Hỗ trợ"\n'.encode("utf-16"))
    with pytest.raises(SettingsError, match=r"desk\.toml: is UTF-16: save it as UTF-8 text"):
        load_desk(desk)
