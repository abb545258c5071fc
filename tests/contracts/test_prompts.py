"""A prompt's version stands for one text."""

from pathlib import Path

from bot.llm.prompts import FOLDER, LOCK, changed_prompts, lock_prompts


def test_no_prompt_changed_without_a_new_version() -> None:
    """After changing a prompt, raise its version and run `make prompts`."""
    assert changed_prompts() == []


def test_a_text_changed_under_its_old_version_is_not_noted(tmp_path: Path) -> None:
    """The lock keeps what the version stood for until the version is raised."""
    prompt, noted = tmp_path / "greeting.md", tmp_path / LOCK
    prompt.write_text("version: 1\nSay hello.\n", encoding="utf-8")
    assert changed_prompts(tmp_path) == ["greeting"]
    assert lock_prompts(tmp_path) == []
    before = noted.read_text(encoding="utf-8")

    prompt.write_text("version: 1\nSay goodbye.\n", encoding="utf-8")
    assert lock_prompts(tmp_path) == ["greeting"]
    assert (changed_prompts(tmp_path), noted.read_text(encoding="utf-8")) == (["greeting"], before)

    prompt.write_text("version: 2\nSay goodbye.\n", encoding="utf-8")
    assert lock_prompts(tmp_path) == []
    assert changed_prompts(tmp_path) == []


def test_every_prompt_begins_with_its_version() -> None:
    """The first line is for the ledger and never sent."""
    for path in FOLDER.glob("*.md"):
        assert path.read_text(encoding="utf-8").startswith("version: ")
