"""Files: uploading, downloading, and what a message shows of them."""

import mimetypes
import secrets
import time
from pathlib import PurePath

from emulator.slack.wire import JSON
from emulator.slack.workspace import Workspace


def add(workspace: Workspace, user: str, name: str, title: str = "") -> JSON:
    """A file record without content yet."""
    identifier = workspace.new_id("F")
    private = f"{workspace.base_url}files-pri/{workspace.team_id}-{identifier}/{name}"
    file: JSON = {
        "id": identifier,
        "created": int(time.time()),
        "timestamp": int(time.time()),
        "name": name,
        "title": title or name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": PurePath(name).suffix.lstrip(".") or "text",
        "user": user,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "size": 0,
        "url_private": private,
        "url_private_download": private.replace("/files-pri/", "/files-pri/download/"),
        "permalink": f"{workspace.base_url}files/{user}/{identifier}/{name}",
        "channels": [],
    }
    workspace.files[identifier] = file
    return file


def fill(workspace: Workspace, identifier: str, content: bytes) -> None:
    """Give a file its bytes."""
    workspace.contents[identifier] = content
    workspace.files[identifier]["size"] = len(content)


def upload(workspace: Workspace, user: str, item: str | tuple[str, bytes]) -> JSON:
    """A person's upload; a bare name gets random bytes."""
    name, content = item if isinstance(item, tuple) else (item, secrets.token_bytes(64))
    file = add(workspace, user, name)
    fill(workspace, file["id"], content)
    return file
