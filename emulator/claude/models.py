"""The models the stand-in knows: limits, lifecycle and what each accepts.

Figures are those of the models overview, deprecations and pricing pages as of November 2026.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from emulator.claude.errors import Json

LEVELS = ("low", "medium", "high", "xhigh", "max")


@dataclass
class Model:
    """One model; tests may change any field, or add a model of their own."""

    id: str
    name: str
    released: datetime
    lifecycle: str = "active"
    deprecated_at: datetime | None = None
    retires_at: datetime | None = None
    max_input_tokens: int = 1_000_000
    max_tokens: int = 128_000
    min_cached_tokens: int = 512
    thinking: tuple[str, ...] = ("adaptive",)
    thinks_by_default: bool = True
    efforts: tuple[str, ...] = LEVELS
    default_effort: str | None = "medium"
    forced_tools: bool = True
    prefill: bool = False
    dense_tokens: bool = True
    aliases: tuple[str, ...] = ()
    capabilities: dict[str, bool] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The family: haiku, sonnet, opus or fable."""
        return self.id.split("-")[1]

    def accepts(self, capability: str) -> bool:
        """Whether the model has a capability; everything not switched off is there."""
        return self.capabilities.get(capability, True)

    def describe(self) -> Json:
        """The body of `GET /v1/models/{id}`."""
        return {
            "type": "model",
            "id": self.id,
            "display_name": self.name,
            "created_at": _stamp(self.released),
            "deprecated_at": _stamp(self.deprecated_at),
            "lifecycle": self.lifecycle,
            "line": self.line,
            "max_input_tokens": self.max_input_tokens,
            "max_tokens": self.max_tokens,
            "retires_at": _stamp(self.retires_at),
            "capabilities": self._capabilities(),
        }

    def _capabilities(self) -> Json:
        names = ("batch", "citations", "code_execution", "image_input", "pdf_input")
        flags = {name: _supported(self.accepts(name)) for name in names}
        kinds = ("adaptive", "between_tools", "disabled", "enabled")
        return flags | {
            "structured_outputs": _supported(self.accepts("structured_outputs")),
            "context_management": _supported(yes=False),
            "effort": _supported(bool(self.efforts))
            | {level: _supported(level in self.efforts) for level in LEVELS},
            "server_tools": _supported(yes=False)
            | {"web_search": _supported(yes=False), "code_execution": _supported(yes=False)},
            "thinking": _supported(yes=True)
            | {"types": {kind: _supported(kind in self.thinking) for kind in kinds}},
        }


def _supported(yes: bool) -> Json:
    return {"supported": yes}


def _stamp(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Models(dict[str, Model]):
    """The table, by id; newest first when listed."""

    def add(self, model: Model) -> Model:
        """Add or replace a model."""
        self[model.id] = model
        return model

    def find(self, name: str) -> Model | None:
        """A model by id or alias."""
        if name in self:
            return self[name]
        return next((model for model in self.values() if name in model.aliases), None)

    def newest_first(self) -> list[Model]:
        """All models in the order `GET /v1/models` lists them."""
        return sorted(self.values(), key=lambda model: model.released, reverse=True)


def known_models() -> Models:
    """A fresh table; every emulator has its own so that tests can alter it."""
    models = Models()
    for model in (*_current(), *_legacy()):
        models.add(model)
    return models


def _current() -> list[Model]:
    return [
        Model(
            "claude-fable-5-2",
            "Claude Fable 5.2",
            _day("2026-11-09"),
            default_effort="high",
            forced_tools=False,
        ),
        Model(
            "claude-haiku-5-5",
            "Claude Haiku 5.5",
            _day("2026-10-07"),
            thinking=("adaptive", "disabled"),
        ),
        Model(
            "claude-sonnet-5-5",
            "Claude Sonnet 5.5",
            _day("2026-09-28"),
            thinking=("adaptive", "between_tools"),
            default_effort="high",
            forced_tools=False,
        ),
        Model("claude-opus-5-5", "Claude Opus 5.5", _day("2026-09-22"), forced_tools=False),
    ]


def _legacy() -> list[Model]:
    both = ("adaptive", "disabled")
    return [
        Model(
            "claude-opus-5",
            "Claude Opus 5",
            _day("2026-07-24"),
            thinking=both,
            default_effort="high",
        ),
        Model(
            "claude-sonnet-5",
            "Claude Sonnet 5",
            _day("2026-06-30"),
            thinking=both,
            default_effort="high",
            min_cached_tokens=1_024,
        ),
        Model(
            "claude-opus-4-8",
            "Claude Opus 4.8",
            _day("2026-05-28"),
            thinking=both,
            default_effort="high",
            min_cached_tokens=1_024,
        ),
        Model(
            "claude-sonnet-4-6",
            "Claude Sonnet 4.6",
            _day("2026-02-17"),
            thinking=("adaptive", "disabled", "enabled"),
            thinks_by_default=False,
            efforts=("low", "medium", "high", "max"),
            default_effort="high",
            min_cached_tokens=1_024,
            dense_tokens=False,
        ),
        Model(
            "claude-haiku-4-5-20251001",
            "Claude Haiku 4.5",
            _day("2025-10-15"),
            max_input_tokens=200_000,
            max_tokens=64_000,
            min_cached_tokens=4_096,
            thinking=("disabled", "enabled"),
            thinks_by_default=False,
            efforts=(),
            default_effort=None,
            prefill=True,
            dense_tokens=False,
            aliases=("claude-haiku-4-5",),
        ),
        Model(
            "claude-sonnet-4-5-20250929",
            "Claude Sonnet 4.5",
            _day("2025-09-29"),
            lifecycle="deprecated",
            deprecated_at=_day("2026-09-30"),
            retires_at=_day("2026-11-30"),
            max_input_tokens=200_000,
            max_tokens=64_000,
            min_cached_tokens=1_024,
            thinking=("disabled", "enabled"),
            thinks_by_default=False,
            efforts=(),
            default_effort=None,
            prefill=True,
            dense_tokens=False,
            aliases=("claude-sonnet-4-5",),
        ),
        Model(
            "claude-3-5-haiku-20241022",
            "Claude Haiku 3.5",
            _day("2024-10-22"),
            lifecycle="retired",
            deprecated_at=_day("2025-12-19"),
            retires_at=_day("2026-02-19"),
            max_input_tokens=200_000,
            max_tokens=8_192,
            min_cached_tokens=4_096,
            thinking=("disabled",),
            thinks_by_default=False,
            efforts=(),
            default_effort=None,
            prefill=True,
            dense_tokens=False,
        ),
    ]
