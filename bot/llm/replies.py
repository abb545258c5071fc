"""What a message of the API's says and cites. It is read as the SDK's `Message`, unvalidated."""

from typing import Any

from bot.llm.calls import Citation


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
