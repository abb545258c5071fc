"""What is counted while the desk works, as Prometheus wants it told.

Counters begin at nothing with the process. Labels come from small closed sets: no person, channel,
message or word of anybody is one.
"""

from collections.abc import Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

# Seconds: what an answer takes lies between a tenth and a minute.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
NANO = 1_000_000_000

_registry = CollectorRegistry()
ProcessCollector(registry=_registry)
PlatformCollector(registry=_registry)


def _counter(name: str, told: str, *labels: str) -> Counter:
    return Counter(f"deskhand_{name}", told, labels, registry=_registry)


def _seconds(name: str, told: str, *labels: str) -> Histogram:
    return Histogram(f"deskhand_{name}_seconds", told, labels, buckets=_BUCKETS, registry=_registry)


def _gauge(name: str, told: str, *labels: str) -> Gauge:
    return Gauge(f"deskhand_{name}", told, labels, registry=_registry)


_received = _counter("received", "What came in from Slack, by kind.", "kind")
_redelivered = _counter("redelivered", "What Slack sent again, by its reason.", "reason")
_last_event = _gauge("last_event_timestamp_seconds", "When something last came in from Slack.")
_messages = _counter("messages", "Messages written down, by how they came.", "by")
_stories = _counter("stories", "Messages dealt with, by outcome.", "outcome")
_story = _seconds("story", "From a message's turn to its outcome.")
_stage = _seconds("stage", "What a stage of a message took, all rounds together.", "stage")
_slack = _counter("slack_calls", "Calls to Slack, by method and answer.", "method", "answer")
_slack_took = _seconds("slack_call", "What Slack took to answer.", "method")
_model = _counter(
    "model_calls", "Calls to models, by purpose and status.", "model", "purpose", "status"
)
_model_took = _seconds("model_call", "What a model took to answer, its retries included.", "model")
_tokens = _counter("model_tokens", "Tokens that were used, by kind.", "model", "kind")
_dollars = _counter("model_dollars", "What model calls cost.", "model", "purpose")
_tool = _seconds("tool", "What a system took to answer a tool.", "tool", "outcome")
_program = _seconds(
    "api", "What programs asked of the desk, by template of the address.", "by", "route", "status"
)
_queue = _gauge("queue", "What waits at this moment.", "what")
_ill = _gauge("ill", "1 where a part of the desk is ill.", "part")


def received(kind: str, again: str | None = None) -> None:
    """Something came in from Slack; `again` is why, where it was sent before."""
    _received.labels(kind).inc()
    _last_event.set_to_current_time()
    if again is not None:
        _redelivered.labels(again).inc()


def message_taken_in(by: str) -> None:
    """A message was written down."""
    _messages.labels(by).inc()


def stage_took(stage: str, seconds: float) -> None:
    """A stage of a story has ended."""
    _stage.labels(stage).observe(seconds)


def story_told(outcome: str, seconds: float) -> None:
    """A story has its outcome."""
    _stories.labels(outcome).inc()
    _story.observe(seconds)


def slack_answered(method: str, answer: str, seconds: float) -> None:
    """Slack took a call, or refused it by a word."""
    _slack.labels(method, answer).inc()
    _slack_took.labels(method).observe(seconds)


def model_answered(
    model: str,
    purpose: str,
    status: str,
    seconds: float,
    tokens: Mapping[str, int],
    nano_dollars: int,
) -> None:
    """A model call has ended; what it used and cost."""
    _model.labels(model, purpose, status).inc()
    _model_took.labels(model).observe(seconds)
    for kind, number in tokens.items():
        _tokens.labels(model, kind).inc(number)
    _dollars.labels(model, purpose).inc(nano_dollars / NANO)


def tool_answered(tool: str, outcome: str, seconds: float) -> None:
    """A system has answered, or has not."""
    _tool.labels(tool, outcome).observe(seconds)


def program_answered(by: str, route: str, status: str, seconds: float) -> None:
    """A program has its answer; `by` is rest, or mcp for what came by the desk's MCP server."""
    _program.labels(by, route, status).observe(seconds)


def told_now(queue: Mapping[str, float], ill: Mapping[str, bool]) -> bytes:
    """All of it in Prometheus's text format, with what waits and what is ill at this moment."""
    for what, number in queue.items():
        _queue.labels(what).set(number)
    for part, is_ill in ill.items():
        _ill.labels(part).set(is_ill)
    return generate_latest(_registry)
