"""A reply heard while it is written, over the wire from the Claude stand-in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import pairwise

import pytest

from bot.config.settings import ClaudeSettings
from bot.llm.calls import Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.price_files import load_catalogue
from bot.llm.prompts import Prompt
from emulator.claude import ClaudeEmulator

SONNET = "claude-sonnet-5-5"
ARTICLE = "Delivery takes three working days. Parcels go out every evening."


class Ear:
    """Notes what it hears, and may have had enough at some point."""

    listens = True

    def __init__(self, *, enough: int | None = None) -> None:
        self.heard: list[str] = []
        self.cited: frozenset[str] = frozenset()
        self.stopped = False
        self._enough = enough
        self._stop: Callable[[], None] = lambda: None

    def begin(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def hear(self, text: str, sources: frozenset[str]) -> None:
        self.heard.append(text)
        self.cited = sources
        if self._enough is not None and len(self.heard) >= self._enough:
            self.stop()

    def stop(self) -> None:
        self.stopped = True
        self._stop()


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeEmulator]:
    async with ClaudeEmulator() as running:
        yield running


@pytest.fixture
async def door(claude: ClaudeEmulator) -> AsyncIterator[Claude]:
    settings = ClaudeSettings(
        _env_file=None,
        anthropic_api_key=claude.api_key,
        anthropic_base_url=claude.url,
        claude_retries=1,
    )
    opened = Claude(settings, load_catalogue())
    yield opened
    await opened.close()


def question(*, deadline: float = 30) -> Question:
    found = {
        "type": "search_result",
        "source": "delivery.md",
        "title": "Delivery",
        "content": [{"type": "text", "text": ARTICLE}],
        "citations": {"enabled": True},
    }
    asked = {"type": "text", "text": "How long does delivery take?"}
    return Question(
        purpose="answer",
        model=SONNET,
        prompt=Prompt("You answer from the search results.", "test-1"),
        content=[found, asked],
        max_tokens=2_000,
        timeout=10,
        deadline=deadline,
    )


async def test_a_reply_is_heard_as_it_grows_and_costs_what_it_would_have(door: Claude) -> None:
    """The same text, sources and tokens as when one waits for it."""
    ear = Ear()
    heard = await door.listen(question(), ear)
    waited = await door.ask(question())

    assert all(after.startswith(before) for before, after in pairwise(ear.heard))
    assert (ear.heard[-1], ear.cited) == (heard.text, frozenset({"delivery.md"}))
    assert heard.usable
    assert (heard.text, heard.citations) == (waited.text, waited.citations)
    assert _paid(heard) == _paid(waited)
    assert heard.call.request_id


def _paid(completion: Completion) -> tuple[int, int, int]:
    call = completion.call
    seen = call.input_tokens + call.cache_write_5m_tokens + call.cache_read_tokens
    return seen, call.output_tokens, call.attempts


async def test_a_listener_that_has_had_enough_ends_the_call(
    claude: ClaudeEmulator, door: Claude
) -> None:
    """The API notices, and the ledger has the input and the text that came."""
    claude.faults.add("stream_hold", text="Delivery takes three working days. " * 20)
    stopped = await door.listen(question(), Ear(enough=3))
    (call,) = claude.calls
    await call.over.wait()

    assert call.error_type == "client_gone"
    assert (stopped.call.status, stopped.usable) == ("stopped", False)
    assert stopped.call.input_tokens + stopped.call.cache_write_5m_tokens > 0
    assert stopped.call.output_tokens >= len(stopped.text) / 2.5 > 40
    assert stopped.call.nano_dollars > 0


async def test_stopping_from_outside_does_not_wait_for_the_next_word(
    claude: ClaudeEmulator, door: Claude
) -> None:
    """While nothing comes; and once it is over, stopping does nothing."""
    held, ear = claude.faults.add("hold"), Ear()
    listening = asyncio.create_task(door.listen(question(), ear))
    await held.struck.wait()
    ear.stop()
    stopped = await listening
    ear.stop()

    assert (stopped.text, stopped.call.status, stopped.call.nano_dollars) == ("", "stopped", 0)


@pytest.mark.parametrize(
    ("kind", "reason", "paid"),
    [
        ("stream_error", "overloaded_error", True),
        ("stream_cut", "stream_cut", True),
        ("html", "not_a_message", False),
        ("spend_limit", "spend_limit", False),
    ],
)
async def test_a_stream_that_breaks_off_is_a_failure_by_name(
    claude: ClaudeEmulator, door: Claude, kind: str, reason: str, *, paid: bool
) -> None:
    """An error event has status 200 and a cut stream raises nothing: neither passes for an answer.

    What had been used by then is in the ledger.
    """
    claude.faults.add(kind, times=9)
    with pytest.raises(ModelUnavailable) as failed:
        await door.listen(question(), Ear())

    assert failed.value.reason == reason
    assert (failed.value.call.nano_dollars > 0) is paid


async def test_the_deadline_is_ours(claude: ClaudeEmulator, door: Claude) -> None:
    """A stream that stands still ends at the deadline, and is no stop."""
    claude.faults.add("stream_hold")
    with pytest.raises(ModelUnavailable) as failed:
        await door.listen(question(deadline=0.3), Ear())

    assert failed.value.reason == "deadline"
    assert failed.value.call.nano_dollars > 0


@pytest.mark.parametrize("kind", ["refusal", "truncated", "empty"])
async def test_what_ends_otherwise_is_not_usable(
    claude: ClaudeEmulator, door: Claude, kind: str
) -> None:
    """Refusals and cut replies come back priced, as they do when one waits."""
    claude.faults.add(kind)
    ended = await door.listen(question(), Ear())

    assert not ended.usable
    assert ended.call.stop_reason is not None


async def test_attempts_before_the_stream_are_counted(claude: ClaudeEmulator, door: Claude) -> None:
    """The SDK retries until the stream begins."""
    claude.faults.add("overloaded")

    assert (await door.listen(question(), Ear())).call.attempts == 2
