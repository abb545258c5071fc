"""The money commands, as they are typed."""

from pathlib import Path

import pytest

from bot.app.digests import digest_of
from bot.cli import main
from tests.support.workspace import Workspace

EASY = "How long does delivery take?"


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> Path:
    """An `.env` of a desk without a workspace."""
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nagents_channel = "C0DESK"\n', encoding="utf-8")
    path = tmp_path / ".env"
    path.write_text(
        f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nANTHROPIC_API_KEY=k\n"
        f"DATABASE_URL={database_url}\nDESK_CONFIG={desk}\n",
        encoding="utf-8",
    )
    return path


def test_a_plan_shows_the_mix_beside_each_model(capsys: pytest.CaptureFixture[str]) -> None:
    """The month of docs/money.md."""
    assert main(["plan", "--messages", "50000/day", "--share", "haiku=0.8,sonnet=0.2"]) == 0

    shown = capsys.readouterr().out
    assert "$648.00" in shown
    assert "$324.00" in shown
    assert "the mix saves 76 %" in shown


def test_a_gateways_prices_are_shown_beside_todays(capsys: pytest.CaptureFixture[str]) -> None:
    """Only what its file sells."""
    assert main(["plan", "--prices", "examples/gateway-prices.toml"]) == 0

    gateway = capsys.readouterr().out.split("gateway-prices.toml")[1]
    assert "deepseek-v3.2 alone" in gateway
    assert "opus" not in gateway
    assert "at its list prices the mix is $1,674.00" in gateway


def test_a_price_file_that_is_not_there_is_told_before_anything_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No half of an answer stands above the mistake."""
    assert main(["plan", "--prices", "nowhere.toml"]) == 2

    told = capsys.readouterr()
    assert (told.out, "nowhere.toml: cannot be read" in told.err) == ("", True)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["corrections", "--since", "monday"], "'monday' is no day such as 2026-11-01"),
        (["recost", "--from", "monday"], "'monday' is no day such as 2026-11-01"),
        (["plan", "--cached", "half"], "'half' is no part such as 0.5"),
        (["plan", "--cached", "1/0"], "'1/0' is no part such as 0.5"),
    ],
)
def test_what_is_mistyped_gets_a_sentence(
    typed: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words of the one who typed it, not those of a function."""
    with pytest.raises(SystemExit) as ended:
        main(typed)

    assert ended.value.code == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["--messages", "many"], "is not a number of messages"),
        (["--share", "haiku=0.8"], "must make 1"),
        (["--share", "nobody=1"], "no price is known"),
        (["--cached", "2"], "between 0 and 1"),
    ],
)
def test_a_plan_that_cannot_be_read_gets_a_sentence(
    typed: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, like any wrong setting."""
    assert main(["plan", *typed]) == 2
    assert problem in capsys.readouterr().err


def test_prices_show_what_changed_and_when(
    env: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sonnet's cache reads became cheaper in October."""
    monkeypatch.setenv("COLUMNS", "200")

    assert main(["prices", "--env", str(env)]) == 0
    assert "cache_read 0.20 → 0.10" in capsys.readouterr().out


def test_an_empty_ledger_is_no_plan_and_a_quiet_digest(
    env: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was measured, nothing happened, nothing is to be counted again."""
    assert main(["plan", "--from-ledger", "--env", str(env)]) == 2
    assert "no call in the last 30 days" in capsys.readouterr().err
    assert main(["digest", "--period", "month", "--env", str(env)]) == 0
    assert "Nothing happened" in capsys.readouterr().out
    assert main(["recost", "--from", "2026-11-01", "--to", "2026-11-02", "--env", str(env)]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert main(["digest", "--period", "soon", "--env", str(env)]) == 2
    assert "is no period" in capsys.readouterr().err


async def test_a_digest_posted_by_hand_stands_in_the_channel_once(place: Workspace) -> None:
    """Typed twice beside the running bot: the second time it says where it stands."""
    await place.start()
    await place.hears(place.linh, EASY)
    settings = place.configure()

    posted = [
        (await digest_of(settings, place.running.desk, "today", post=True))[1] for _ in range(2)
    ]

    assert posted[0] == posted[1]
    digests = [m for m in place.slack.messages(place.agents) if m.text.startswith("Digest")]
    assert [m.ts for m in digests] == list(posted[0].values())
