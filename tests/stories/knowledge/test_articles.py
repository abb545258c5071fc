"""The desk's own articles: changed while the bot runs, and never shown to whom they are not for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.checks.articles import check_articles
from bot.cli import main
from bot.knowledge.shelf_words import EMPTY
from bot.messages.outcomes import NO_ARTICLE
from bot.reports.periods import period_named
from bot.reports.wording import key_figures
from storage.db.database import Session
from storage.nightly.article_drafts import ArticleDraft
from storage.tickets.tables import Decision, Message, Ticket
from tests.support.questions import DELIVERY, WILL_COME
from tests.support.website import local_website
from tests.support.workspace import ROOT, Workspace, workspace

PUBLIC = "# Umbrellas\n\nOur umbrellas are mended by hand.\n"
HIDDEN = f"---\naudience: agents\n---\n{PUBLIC}"
DAMAGED = "the file is damaged, or not what its name says"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
QUESTION = "Are umbrellas mended by hand?"


async def test_an_article_is_heeded_while_the_bot_runs_and_hidden_when_it_says_so(
    place: Workspace, tmp_path: Path
) -> None:
    """A file that comes is answered from; marked for agents, not even the model sees it."""
    shelf = tmp_path / "more"
    shelf.mkdir()
    place.more = (shelf,)
    await place.start()

    before = await place.hears(place.linh, QUESTION)
    (shelf / "umbrellas.md").write_text(PUBLIC, encoding="utf-8")
    await place.strikes("knowledge", NOON)
    shown = await place.hears(place.linh, QUESTION)
    (shelf / "umbrellas.md").write_text(HIDDEN, encoding="utf-8")
    await place.strikes("knowledge", NOON + timedelta(minutes=1))
    asked = len(place.claude.calls)
    hidden = await place.hears(place.linh, QUESTION)

    assert WILL_COME in place.replies(before)[0]
    decision = await place.decision(shown)
    assert decision is not None
    assert [source["source"] for source in decision.sources] == ["more/umbrellas.md"]
    assert WILL_COME in place.replies(hidden)[0]
    assert "umbrellas are mended by" not in str([call.body for call in place.claude.calls[asked:]])


async def test_agents_hear_what_was_taken_from_customers_and_what_cannot_be_read(
    place: Workspace, tmp_path: Path
) -> None:
    """Once each, with the file and the reason; an alarm stands until the file is right again."""
    shelf = tmp_path / "more"
    shelf.mkdir()
    place.more = (shelf,)
    (shelf / "umbrellas.md").write_text(PUBLIC, encoding="utf-8")
    (shelf / "fans.md").write_text("# Fans\n\nFans are oiled by hand.\n", encoding="utf-8")
    await place.start()
    (shelf / "umbrellas.md").write_bytes(bytes(range(256)))
    (shelf / "fans.md").write_text("---\naudience: agent\n---\nFans are oiled.", encoding="utf-8")
    for minute in range(3):
        await place.strikes("knowledge", NOON + timedelta(minutes=minute))
    told = [each.text for each in place.slack.messages(place.agents)]
    (shelf / "umbrellas.md").write_text(PUBLIC, encoding="utf-8")
    await place.strikes("knowledge", NOON + timedelta(minutes=5))
    after = [each.text for each in place.slack.messages(place.agents)]

    (gone,) = [each for each in told if "are gone" in each]
    assert f"more/umbrellas.md: {DAMAGED}. It was taken off the shelf." in gone
    assert "more/fans.md is for agents only from now on: audience: expected" in gone
    (alarm,) = [each for each in told if "cannot be read" in each]
    assert (
        "1 file unread: more/umbrellas.md (the file is damaged, or not what its name says)."
        in alarm
    )
    assert [each for each in after if "It is over" in each]


async def test_a_desk_starts_with_files_that_nobody_can_read(
    place: Workspace, tmp_path: Path
) -> None:
    """They are named on the Home, by `check` and in the digest; all others are answered from."""
    shelf = tmp_path / "more"
    shelf.mkdir()
    place.more = (shelf,)
    (shelf / "torn.pdf").write_bytes(b"%PDF-1.4 and no more")
    (shelf / "old.md").write_text("---\nreviewed-on: 2020-01-01\n---\nOld.", encoding="utf-8")
    (shelf / "umbrellas.md").write_text(PUBLIC, encoding="utf-8")
    await place.start(f'admins = ["{place.mai.id}"]\n')
    shown = await place.hears(place.linh, QUESTION)
    decision = await place.decision(shown)
    await place.mai.open_home()
    await place.until(lambda: place.slack.home(place.mai))
    front = place.slack.home(place.mai)
    assert front is not None
    await place.mai.click(front, "The desk")
    await place.until(lambda: "*Knowledge*" in home_of(place))
    checked = await check_articles(place.running.desk)
    of = period_named("today", NOON, place.running.desk.zone)
    digest = await place.running.digest_publisher.digest(of, NOON)

    assert decision is not None
    assert [source["source"] for source in decision.sources] == ["more/umbrellas.md"]
    assert "1 file unread: more/torn.pdf (" in home_of(place)
    assert "1 article not looked at for long: more/old.md (2020-01-01)." in home_of(place)
    assert [each.sentence.split(":")[0] for each in checked if each.grade == "warning"] == [
        "more/torn.pdf"
    ]
    assert "more/torn.pdf" in str([row for row in key_figures(digest) if row[0] == "Articles"])


async def test_a_new_desk_answers_nothing_and_says_why(tmp_path: Path) -> None:
    """Its folder comes with a page that nobody is shown; a person gets the question."""
    async with workspace(tmp_path) as place:
        place.articles = ROOT / "knowledge"
        await place.start(f'admins = ["{place.mai.id}"]\n')
        asked = await place.hears(place.linh, DELIVERY)
        about_itself = await place.hears(place.linh, "Which folder do your articles go into?")
        decisions = [await place.decision(each) for each in (asked, about_itself)]
        await place.mai.open_home()
        await place.until(lambda: place.slack.home(place.mai))
        front = place.slack.home(place.mai)
        assert front is not None
        await place.mai.click(front, "The desk")
        await place.until(lambda: "*Knowledge*" in home_of(place))

        assert [each and (each.outcome, each.sources) for each in decisions] == [
            ("handed_over", []),
            ("handed_over", []),
        ]
        assert "*Knowledge*: 0 articles, 0 passages" in home_of(place)
        assert f"T{EMPTY[1:]}." in home_of(place)


def home_of(place: Workspace) -> str:
    view = place.slack.home(place.mai)
    return place.slack.render(view) if view else ""


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An .env without tokens, and a folder of articles."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "help").mkdir()
    (tmp_path / "help" / "umbrellas.md").write_text(PUBLIC, encoding="utf-8")
    (tmp_path / "help" / "secret.md").write_text(
        "---\naudience: agents\n---\nUmbrellas cost us two dollars.", encoding="utf-8"
    )
    (tmp_path / "help" / "sound.md").write_bytes(bytes(range(256)))
    path = tmp_path / ".env"
    path.write_text("", encoding="utf-8")
    return path


def test_articles_are_loaded_looked_for_counted_and_forgotten(
    env: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything from the command line, with no token and no bot."""
    said = []
    for command in (
        ["kb", "sync", "help"],
        ["kb", "search", "umbrellas", "mended"],
        ["kb", "search", "what", "do", "umbrellas", "cost"],
        ["kb", "search", "what", "do", "umbrellas", "cost", "--audience", "agents"],
        ["kb", "stats"],
        ["kb", "forget", "help"],
        ["kb", "stats"],
    ):
        status = main([*command, "--env", str(env)])
        said.append((status, capsys.readouterr().out))
    (loaded, found, public, agents, counted, forgotten, empty) = said

    assert loaded[0] == 1
    assert "skipped help/sound.md: the file is damaged" in loaded[1]
    assert "help: 2 added, 0 changed, 0 removed, 0 unchanged" in loaded[1]
    assert "1. Umbrellas\n   help/umbrellas.md, en, public, has 100% of the question" in found[1]
    assert "two dollars" not in public[1]
    assert "two dollars" in agents[1]
    assert "never" in counted[1]
    assert "help: 2 removed" in forgotten[1]
    assert "No articles yet" in empty[1]


