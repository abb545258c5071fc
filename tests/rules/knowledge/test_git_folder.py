"""A folder of a Git repository as a source: at a commit, without hooks, filters or the network."""

import os
import subprocess
from pathlib import Path

import pytest

from bot.knowledge.git_folder import GitFolder
from bot.knowledge.sources import SourceMissing
from bot.knowledge.sync import sync_source
from storage.db.database import Store
from storage.knowledge.values import SyncReport

WHO = ("-c", "user.name=Mai", "-c", "user.email=mai@example.com", "-c", "commit.gpgsign=false")


def git(place: Path, *arguments: str) -> None:
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", *WHO, *arguments]
    subprocess.run(command, cwd=place, check=True, capture_output=True, env=clean)  # noqa: S603


def commit(place: Path, **files: str) -> None:
    for name, text in files.items():
        path = place / name.replace("__", "/").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "Write articles")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with articles in a folder, and other files."""
    place = tmp_path / "docs"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    (place / "link.md").symlink_to("/etc/hostname")
    commit(place, help__tea_md="# Tea\n\nTeapots pour.", help__a__cup_md="# Cups", notes_md="No.")
    return place


async def test_a_folder_at_a_ref_is_followed(database: Store, clone: Path) -> None:
    """Commits are followed; what is not committed is not read."""
    source = GitFolder(clone, "main", "help", "docs/")
    before = source.state()
    first = await sync_source(database, source)
    (clone / "help" / "tea.md").write_text("Not committed.", encoding="utf-8")
    assert source.state() == before
    commit(clone, help__tea_md="# Tea\n\nTeapots pour well.", help__new_md="# Mugs\n\nMugs.")
    again = await sync_source(database, source)

    assert source.state() != before
    assert first.report == SyncReport(2, 0, 0, 0)
    assert again.report == SyncReport(1, 1, 0, 1)


def test_a_bare_repository_is_read_at_a_tag(clone: Path, tmp_path: Path) -> None:
    """The whole of it, at what the tag names; links are no files."""
    git(clone, "tag", "v1")
    commit(clone, help__new_md="# Mugs\n\nMugs.")
    bare = tmp_path / "docs.git"
    git(tmp_path, "clone", "-q", "--bare", str(clone), str(bare))
    reading = GitFolder(bare, "v1").read()

    assert sorted(each.source for each in reading.articles) == [
        "help/a/cup.md",
        "help/tea.md",
        "notes.md",
    ]


@pytest.mark.parametrize(
    ("ref", "folder"), [("nowhere", ""), ("--upload-pack=x", ""), ("main", "nowhere")]
)
def test_what_is_not_there_takes_nothing_away(clone: Path, ref: str, folder: str) -> None:
    """A ref or a folder that is gone is a source that is not there."""
    with pytest.raises(SourceMissing):
        GitFolder(clone, ref, folder).read()


def test_a_folder_inside_a_repository_is_none_itself(clone: Path) -> None:
    """Nobody reads more than was named."""
    with pytest.raises(SourceMissing, match="not a git repository"):
        GitFolder(clone / "help", "main").read()


def test_nothing_of_the_repositorys_own_settings_runs(clone: Path, tmp_path: Path) -> None:
    """Hooks, filters, monitors and aliases are programs of whoever wrote the repository."""
    ran = tmp_path / "ran"
    for key in (
        "core.fsmonitor",
        "core.pager",
        "filter.x.smudge",
        "alias.cat-file",
        "core.sshCommand",
    ):
        git(clone, "config", key, f"touch {ran}")
    commit(clone, _gitattributes="*.md filter=x diff=x\n")
    (clone / ".gitattributes").write_text("*.md filter=x\n", encoding="utf-8")
    ran.unlink(missing_ok=True)

    assert GitFolder(clone, "main", "help").read().articles
    assert not ran.exists()
