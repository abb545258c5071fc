"""A running stand-in and the unmodified client pointed at it."""

from collections.abc import AsyncIterator

import pytest
from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

from emulator.claude import ClaudeEmulator


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeEmulator]:
    """A stand-in without latency."""
    async with ClaudeEmulator() as running:
        yield running


@pytest.fixture
async def client(claude: ClaudeEmulator) -> AsyncIterator[AsyncAnthropic]:
    """The real client; it does not retry, so that each fault is seen as it comes."""
    plain = DefaultAsyncHttpxClient(verify=False)  # loopback: no certificates to load
    async with AsyncAnthropic(
        base_url=claude.url, api_key=claude.api_key, max_retries=0, timeout=10, http_client=plain
    ) as connected:
        yield connected
