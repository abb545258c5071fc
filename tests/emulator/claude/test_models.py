"""The table of models."""

import pytest
from anthropic import (
    AsyncAnthropic,
    NotFoundError,
)

from emulator.claude import ClaudeEmulator
from tests.emulator.claude.desk import (
    HAIKU,
    ask,
)


async def test_an_unknown_model_is_a_404(client: AsyncAnthropic) -> None:
    """With type not_found_error."""
    with pytest.raises(NotFoundError) as refused:
        await ask(client, model="claude-nonsense-9")

    assert refused.value.type == "not_found_error"


async def test_models_are_listed_newest_first_in_pages(client: AsyncAnthropic) -> None:
    """Paging by cursor loses none and doubles none."""
    paged = [model.id async for model in client.models.list(limit=2)]
    whole = (await client.models.list(limit=100)).data

    assert paged == [model.id for model in whole]
    assert [m.created_at for m in whole] == sorted((m.created_at for m in whole), reverse=True)


async def test_a_model_tells_its_lifecycle_and_capabilities(client: AsyncAnthropic) -> None:
    """Aliases work; unknown ids are a 404."""
    old = await client.models.retrieve("claude-sonnet-4-5")
    haiku = await client.models.retrieve(HAIKU)

    assert (old.lifecycle, old.retires_at and old.retires_at.date().isoformat()) == (
        "deprecated",
        "2026-11-30",
    )
    assert haiku.capabilities is not None
    assert haiku.capabilities.thinking.types.disabled.supported
    assert not haiku.capabilities.thinking.types.enabled.supported
    with pytest.raises(NotFoundError):
        await client.models.retrieve("claude-nonsense-9")


async def test_a_model_can_be_retired_by_a_test(
    claude: ClaudeEmulator, client: AsyncAnthropic
) -> None:
    """A retired model is listed but not served; each emulator has its own table."""
    claude.models[HAIKU].lifecycle = "retired"

    with pytest.raises(NotFoundError):
        await ask(client)

    assert (await client.models.retrieve(HAIKU)).lifecycle == "retired"
