"""`.env` and `desk.toml`: what they may say, and the sentence for what they may not."""

import re
from pathlib import Path

import pytest

from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import Settings, SettingsError
from bot.config.settings_file import load_settings
from tests.support.workspace import ROOT

SHORTEST = '[desk]\nagents_channel = "C0000000001"\n'


def read(folder: Path, text: str) -> Desk:
    path = folder / "desk.toml"
    path.write_text(text, encoding="utf-8")
    return load_desk(path)


def test_the_shortest_desk_has_sensible_defaults(tmp_path: Path) -> None:
    """Two lines are a desk: six intents, three models, every channel it was invited to."""
    desk = read(tmp_path, SHORTEST)

    assert [intent.name for intent in desk.intents] == [
        "cancel_order",
        "track_shipping",
        "refund_request",
        "product_inquiry",
        "complaint",
        "other",
    ]
    assert dict(desk.models) == {
        "triage": "claude-haiku-5-5",
        "simple": "claude-haiku-5-5",
        "complex": "claude-sonnet-5-5",
        "creative": "claude-opus-5-5",
    }
    assert (desk.mode("C0000000002"), desk.mode("C0000000001")) == ("auto", "off")
    assert desk.desk.knowledge == (tmp_path / "knowledge",)
    assert (desk.rule("complaint"), desk.rule("other")) == ("human", "answer")


def test_own_intents_replace_the_six_and_their_policy(tmp_path: Path) -> None:
    """A rule about an intent that is gone would be a mistake."""
    desk = read(
        tmp_path,
        SHORTEST
        + '[[intents]]\nname = "a"\ndescription = "A"\n'
        + '[[intents]]\nname = "b"\ndescription = "B"\n',
    )

    assert [intent.name for intent in desk.intents] == ["a", "b"]
    assert desk.policy == {}


@pytest.mark.parametrize(
    ("channel", "called", "mode"),
    [
        ("C0000000002", False, "draft"),
        ("C0000000002", True, "draft"),
        ("C0000000003", False, "off"),
        ("C0000000003", True, "off"),
        ("C0000000009", False, "off"),
        ("C0000000009", True, "auto"),
        ("C0000000001", True, "off"),
    ],
)
def test_a_list_of_channels_is_the_whole_list(
    tmp_path: Path, channel: str, called: bool, mode: str
) -> None:
    """Outside it the bot speaks only when it is called, and never in the agents' channel."""
    desk = read(
        tmp_path,
        SHORTEST + '[[channels]]\nid = "C0000000002"\nmode = "draft"\n'
        '[[channels]]\nid = "C0000000003"\nmode = "off"\n',
    )

    assert desk.mode(channel, called=called) == mode


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "desk.agents_channel: is missing"),
        ("[desk", "not valid TOML"),
        ('desk = "x"', "desk: "),
        ('[desk]\nagents_channel = "#desk"', "desk.agents_channel: "),
        ("[desk]\nagents_channel = 5", "desk.agents_channel: "),
        (SHORTEST + 'colour = "red"', "desk.colour: no such key"),
        (SHORTEST + "confidence = 2", "desk.confidence: "),
        (SHORTEST + "knowledge = 5", "desk.knowledge: "),
        (SHORTEST + 'timezone = "Mars/Phobos"', "desk.timezone: no time zone 'Mars/Phobos'"),
        (SHORTEST + '[hours]\nzone = "Mars/Phobos"', "hours.zone: no time zone 'Mars/Phobos'"),
        (
            SHORTEST + '[[digests]]\nchannel = "C0000000002"\ncron = "at eight"',
            "digests entry 1: cron: expected a cron line",
        ),
        (
            SHORTEST + '[[digests]]\nchannel = "C0000000002"\ncron = "0 8 31 2 *"',
            "cron: expected a cron line such as 0 8 * * 1-5: '0 8 31 2 *' never comes",
        ),
        (SHORTEST + "[colours]\nred = 1", "colours: no such key"),
        (SHORTEST + '[models]\nsmall = "x"', "models.small: no such key"),
        (SHORTEST + '[policy]\nboats = "human"', "policy.boats: no intent has this name"),
        (SHORTEST + '[policy]\ncomplaint = "maybe"', "policy.complaint: "),
        (SHORTEST + '[[channels]]\nid = "C0000000002"\nmode = "loud"', "channels entry 1: mode: "),
        (SHORTEST + '[[channels]]\nmode = "auto"', "channels entry 1: id: is missing"),
        (SHORTEST + '[[channels]]\nid = "C0000000001"', "the agents' channel cannot be watched"),
        (SHORTEST + '[[intents]]\nname = "a"\ndescription = "A"', "intents: "),
        (
            SHORTEST + '[[intents]]\nname = "a"\ndescription = "A"\n' * 2,
            "intents: each name may stand only once",
        ),
        (
            SHORTEST + '[[intents]]\nname = "A b"\ndescription = "A"\n' * 2,
            "intents entry 1: name: ",
        ),
    ],
)
def test_a_mistake_in_the_desk_names_its_key(tmp_path: Path, text: str, sentence: str) -> None:
    """The file, the key, and what was expected."""
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)

    assert sentence in str(refused.value)
    assert str(tmp_path / "desk.toml") in str(refused.value)


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One line each."""
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, SHORTEST + 'confidence = 2\ncolour = "red"\n')

    assert len(str(refused.value).splitlines()) == 2


def test_the_desk_that_comes_with_deskhand_can_be_read() -> None:
    """`desk.toml` and the examples in it name keys that exist."""
    shipped = (ROOT / "desk.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^#(?=\[|\w+ = )", "", shipped, flags=re.MULTILINE)

    assert load_desk(ROOT / "desk.toml").desk.agents_channel == "C0000000001"
    assert "[policy]\ncomplaint" in uncommented


def test_every_example_in_the_shipped_desk_is_valid(tmp_path: Path) -> None:
    """Taking the comment signs away leaves a desk that can be read."""
    shipped = (ROOT / "desk.toml").read_text(encoding="utf-8")
    text = re.sub(r"^#(?=\[|\w+ = )", "", shipped, flags=re.MULTILINE)
    for name in ("complaint", "refund_request", "track_shipping", "product_inquiry"):
        text += f'\n[[intents]]\nname = "{name}"\ndescription = "A"\n'

    desk = read(tmp_path, text)

    assert desk.channels[0].id == "C0000000002"
    assert desk.policy == {"complaint": "human", "refund_request": "draft"}
    assert desk.streams("track_shipping")
    assert not desk.streams("refund_request")


def test_every_setting_stands_in_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env.example` names each setting, invents none, and shows the defaults as they are."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(\S*)", text, flags=re.MULTILINE))

    assert set(named) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if not field.is_required():
            default = "" if field.default is None else str(field.default)
            assert named[name.upper()] == default


def test_a_filled_in_example_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment goes before the file, and empty values count as unset."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    env = tmp_path / ".env"
    env.write_text(
        "SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nANTHROPIC_API_KEY=sk\n"
        "TRIAGE_TIMEOUT=5\nLOG_LEVEL=\n"
    )
    monkeypatch.setenv("ANSWER_TIMEOUT", "7")

    settings = load_settings(env)

    assert (settings.triage_timeout, settings.answer_timeout) == (5, 7)
    assert (settings.log_level, settings.claude_in_flight) == ("INFO", 20)
    assert "xoxb-1" not in repr(settings)


def test_every_missing_secret_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to run it three times to learn of three things."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "none")

    assert str(refused.value).splitlines() == [
        f"{name} is not set: put it in {tmp_path / 'none'} or the environment"
        for name in ("ANTHROPIC_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    ]
