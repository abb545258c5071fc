"""What the API rejects before the model sees a request, with its status and wording."""

import re

from emulator.claude.content import check_content
from emulator.claude.errors import Json, Refused, invalid
from emulator.claude.models import LEVELS, Model, Models
from emulator.claude.schemas import check_schema

_SAMPLING = ("temperature", "top_p", "top_k")
_SHARED = frozenset(
    {
        "model", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
        "cache_control", "speed",
    }
)  # fmt: skip
_MESSAGE_ONLY = frozenset(
    {
        "max_tokens", "container", "diagnostics", "inference_geo", "metadata", "service_tier",
        "stop_sequences", "stream",
    }
)  # fmt: skip
_PERSONAL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?\d[\d\s().-]{7,}\d\Z")
_OBJECTS = ("thinking", "output_config", "tool_choice", "metadata", "cache_control")
_OLD_VERSION = "2023-06-01"


def checked_model(body: Json, models: Models) -> Model:
    """The model a request names.

    Raises:
        Refused: 400 without a model, 404 when it is unknown or retired.
    """
    name = body.get("model")
    if not isinstance(name, str) or not name:
        raise invalid("model: Field required")
    model = models.find(name)
    if model is None or model.lifecycle == "retired":
        raise Refused(404, f"model: {name}")
    return model


def check_count(body: Json, model: Model, version: str) -> None:
    """Rejects what count_tokens rejects."""
    _check_fields(body, _SHARED, version)
    _check_shapes(body)
    _check_prompt(body, model)


def check_message(body: Json, model: Model, version: str) -> None:
    """Rejects what messages rejects.

    Raises:
        Refused: 400 with the field's path in front of the message.
    """
    _check_fields(body, _SHARED | _MESSAGE_ONLY, version)
    _check_shapes(body)
    _check_max_tokens(body, model)
    _check_prompt(body, model)
    _check_metadata(body)
    if body.get("service_tier", "auto") not in ("auto", "standard_only"):
        raise invalid("service_tier: Input should be 'auto' or 'standard_only'")
    if body["max_tokens"] == 0:
        _check_warm_up(body)


def _check_fields(body: Json, known: frozenset[str], version: str) -> None:
    old = version == _OLD_VERSION
    for name in body:
        if name in known or (old and name in _SAMPLING):
            continue
        if name in _SAMPLING:
            raise invalid(f"{name}: sampling parameters are not supported as of 2026-10-21")
        raise invalid(f"{name}: Extra inputs are not permitted")


def _check_shapes(body: Json) -> None:
    for name in _OBJECTS:
        if not isinstance(body.get(name) or {}, dict):
            raise invalid(f"{name}: Input should be an object")
    tools = body.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise invalid("tools: Input should be a list of objects")
    for index, tool in enumerate(tools):
        if not isinstance(tool.get("name"), str):
            raise invalid(f"tools.{index}.name: Field required")
        if "type" not in tool and not isinstance(tool.get("input_schema"), dict):
            raise invalid(f"tools.{index}.input_schema: Field required")


def _check_max_tokens(body: Json, model: Model) -> None:
    wanted = body.get("max_tokens")
    if wanted is None:
        raise invalid("max_tokens: Field required")
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise invalid("max_tokens: Input should be a valid integer")
    if wanted < 0:
        raise invalid("max_tokens: Input should be greater than or equal to 0")
    if wanted > model.max_tokens:
        raise invalid(
            f"max_tokens: {wanted} > {model.max_tokens}, which is the maximum allowed number of"
            f" output tokens for {model.id}"
        )


def _check_prompt(body: Json, model: Model) -> None:
    _check_output(body, model)
    check_content(body, model)
    _check_thinking(body, model)
    _check_tools(body, model)


def _check_output(body: Json, model: Model) -> None:
    config = body.get("output_config") or {}
    for name in config:
        if name not in ("effort", "format"):
            raise invalid(f"output_config.{name}: Extra inputs are not permitted")
    effort = config.get("effort")
    if effort is not None:
        _check_effort(effort, model)
    wanted = config.get("format")
    if wanted is None:
        return
    if not model.accepts("structured_outputs"):
        raise invalid(f"output_config.format: not supported by {model.id}.")
    if wanted.get("type") != "json_schema":
        raise invalid("output_config.format.type: Input should be 'json_schema'")
    check_schema(wanted.get("schema"), "output_config.format.schema")


