"""Traces, sent over OTLP to a collector: one a message, with its stages and calls within."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

CALL = "anthropic.messages.create"
SECRET = "What does it cost to reach Zanzibar by courier?"


@dataclass
class Collector:
    """What came, and how it was asked to answer."""

    spans: list[Span] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answers: int = 200
    url: str = ""

    def under(self, parent: Span) -> list[str]:
        return [each.name for each in self.spans if each.parent_span_id == parent.span_id]

    def named(self, name: str) -> list[Span]:
        return [each for each in self.spans if each.name == name]

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        if self.answers == 200:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    self.spans.extend(scope.spans)
        return web.Response(status=self.answers)


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector, app = Collector(), web.Application()
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


def said(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value for each in span.attributes}


async def test_a_message_is_one_trace_with_its_stages_and_calls(place: Workspace) -> None:
    """The story around all; triage and answer hold a call to Claude each, the post is Slack's."""
    async with collecting() as collector:
        await place.start(otel_exporter_otlp_endpoint=collector.url)
        message = await place.hears(place.linh, DELIVERY)
        await place.stop()

    (story,) = collector.named("story")
    assert said(story)["deskhand.message"] == place.key(message)
    assert said(story)["deskhand.outcome"] == "answered"
    assert {"open", "read", "triage", "answer", "act"} <= set(collector.under(story))
    for stage in (*collector.named("triage"), *collector.named("answer")):
        assert collector.under(stage) == [CALL]
    models = [said(each)["gen_ai.request.model"] for each in collector.named(CALL)]
    assert sorted(models) == sorted(each.model for each in place.claude.calls)
    posts = collector.named("slack chat.postMessage")
    assert any(each.trace_id == story.trace_id for each in posts)


async def test_two_messages_are_two_traces(place: Workspace) -> None:
    """Nothing of one is told as part of the other."""
    async with collecting() as collector:
        await place.start(otel_exporter_otlp_endpoint=collector.url)
        await place.hears(place.linh, DELIVERY)
        await place.hears(place.linh, SECRET)
        await place.stop()

    assert len({each.trace_id for each in collector.named("story")}) == 2


async def test_no_word_of_anybody_is_in_a_span(place: Workspace) -> None:
    """Neither as text nor in the bytes of what was sent."""
    async with collecting() as collector:
        await place.start(otel_exporter_otlp_endpoint=collector.url)
        await place.hears(place.linh, SECRET)
        await place.stop()

    sent = b"".join(collector.bodies)
    assert collector.named("story")
    assert b"Zanzibar" not in sent
    assert base64.b64encode(b"Zanzibar")[:8] not in sent
    assert place.linh.id.encode() not in sent


async def test_a_collector_that_refuses_or_is_gone_changes_nothing(place: Workspace) -> None:
    """The customer has the answer; the process ends as ever."""
    async with collecting() as collector:
        collector.answers = 400
        await place.start(otel_exporter_otlp_endpoint=collector.url)
        message = await place.hears(place.linh, DELIVERY)
        await place.stop()

    assert collector.bodies
    assert place.replies(message)


async def test_without_a_collector_there_is_no_span(place: Workspace) -> None:
    """The twin: the same message, and nobody is sent anything."""
    async with collecting() as collector:
        await place.start()
        message = await place.hears(place.linh, DELIVERY)
        await place.stop()

    assert place.replies(message)
    assert not collector.bodies
