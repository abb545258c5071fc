"""Traces, where somebody collects them: one a message, its stages and calls as spans.

Off without a collector: then a span is nothing, and OpenTelemetry is not even imported. No word and
no name of anybody is in a span; a message is its key, as in the log. The calls to Claude are traced
by its own client, without what is said in them.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import time_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

NANO = 1_000_000_000
PATH = "/v1/traces"

_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None


@asynccontextmanager
async def exporting(collector: str) -> AsyncIterator[None]:
    """Send spans to an OTLP collector over HTTP until the block ends; to "" none are made.

    Headers, sampling and the service's name are OpenTelemetry's own variables in the environment.
    """
    global _provider, _tracer  # noqa: PLW0603 - a process has one collector, as it has one set of metrics
    if not collector:
        yield
        return
    _provider = provider = _opened(collector)
    _tracer = provider.get_tracer("deskhand")
    try:
        yield
    finally:
        _provider = _tracer = None
        # What is still here is sent, which waits for the collector.
        await asyncio.to_thread(provider.shutdown)


def provider() -> "TracerProvider | None":
    """Where a client that traces itself takes its tracer from; None where nobody collects."""
    return _provider


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """A span around the block, within that around it; what the block raises stands in it."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, attributes=_named(attributes)):
        yield


def took(name: str, seconds: float, **attributes: str | int) -> None:
    """A span of something that has just ended."""
    if _tracer is None:
        return
    now = time_ns()
    began = now - round(seconds * NANO)
    _tracer.start_span(name, attributes=_named(attributes), start_time=began).end(now)


def tell(**attributes: str | int) -> None:
    """Say more of the span around this."""
    if _tracer is None:
        return
    from opentelemetry import trace  # noqa: PLC0415 - where traces are wanted

    trace.get_current_span().set_attributes(_named(attributes))


def _named(attributes: dict[str, str | int]) -> dict[str, str | int]:
    return {f"deskhand.{name}": value for name, value in attributes.items()}


def _opened(collector: str) -> "TracerProvider":
    # An extra, and slow to import.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = Resource.create({"service.name": "deskhand"})
    opened = TracerProvider(resource=named.merge(OTELResourceDetector().detect()))
    exporter = OTLPSpanExporter(endpoint=f"{collector.rstrip('/')}{PATH}")
    opened.add_span_processor(BatchSpanProcessor(exporter))
    return opened
