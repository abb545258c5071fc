"""Logs as events with fields: past tense, the same names everywhere, no token, no message text.

Lines of libraries have the same form. docs/logs.md says what each of ours means.
"""

import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Literal

import structlog

# The engine sends its lines to a handler of its own, unless it finds one.
ENGINE = "dbos"
LogLine = MutableMapping[str, Any]


def configure_logs(level: str, style: Literal["text", "json"]) -> None:
    """Send our own events and the libraries' warnings to standard error, in one form."""
    threshold = getattr(logging, level)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_refusal,
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[_name_room, *shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=_RoomLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _name_workflow, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    # Libraries put payloads into their INFO and DEBUG lines.
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler], force=True)
    engine = logging.getLogger(ENGINE)
    engine.handlers, engine.propagate = [handler], False
    engine.addFilter(_no_queue_of_its_own)
    bolt = logging.getLogger("slack_bolt.AsyncApp")
    # An app takes over the level that the root has when it is made, and keeps it.
    bolt.setLevel(logging.NOTSET)
    bolt.addFilter(_news)


class _RoomLogger(structlog.PrintLogger):
    """Prints to standard error, and knows of which part of the desk it speaks."""

    def __init__(self, room: str = "") -> None:
        super().__init__(sys.stderr)
        self.room = room


def _name_room(logger: Any, _method: str, line: LogLine) -> LogLine:
    line["logger"] = logger.room
    return line


def _name_workflow(_logger: Any, _method: str, line: LogLine) -> LogLine:
    """The workflow that a line of the engine is about: a message's key, if it is its story."""
    if workflow := getattr(line.get("_record"), "operationUUID", None):
        line["workflow"] = workflow
    return line


def _name_refusal(_logger: Any, _method: str, line: LogLine) -> LogLine:
    """A refusal that the other side names says all that a traceback would, in a word."""
    error = line.get("exc_info")
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException) and (code := _refusal(error)):
        line["exc_info"], line["refused"] = None, code
    return line


def _refusal(error: BaseException) -> str:
    """The word by which Slack refused, of an error or of one that it was raised from."""
    for each in _below(error):
        # The SDK puts its answer, or what it was parsed to, into its error.
        answer = getattr(getattr(each, "response", None), "data", None)
        if isinstance(answer, Mapping) and isinstance(answer.get("error"), str):
            return str(answer["error"])
    return ""


def _below(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _no_queue_of_its_own(record: logging.LogRecord) -> bool:
    """The engine wonders at a story that is begun again where another process has it in hand."""
    return "Workflow already exists in queue" not in record.getMessage()


def _news(record: logging.LogRecord) -> bool:
    """Bolt finds our token in the environment too, and warns that it is not used: it is."""
    return "`token` will be unused" not in record.getMessage()
