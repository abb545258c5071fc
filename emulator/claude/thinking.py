"""When the stand-in thinks, and how many tokens it takes.

At low effort only what is not simple is thought about; the other levels think about everything
but structured small talk, longer when the message asks for more.
"""

from emulator.claude.errors import Json
from emulator.claude.models import Model
from emulator.claude.reading import Reading

_TOKENS = {"low": 60, "medium": 120, "high": 300, "xhigh": 800, "max": 1_600}
_SUMMARY = "Weighing what the message asks for against what the prompt provides."


def thinks(body: Json, model: Model) -> bool:
    """Whether the request leaves thinking on."""
    thinking = body.get("thinking")
    if thinking is None:
        return model.thinks_by_default
    return thinking["type"] in ("adaptive", "enabled")


def thinking_tokens(body: Json, model: Model, reading: Reading) -> int:
    """Tokens spent thinking; they are billed as output whether shown or not."""
    if not thinks(body, model):
        return 0
    config = body.get("output_config") or {}
    level = config.get("effort") or model.default_effort or "medium"
    if level == "low" and reading.effort <= 1:
        return 0
    return round(_TOKENS[level] * (1 + min(reading.effort, 2)))


def thinking_block(body: Json, request_id: str) -> Json:
    """The block shown for it: without words unless a summary is asked for."""
    display = (body.get("thinking") or {}).get("display") or "omitted"
    text = _SUMMARY if display == "summarized" else ""
    return {"type": "thinking", "thinking": text, "signature": f"standin-{request_id}"}
