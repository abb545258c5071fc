"""What a message of the API's says and cites. It is read as the SDK's `Message`, unvalidated."""

from typing import Any

from bot.llm.calls import Citation, ToolUse


def _texts(reply: Any) -> list[Any]:
    """The blocks with words; a block of a kind we do not know has `reply_text` None."""
    blocks = reply.content if isinstance(reply.content, list) else []
    return [
        block
        for block in blocks
        if getattr(block, "type", None) == "text" and isinstance(block.text, str) and block.text
    ]


def reply_text(reply: Any) -> str:
    """Its words, joined from all text blocks."""
    return "".join(block.text for block in _texts(reply))


def reply_citations(reply: Any) -> tuple[Citation, ...]:
    """The passages it cites, in their order."""
    return tuple(
        Citation(source=each.source, title=each.title or "", text=each.cited_text)
        for block in _texts(reply)
        for each in block.citations or ()
        if each.type == "search_result_location" and isinstance(each.cited_text, str)
    )


def reply_uses(reply: Any) -> tuple[ToolUse, ...]:
    """The tools it wants used, in its order; only a reply that ended for them wants any."""
    if reply.stop_reason != "tool_use" or not isinstance(reply.content, list):
        return ()
    return tuple(
        ToolUse(id=str(block.id), name=str(block.name), input=dict(block.input))
        for block in reply.content
        if getattr(block, "type", None) == "tool_use" and isinstance(block.input, dict)
    )


def reply_blocks(reply: Any) -> tuple[dict[str, Any], ...]:
    """All it said, thinking included, as it has to be sent back unchanged."""
    return tuple(block.model_dump(mode="json", exclude_none=True) for block in reply.content)
