"""Keys and API versions."""

import pytest
from anthropic import (
    AsyncAnthropic,
    AuthenticationError,
    BadRequestError,
)

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    ask,
)


async def test_a_wrong_key_is_a_401(claude: ClaudeEmulator) -> None:
    """And the error type is authentication_error."""
    async with AsyncAnthropic(base_url=claude.url, api_key="wrong") as stranger:
        with pytest.raises(AuthenticationError) as refused:
            await ask(stranger)

    assert refused.value.type == "authentication_error"


async def test_a_gateway_key_in_x_api_key_is_accepted(claude: ClaudeEmulator) -> None:
    """Either header opens the door."""
    headers = {"x-api-key": claude.api_key}
    async with AsyncAnthropic(base_url=claude.url, api_key="x", default_headers=headers) as client:
        assert (await ask(client)).stop_reason == "end_turn"


async def test_the_old_api_version_still_takes_sampling_parameters(client: AsyncAnthropic) -> None:
    """A client pinned to 2023-06-01 keeps them."""
    reply = await ask(
        client,
        extra_headers={"anthropic-version": "2023-06-01"},
        extra_body={"temperature": 0.5},
    )

    assert reply.stop_reason == "end_turn"


async def test_an_unknown_api_version_is_a_400(client: AsyncAnthropic) -> None:
    """As is a missing one."""
    with pytest.raises(BadRequestError, match="anthropic-version"):
        await ask(client, extra_headers={"anthropic-version": "1999-01-01"})
