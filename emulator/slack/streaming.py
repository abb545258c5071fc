"""What the chunks of a stream add up to."""

from emulator.slack.content import checked_blocks, markdown_block
from emulator.slack.messages import Stream
from emulator.slack.wire import JSON, SlackError

MOST_BLOCKS = 50
STATUSES = ("pending", "in_progress", "complete", "error")


def absorb(stream: Stream, chunks: list[JSON]) -> None:
    """Take the chunks in; raises `invalid_chunks` for one that is none."""
    for chunk in chunks:
        match chunk:
            case {"type": "markdown_text", "text": str(text)}:
                stream.markdown += text
            case {"type": "task_update", "id": str(task), "title": str(), **rest}:
                _check_status(rest)
                stream.tasks[task] = {**stream.tasks.get(task, {}), **chunk}
            case {"type": "plan_update", "title": str(title)}:
                stream.plan = title
            case {"type": "blocks", "blocks": list(blocks)}:
                stream.blocks += checked_blocks(blocks, "invalid_chunks")
            case _:
                raise SlackError("invalid_chunks")
    if len(stream.blocks) > MOST_BLOCKS:
        raise SlackError("msg_blocks_too_many")


def _check_status(task: JSON) -> None:
    if task.get("status", "pending") not in STATUSES:
        raise SlackError("invalid_chunks")


def compose(stream: Stream) -> tuple[str, list[JSON]]:
    """The text and the blocks of the message so far."""
    cards = [
        {"type": "task_card", "task_id": task, "title": t["title"], "status": t.get("status")}
        for task, t in stream.tasks.items()
    ]
    if stream.plan:
        cards = [{"type": "plan", "title": stream.plan, "tasks": cards}]
    return stream.markdown, [*cards, *markdown_block(stream.markdown), *stream.blocks]
