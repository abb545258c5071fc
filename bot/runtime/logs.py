"""Logs as events with fields: past tense, the same names everywhere, no token, no message text."""

import logging
import sys
from typing import Any, Literal

import structlog


def configure_logs(level: str, style: Literal["text", "json"]) -> None:
    """Send our own events and the libraries' warnings to standard error."""
    threshold = getattr(logging, level)
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries put payloads into their INFO and DEBUG lines.
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr, force=True)
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_news)


def _news(record: logging.LogRecord) -> bool:
    """Bolt finds our token in the environment too, and warns that it is not used: it is."""
    return "`token` will be unused" not in record.getMessage()
