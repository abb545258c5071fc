"""files.getUploadURLExternal, completeUploadExternal, info, delete."""

import asyncio

from emulator.slack import storage, timeline
from emulator.slack.channels import Channel
from emulator.slack.content import read_content
from emulator.slack.messages import Message
from emulator.slack.method import Method, listed, required, whole
from emulator.slack.methods.chat import postable
from emulator.slack.rates import Tier
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace


def get_upload_url(workspace: Workspace, args: JSON) -> JSON:
    """An address on the upload host that takes the bytes."""
    required(args, "filename", "length")
    if whole(args, "length", 0) == 0:
        raise SlackError("invalid_arguments", messages=["[ERROR] length must be greater than 0"])
    file = storage.add(workspace, workspace.bot.id, str(args["filename"]))
    return {"upload_url": f"{workspace.base_url}upload/{file['id']}", "file_id": file["id"]}


def complete_upload(workspace: Workspace, args: JSON) -> JSON:
    """Share uploaded files; the message appears a moment later and is not in the reply."""
    required(args, "files")
    files = [_finished(workspace, item) for item in args["files"]]
    targets = [str(args["channel_id"])] if args.get("channel_id") else listed(args.get("channels"))
    channels = [postable(workspace, {"channel": target}) for target in targets]
    for channel in channels:
        _check_thread(channel, args)
        message = _message(workspace, channel, args, files)
        asyncio.get_running_loop().call_soon(_share, workspace, channel, message)
    return {"files": files}


def _finished(workspace: Workspace, item: JSON) -> JSON:
    identifier = item.get("id")
    if identifier not in workspace.contents:
        raise SlackError("file_not_found")
    file = workspace.files[str(identifier)]
    file["title"] = item.get("title") or file["title"]
    return file


def _check_thread(channel: Channel, args: JSON) -> None:
    if args.get("thread_ts") and str(args["thread_ts"]) not in channel.messages:
        raise SlackError("invalid_thread_ts")


def _message(workspace: Workspace, channel: Channel, args: JSON, files: list[JSON]) -> Message:
    said = {"text": args.get("initial_comment"), "blocks": args.get("blocks")}
    content = read_content(workspace, said, needed=False)
    return Message(
        channel.id,
        workspace.clock.ts(),
        content.text,
        workspace.bot.identity(),
        thread_ts=args.get("thread_ts") or None,
        subtype="file_share",
        blocks=content.blocks,
        files=files,
    )


def _share(workspace: Workspace, channel: Channel, message: Message) -> None:
    reach = "public" if channel.kind == "channel" else "private"
    for file in message.files:
        file["channels"] = [*file["channels"], channel.id]
        shares = file.setdefault("shares", {}).setdefault(reach, {})
        shares.setdefault(channel.id, []).append({"ts": message.ts})
    timeline.post(workspace, message)
    timeline.note_broadcast(workspace, message)


def info(workspace: Workspace, args: JSON) -> JSON:
    """One file and where it was shared."""
    required(args, "file")
    file = workspace.files.get(str(args["file"]))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(workspace: Workspace, args: JSON) -> JSON:
    """Take a file of the app away; where it was shared a tombstone is left."""
    required(args, "file")
    file = workspace.files.get(str(args["file"]))
    if file is None:
        raise SlackError("file_not_found")
    if file["user"] != workspace.bot.id:
        raise SlackError("cant_delete_file")
    del workspace.files[file["id"]]
    workspace.contents.pop(file["id"], None)
    for channel in workspace.channels.values():
        for message in list(channel.messages.values()):
            if any(each["id"] == file["id"] for each in message.files):
                left = [each for each in message.files if each["id"] != file["id"]]
                if left or message.text:
                    timeline.change(workspace, message, edited=False, files=left)
                else:
                    timeline.delete(workspace, message)
    return {}


METHODS = [
    Method("files.getUploadURLExternal", get_upload_url, Tier.T4, ("files:write",), json=False),
    Method("files.completeUploadExternal", complete_upload, Tier.T4, ("files:write",)),
    Method("files.delete", delete, Tier.T3, ("files:write",)),
    Method("files.info", info, Tier.T4, ("files:read",), json=False),
]
