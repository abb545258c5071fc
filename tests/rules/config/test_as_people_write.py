"""Files as people really write them: copied, in another notation, in the wrong place."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config.desk_file import load_desk
from bot.config.settings import Settings, SettingsError
from bot.config.settings_file import load_settings
from bot.config.time_zones import zone_named

DESK = '[desk]\nagents_channel = "C0000000001"\n'
ENV = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "ANTHROPIC_API_KEY": "sk-1"}
# What stands behind a desk of two lines, or a whole file where it begins with a line of its own.
IN_DESK = [
    # Copied from a page, a mail or another kind of file
    ("name = “Shop”", ":3: not valid TOML: Invalid value: its quotes are typographic ones"),
    ("\u00a0name = 'x'", ":3: not valid TOML: Invalid statement: one of its blanks is none"),
    ("<<<<<<< HEAD", ":3: not valid TOML: Invalid statement: a merge was left unfinished here"),
    ("; a remark", ":3: not valid TOML: Invalid statement: a remark begins with #"),
    ('{"name": "x"}', ":3: not valid TOML: Invalid statement: this looks like JSON"),
    ("export name = 'x'", "key/value pair: export is the shell's word: leave it out"),
    ("name: 'x'", "key/value pair: a key and its value are joined by =, not by :"),
    ("größe = 5", "key/value pair: a key has the letters a-z, digits, _ and - only"),
    ("tên = 'x'", "key/value pair: a key has the letters a-z, digits, _ and - only"),
    ("knowledge = #articles", "Invalid value: what follows a # is a remark: text stands in quotes"),
    (
        'knowledge = "C:\\articles"',
        "in double quotes a backslash is written twice; in single quotes",
    ),
    ("confidence = .6", ":3: not valid TOML: Invalid value: a number begins with a digit: 0.6"),
    ('about = """x', ": not valid TOML: Unterminated string: a text in three quotes is not closed"),
    (f"x = {'[' * 2_000}{']' * 2_000}", "desk.toml: its brackets are nested too deeply"),
    (f"x = {'9' * 5_000}", "desk.toml: not valid TOML: Exceeds the limit (4300 digits)"),
    ("name := 'x'", "a key/value pair: a key and its value are joined by one ="),
    ("name == 'x'", "Invalid value: a key and its value are joined by one ="),
    ("name = 'x' // mine", "after a statement: a remark begins with #"),
    ("name = 'x';", "after a statement: behind a value stands nothing, neither ; nor a comma"),
    ("name = 'Linh's shop'", "a ' within the text ends it: put the text in double quotes"),
    ('name = "the "best" shop"', "a quote within the text ends it: put the text in single quotes"),
    ("name = 'a\u0007b'", "'\\x07': a sign that is not seen stands there: type the text anew"),
    ('[targets]\nlow = { respond = "1h",\nsolve = "2h" }', "a table in { } stands on one line"),
    ('[targets]\nlow = { respond = "1h", solve = "2h", }', "before a } stands no comma"),
    ("😀 = 1", "Invalid statement: a key has the letters a-z, digits, _ and - only"),
    # Ids of other things, and ids with what stood around them
    ('[[channels]]\nid = "U0000000002"', "not 'U0000000002': this is the id of a person"),
    ('[[channels]]\nid = "S0000000002"', "not 'S0000000002': this is the id of a group of people"),
    ('admins = ["C0000000001"]', "not 'C0000000001': this is the id of a channel"),
    ('admins = ["<@U0000000001>"]', "not '<@U0000000001>'; did you mean U0000000001?"),
    ('[[channels]]\nid = "#C0000000002"', "not '#C0000000002'; did you mean C0000000002?"),
    ('[[channels]]\nid = "c0000000002"', "not 'c0000000002'; did you mean C0000000002?"),
    (
        '[[channels]]\nid = "https://shop.slack.com/archives/C0000000002"',
        "archives/C0000000002'; did you mean C0000000002?",
    ),
    ('[[channels]]\nid = "department-2"', "which is not its name, not 'department-2'"),
    # Time zones, hours and days
    ('timezone = "asia/bangkok"', "no time zone 'asia/bangkok'; did you mean Asia/Bangkok?"),
    ('timezone = "Berlin"', "no time zone 'Berlin'; did you mean Europe/Berlin?"),
    ('timezone = "GMT+7"', "no time zone 'GMT+7': an offset knows no summer time"),
    ('timezone = ""', "no time zone ''; one is named like Asia/Bangkok, or UTC"),
    ("timezone = 7", ":3: desk.timezone: expected text in quotes, not 7"),
    ('[hours]\nopen = { monday = "8:00-9:00" }', "not 'monday'; did you mean mon?"),
    (
        "[hours]\nopen = { mon = 08:30:00 }",
        "hours.open.mon: expected a list, such as [ … ], not 08",
    ),
    (
        '[targets]\nlow = { respond = "1d", solve = "2d" }',
        "expected a time such as 30m or 8h, not '1d'",
    ),
    (
        '[targets]\nlow = { respond = "1h", solve = "99999h" }',
        "expected at most 8760h, not '99999h'",
    ),
    # Numbers that are none, too large, or at odds with each other
    ("confidence = true", ":3: desk.confidence: expected a number, not true"),
    ("confidence = nan", ":3: desk.confidence: expected a number, not nan"),
    ("[bursts]\nseconds = inf", ":4: bursts.seconds: expected a number, not inf"),
    ("[[budgets]]\nday = inf", "day: expected at most 1,000,000,000 dollars, not inf"),
    ("[[budgets]]\nday = nan", "day: expected dollars, such as 12.50, not nan"),
    ("[[budgets]]\nday = 50\nmonth = 5", "day is more than month: it would never be reached"),
    # Paths
    ('knowledge = ""', "desk.knowledge entry 1: expected a path, not ''"),
    (
        'knowledge = "https://x.example"',
        "entry 1: expected a folder or a file here, not the address",
    ),
    ("knowledge = [5]", "desk.knowledge entry 1: expected a path in quotes, not 5"),
    ('prices = ["a\\u0000"]', "desk.prices entry 1: expected a path, not 'a\\x00'"),
    # In the wrong place
    ('slack_bot_token = "xoxb-1"', "no such key; it belongs in .env, as SLACK_BOT_TOKEN=…"),
    ('[models]\nsimple = ""', ":4: models.simple: expected some text"),
]
IN_ENV: list[tuple[Mapping[str, str], str]] = [
    ({"SLACK_BOT_TOKEN": "xapp-1"}, "and this is an app-level token, which belongs in SLACK_APP_T"),
    ({"SLACK_BOT_TOKEN": "xoxp-1"}, "and this is a token of Slack's of another kind"),
    ({"SLACK_BOT_TOKEN": "xoxb-1;"}, ":1: SLACK_BOT_TOKEN: holds a space or a sign that none has"),
    ({"SLACK_BOT_TOKEN": "xoxb-1,"}, ":1: SLACK_BOT_TOKEN: holds a space or a sign that none has"),
    ({"SLACK_BOT_TOKEN": "xoxb-1\\n"}, ":1: SLACK_BOT_TOKEN: holds a space or a sign that none"),
    ({"SLACK_BOT_TOKEN": "`xoxb-1`"}, ":1: SLACK_BOT_TOKEN: holds a space or a sign that none has"),
    (
        {"ANTHROPIC_API_KEY": "sk-ant-1;"},
        ":3: ANTHROPIC_API_KEY: holds a space or a sign that none",
    ),
    (
        {"ANTHROPIC_API_KEY": "sk-ant-admin01-1"},
        ":3: ANTHROPIC_API_KEY: expected a key that may call models, and this is one for admins",
    ),
    (
        {"DESK_CONFIG": '"C:\\desk\\new.toml"'},
        "in double quotes a backslash is written twice; in single quotes once",
    ),
    ({"OPS_PORT": "3001", "API_PORT": "3001"}, "OPS_PORT and API_PORT are both 3001: take two"),
    ({"SLACK_APP_TOKEN": "xoxb-1"}, "and this is a bot token, which belongs in SLACK_BOT_TOKEN"),
    ({"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "and this is one of a rotation of tokens: turn that off"),
    ({"SLACK_APP_TOKEN": "0" * 32}, "this is a signing secret, which belongs in SLACK_SIGNING_SEC"),
    ({"SLACK_BOT_TOKEN": "xoxb-..."}, ":1: SLACK_BOT_TOKEN: is a sample still: put your own here"),
    ({"ANTHROPIC_API_KEY": "<your key>"}, ":3: ANTHROPIC_API_KEY: is a sample still"),
    ({"ANTHROPIC_API_KEY": "sk-1#old"}, ":3: ANTHROPIC_API_KEY: holds a space or a sign"),
    ({"SLACK_HTTP_PORT": "xoxb-9"}, ":4: SLACK_HTTP_PORT: expected a whole number, not what looks"),
    ({"LOG_LEVEL": "sk-ant-9"}, "'ERROR' or 'CRITICAL', not what looks like a secret"),
    (
        {"SLACK_API_URL": "https://slack.com/api /"},
        "expected an address such as https://example.com",
    ),
    (
        {"SLACK_API_URL": "https://shop.slack.com"},
        "Slack's own is https://slack.com/api/, which",
    ),
    ({"ANTHROPIC_BASE_URL": "https://"}, "expected an address such as https://example.com/"),
    ({"ANTHROPIC_BASE_URL": "http://a:99999"}, "expected an address such as https://example.com/"),
    (
        {"ANTHROPIC_BASE_URL": "http://[::1"},
        "expected an address such as https://example.com/, not",
    ),
    ({"ANTHROPIC_BASE_URL": "https://a/v1/messages"}, "leave out the /v1 at its end"),
    ({"OPS_HOST": "http://localhost"}, ":4: OPS_HOST: expected a host alone, such as 127.0.0.1"),
    ({"SLACK_PATIENCE": "inf"}, ":4: SLACK_PATIENCE: expected a number, not 'inf'"),
    ({"SLACK_PATIENCE": "1e300"}, ":4: SLACK_PATIENCE: expected at most 604800, not '1e300'"),
    (
        {"ANTHROPIC_API_KEY": "", "CLAUDE_API_KEY": "sk-1"},
        "env has CLAUDE_API_KEY, which the desk do",
    ),
    (
        {"SLACK_HTTP_PORT": "3000", "SLACK_SIGNING_SECRET": "0" * 32, "OPS_PORT": "3000"},
        "OPS_PORT and SLACK_HTTP_PORT are both 3000: take two",
    ),
]
# Whole lines that are added to an `.env` of three.
LINES = [
    ("SLACK_BOT_TOKEN=xoxb-2", ":4: SLACK_BOT_TOKEN: stands in line 1 already: keep one"),
    ("LOG_LEVEL", ":4: LOG_LEVEL: expected LOG_LEVEL=value"),
    ('LOG_LEVEL="INFO', ":4: expected NAME=value: a quote is not closed"),
    ("LOG_LEVEL: INFO", ":4: expected NAME=value: a name and its value are joined by =, not by :"),
    ("set LOG_LEVEL=INFO", ":4: expected NAME=value: leave out what stands before the name"),
    ("// remark here", ":4: expected NAME=value: a remark begins with #"),
    ("<<<<<<< HEAD of it", ":4: expected NAME=value: a merge was left unfinished here"),
    ('{"LOG_LEVEL": "INFO"}', ":4: expected NAME=value: this looks like JSON"),
]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def desk_of(folder: Path, added: str) -> Path:
    desk = folder / "desk.toml"
    desk.write_text(f"{DESK}{added}\n", encoding="utf-8")
    return desk


def env_of(folder: Path, changed: Mapping[str, str], *lines: str) -> Path:
    env = folder / "env"
    values = {name: value for name, value in {**ENV, **changed}.items() if value}
    named = [f"{name}={value}" for name, value in values.items()]
    env.write_text("\n".join([*named, *lines, ""]), encoding="utf-8")
    return env


@pytest.mark.parametrize(("added", "sentence"), IN_DESK, ids=range(len(IN_DESK)))
def test_a_desk_as_people_write_it_is_told_what_is_wrong(
    tmp_path: Path, added: str, sentence: str
) -> None:
    """In a sentence of ours, whatever it is; one mistake is one line."""
    with pytest.raises(SettingsError) as refused:
        load_desk(desk_of(tmp_path, added))

    assert sentence in str(refused.value)
    if "1d" not in added:
        assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(("changed", "sentence"), IN_ENV, ids=range(len(IN_ENV)))
def test_settings_as_people_write_them_are_told_what_is_wrong(
    tmp_path: Path, changed: Mapping[str, str], sentence: str
) -> None:
    """And no secret is part of a sentence, also where it stands in the place of something else."""
    with pytest.raises(SettingsError) as refused:
        load_settings(env_of(tmp_path, changed))

    assert sentence in str(refused.value)
    secrets = [each for each in changed.values() if each.startswith(("xox", "xapp", "sk-", "000"))]
    assert not [each for each in secrets if each in str(refused.value)]


@pytest.mark.parametrize(("line", "sentence"), LINES, ids=range(len(LINES)))
def test_a_line_of_settings_is_told_what_is_wrong(
    tmp_path: Path, line: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By us, and not by the library that read it."""
    with pytest.raises(SettingsError) as refused:
        load_settings(env_of(tmp_path, {}, line))

    assert sentence in str(refused.value)
    assert not caplog.records


def test_the_line_of_a_letter_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Of both files alike."""
    for file, load in ((tmp_path / "desk.toml", load_desk), (tmp_path / "env", load_settings)):
        file.write_bytes(b"# one\n# H\xe4ndler\n")
        with pytest.raises(SettingsError, match=r":2: is no UTF-8: save it as UTF-8 text"):
            load(file)


def test_agents_are_not_those_of_a_direct_message(tmp_path: Path) -> None:
    """It is a channel whose members are the agents."""
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nagents_channel = "D0000000001"\n')
    with pytest.raises(SettingsError, match=r":2: .* this is the id of a direct message"):
        load_desk(desk)


def test_text_of_two_bytes_a_sign_is_told_also_without_its_mark(tmp_path: Path) -> None:
    """As some shells write it."""
    for file, load in ((tmp_path / "desk.toml", load_desk), (tmp_path / "env", load_settings)):
        file.write_bytes("LOG_LEVEL = 'INFO'\n".encode("utf-16-le"))
        with pytest.raises(SettingsError, match=r": is UTF-16: save it as UTF-8 text"):
            load(file)


def test_lines_may_end_as_on_any_machine(tmp_path: Path) -> None:
    """With CR and LF, with CR alone, behind a mark, between tabs."""
    file = tmp_path / "desk.toml"
    for end, mark in (("\r\n", b""), ("\r", b""), ("\n", b"\xef\xbb\xbf")):
        text = f"[desk]{end}\tagents_channel\t=\t'C0000000001'{end}"
        file.write_bytes(mark + text.encode())
        assert load_desk(file).desk.agents_channel == "C0000000001"
        env = tmp_path / "env"
        env.write_bytes(mark + f"{end}".join(f"{k}={v}" for k, v in ENV.items()).encode())
        assert load_settings(env).anthropic_api_key.get_secret_value() == "sk-1"


def test_the_home_folder_may_stand_for_itself(tmp_path: Path) -> None:
    """A shell would have put it there; nobody does in a file."""
    settings = load_settings(env_of(tmp_path, {"DESK_CONFIG": "~/desk.toml"}))

    assert settings.desk_config == Path.home() / "desk.toml"


def test_other_notations_of_the_same_are_taken(tmp_path: Path) -> None:
    """Hours as they are written in Vietnam and in Germany, words in any case, a home folder."""
    spans = '{ mon = "08h30-17h30", tue = "8.30–17.30", wed = "08:30 — 17:30" }'
    desk = load_desk(desk_of(tmp_path, f'knowledge = "~/articles"\n[hours]\nopen = {spans}'))
    changed = {"LOG_LEVEL": "'Warn '", "ANTHROPIC_AUTH": "Bearer", "PROCESSORS": "ALL"}
    settings = load_settings(env_of(tmp_path, changed, "SLACK_BOT_TOKEN=xoxb-1"))

    assert len({*desk.hours.hours.week.values()}) == 1
    assert desk.desk.knowledge == (Path.home() / "articles",)
    assert (settings.log_level, settings.anthropic_auth, settings.processors) == (
        "WARNING",
        "bearer",
        "all",
    )


def test_a_city_that_is_none_is_not_taken_for_another() -> None:
    """Hanoi has no zone of its own, and Shanghai's is not its."""
    with pytest.raises(ValueError, match="'Asia/Hanoi'; one is named like Asia/Bangkok"):
        zone_named("Asia/Hanoi")
    with pytest.raises(ValueError, match=r"did you mean Asia/Bangkok\?"):
        zone_named("Asia/Bankok")