def _check_effort(effort: object, model: Model) -> None:
    if effort not in LEVELS:
        raise invalid(f"output_config.effort: Input should be one of {', '.join(LEVELS)}")
    if not model.efforts:
        raise invalid("This model does not support the effort parameter.")
    if effort not in model.efforts:
        raise invalid(f"output_config.effort: '{effort}' is not supported for this model.")


def _check_thinking(body: Json, model: Model) -> None:
    thinking = body.get("thinking")
    if thinking is None:
        return
    kind = thinking.get("type")
    if kind not in ("adaptive", "between_tools", "disabled", "enabled"):
        raise invalid("thinking.type: Input should be 'adaptive', 'between_tools' or 'disabled'")
    if kind not in model.thinking:
        raise invalid(f'thinking.type: "{kind}" is not supported for this model.')
    _check_thinking_fields(thinking, kind)
    effort = (body.get("output_config") or {}).get("effort")
    if kind in ("disabled", "between_tools") and effort in ("xhigh", "max"):
        raise invalid(f'thinking.type: "{kind}" is not supported at effort "{effort}".')
    budget = thinking.get("budget_tokens")
    if budget is not None and not 1024 <= budget < body.get("max_tokens", budget + 1):
        raise invalid("thinking.budget_tokens: must be at least 1024 and less than max_tokens")


def _check_thinking_fields(thinking: Json, kind: str) -> None:
    allowed = {"adaptive": {"display"}, "enabled": {"display", "budget_tokens"}}.get(kind, set())
    for name in thinking:
        if name != "type" and name not in allowed:
            raise invalid(f"thinking.{kind}.{name}: Extra inputs are not permitted")
    if kind == "enabled" and "budget_tokens" not in thinking:
        raise invalid("thinking.enabled.budget_tokens: Field required")
    if thinking.get("display") not in (None, "summarized", "omitted"):
        raise invalid("thinking.display: Input should be 'summarized' or 'omitted'")


def _check_tools(body: Json, model: Model) -> None:
    tools, choice = body.get("tools") or [], body.get("tool_choice") or {}
    for index, tool in enumerate(tools):
        if "input_schema" in tool and tool.get("strict"):
            check_schema(tool["input_schema"], f"tools.{index}.input_schema")
    if sum(bool(tool.get("strict")) for tool in tools) > 20:
        raise invalid("tools: at most 20 strict tools are supported")
    forced = choice.get("type") in ("any", "tool")
    if forced and not model.forced_tools:
        raise invalid('tool_choice: type "tool" and "any" are not supported for this model.')
    if choice and not tools:
        raise invalid("tool_choice: may only be specified while providing tools")
    if choice.get("type") == "tool" and choice.get("name") not in [t.get("name") for t in tools]:
        raise invalid(f"tool_choice: tool '{choice.get('name')}' not found in provided tools")


def _check_metadata(body: Json) -> None:
    metadata = body.get("metadata") or {}
    for name in metadata:
        if name != "user_id":
            raise invalid(f"metadata.{name}: Extra inputs are not permitted")
    user = metadata.get("user_id")
    if user is None:
        return
    if not isinstance(user, str) or len(user) > 256:
        raise invalid("metadata.user_id: String should have at most 256 characters")
    if _PERSONAL.match(user):
        raise invalid("metadata.user_id: appears to contain an email address or phone number")


def _check_warm_up(body: Json) -> None:
    """`max_tokens: 0` only writes the cache; some settings make no sense with it."""
    thinking = (body.get("thinking") or {}).get("type")
    unfit = {
        "stream": body.get("stream"),
        "thinking": thinking in ("adaptive", "enabled"),
        "output_config.format": (body.get("output_config") or {}).get("format"),
        "tool_choice": (body.get("tool_choice") or {}).get("type") in ("any", "tool"),
    }
    for name, given in unfit.items():
        if given:
            raise invalid(f"max_tokens: 0 cannot be used with {name}")
