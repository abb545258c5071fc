"""Files that go along with words: fetched from where they were sent, shared where those are said.

Slack shows a file to those who are where it was shared. A customer cannot see what stands under a
card, and no agent what was sent in a direct message, so the bot shares it there once more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.messages.inbound import File
from bot.runtime.workflows import Workflows
from bot.text.file_problems import Problem
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import FileCopy, FilePlace
from storage.db.database import Database
from storage.tickets import outbox
from storage.tickets.outbox import OutboxRow

WHY: Mapping[Problem, str] = {
    "large": "it is too large for the bot to hand on",
    "elsewhere": "it is kept outside Slack",
    "refused": "Slack does not let the bot read it",
    "away": "Slack could not be reached for it",
    "empty": "it is empty",
}

log = structlog.get_logger("outbox")


def file_names(files: Sequence[File]) -> str:
    """Files as people read of them where they cannot be seen: 📎 photo.png, label.pdf."""
    names = [each.name or "a file" for each in files if not each.awaited]
    return "📎 " + ", ".join(names) if names else ""


class FileSharing:
    """Shares the files of a row of the outbox, each once."""

    def __init__(self, workflows: Workflows, store: Database, workspace: Workspace) -> None:
        self._workflows = workflows
        self._store = store
        self._workspace = workspace

    async def share(self, row: OutboxRow, place: FilePlace, *, recovered: bool) -> Sequence[str]:
        """Share what was not shared yet; a sentence for each file that could not be.

        The bytes go up first, and which file they have become is written down: what is shared is
        that very file, so that Slack can be asked whether it was.
        """
        told, files = [], [dict(each) for each in row.files]
        for number, each in enumerate(files):
            if "ours" in each or "problem" in each:
                continue
            why = await self._share(number, each, place, recovered=recovered)
            if why is not None:
                each["problem"] = why
                told.append(f"{each.get('name') or 'a file'} ({why})")
            await self._store.write(outbox.keep_files, row.key, [dict(one) for one in files])
        return told

    async def _share(
        self, number: int, file: dict[str, Any], place: FilePlace, *, recovered: bool
    ) -> str | None:
        """Why a file was not shared; None when it was, under the id that is `ours` then."""
        original = File.model_validate(file)
        copy = await self._workflows.step(
            f"file {number}", FileCopy, self._workspace.copy_file, original
        )
        if copy.id is None:
            return WHY.get(copy.problem or "away", "it could not be read")
        try:
            await self._workspace.share_file(copy.id, original.name, place, recovered=recovered)
        except CannotPost as error:
            log.warning("file not shared", file=original.id, problem=str(error))
            return str(error)
        file["ours"] = copy.id
        return None
