"""What a message of the API's says, cites and counts. It is read as the SDK's `Message`."""

from typing import Any

from bot.llm.calls import Citation
from bot.llm.pricing import Tokens


def _texts(reply: Any) -> list[Any]:
    """The blocks with words; a block of a kind we do not know has `reply_text` None."""
    return [block for block in reply.content if block.type == "text" and block.text]


def reply_text(reply: Any) -> str:
    """Its words, joined from all text blocks."""
    return "".join(block.text for block in _texts(reply))


def reply_citations(reply: Any) -> tuple[Citation, ...]:
    """The passages it cites, in their order."""
    return tuple(
        Citation(source=each.source, title=each.title or "", text=each.cited_text)
        for block in _texts(reply)
        for each in block.citations or ()
        if each.type == "search_result_location"
    )


def reply_tokens(reply: Any) -> Tokens:
    """What it used, by the classes of the price list."""
    usage = reply.usage
    written = usage.cache_creation
    long = written.ephemeral_1h_input_tokens if written else 0
    return Tokens(
        input=usage.input_tokens,
        output=usage.output_tokens,
        cache_write_5m=max((usage.cache_creation_input_tokens or 0) - long, 0),
        cache_write_1h=long,
        cache_read=usage.cache_read_input_tokens or 0,
    )