def test_a_website_is_loaded_and_forgotten(env: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its address; one inside the own network only where the command says so."""
    with local_website() as site:
        site.page("/tea", "<h1>Tea</h1><p>Teapots pour well.</p>")
        site.sitemap("/tea")
        shut = main(["kb", "sync", site.url, "--env", str(env)])
        refused = capsys.readouterr().out
        loaded = main(
            ["kb", "sync", site.url, "--private-host", site.host, "--audience", "agents",
             "--env", str(env)]
        )  # fmt: skip
        main(["kb", "search", "teapots", "pour", "--audience", "agents", "--env", str(env)])
        told = capsys.readouterr().out
        main(["kb", "forget", site.url, "--env", str(env)])
        forgotten = capsys.readouterr().out

    assert (shut, loaded) == (1, 0)
    assert "is not fetched from" in refused
    assert f"{site.url}: 1 added, 0 changed, 0 removed, 0 unchanged" in told
    assert f"{site.host}/tea, " in told
    assert f"{site.url}: 1 removed" in forgotten


async def test_a_website_of_desk_toml_is_followed_while_the_bot_runs(place: Workspace) -> None:
    """Beside the folders, and in its own time."""
    with local_website() as site:
        site.page("/umbrellas", "<h1>Umbrellas</h1><p>Our umbrellas are mended by hand.</p>")
        site.sitemap("/umbrellas")
        await place.start(
            f'[[sources]]\nsite = "{site.url}"\ndelay = 0\nprivate_hosts = ["{site.host}"]\n'
        )
        before = site.paths()
        await place.strikes("websites", NOON)
        await place.strikes("websites", NOON + timedelta(minutes=5))
        shown = await place.hears(place.linh, QUESTION)
    decision = await place.decision(shown)

    assert (before, site.paths()) == ([], ["/umbrellas"])
    assert decision is not None
    assert [source["source"] for source in decision.sources] == [f"{site.host}/umbrellas"]


def test_drafts_that_wait_are_counted(
    env: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the articles, for whoever keeps them may not look into the agents' channel."""
    main(["kb", "sync", "help", "--env", str(env)])
    engine = create_engine(f"sqlite:///{tmp_path}/deskhand.db")
    with Session(engine) as session:
        session.add(Ticket(team_id="T", channel_id="C", thread_ts="1.0", requester_id="U"))
        session.flush()
        session.add(
            ArticleDraft(
                ticket_id=1001, solved_at=NOON, title="A", body="B", audience="public",
                language="en", model="m", drafted="A",
            )
        )  # fmt: skip
        session.commit()
    engine.dispose()
    capsys.readouterr()
    main(["kb", "stats", "--env", str(env)])

    assert "1 draft waits for approval" in capsys.readouterr().out


def test_gaps_are_listed_for_those_who_write_articles(
    env: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By matter, with what an agent answered; without any the command says so."""
    main(["kb", "sync", "help", "--env", str(env)])
    capsys.readouterr()
    main(["kb", "gaps", "--env", str(env)])
    assert "every question found an article" in capsys.readouterr().out

    engine = create_engine(f"sqlite:///{tmp_path}/deskhand.db")
    with Session(engine) as session:
        session.add(Ticket(team_id="T", channel_id="C", thread_ts="1.0", requester_id="U"))
        session.flush()
        said = (
            ("customer", "Do you wrap gifts in paper?"),
            ("agent", "Gifts are wrapped in silk."),
        )
        for place, (author, text) in enumerate(said, start=1):
            session.add(
                Message(
                    key=f"T:C:{place}.0", ticket_id=1001, channel_id="C", ts=f"{place}.0",
                    author_id="U", author=author, text=text,
                )
            )  # fmt: skip
        session.add(
            Decision(
                message_key="T:C:1.0", ticket_id=1001, action="answer", publish="thread",
                reason=NO_ARTICLE, outcome="handed_over", triage={"summary": "Gift wrapping"},
                gate={"outcome": "hand_over", "reason": NO_ARTICLE, "unknown": "", "faults": []},
            )
        )  # fmt: skip
        session.commit()
    engine.dispose()
    main(["kb", "gaps", "--days", "7", "--env", str(env)])

    # A narrow terminal breaks the cells, so that only single words are sure to stand together.
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("wrapping", "T-1001", "silk"))
