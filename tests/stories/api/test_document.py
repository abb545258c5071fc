"""The OpenAPI document against the desk that gives it out: whatever it allows is taken and told so.

Requests are made from the document by schemathesis, good ones and bad ones.
"""

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from tests.support.programs import API, TOKENS, Programs

EXAMPLES = 8


@pytest.mark.long
# Schemathesis has its own randomness, which Hypothesis calls a mistake of its user's.
@pytest.mark.filterwarnings("ignore:Do not use the .random. module")
async def test_every_operation_keeps_to_its_document(api: Programs) -> None:
    """No 5xx, no status or shape that does not stand there, nothing bad that is taken."""
    await api.place.start(API, api_port=0)
    document = (await api.get(None, "/openapi.json")).told

    asked = await asyncio.to_thread(_asked, document, api.url)

    assert set(asked) == {
        "who_am_i",
        "find_tickets",
        "read_ticket",
        "open_ticket",
        "comment_on_ticket",
        "solve_ticket",
        "ask_desk",
    }


@pytest.mark.filterwarnings("ignore:Do not use the .random. module")
async def test_a_document_that_says_something_else_is_found_out(api: Programs) -> None:
    """Or the test above could not fail."""
    await api.place.start(API, api_port=0)
    document = (await api.get(None, "/openapi.json")).told
    document["paths"] = {"/v1/me": document["paths"]["/v1/me"]}
    document["components"]["schemas"]["WhoToldMe"]["required"].append("age")

    with pytest.raises(FailureGroup, match="age"):
        await asyncio.to_thread(_asked, document, api.url)


def _asked(document: dict[str, Any], url: str) -> list[str]:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=url)
    names = []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        names.append(operation.definition.raw["operationId"])
        for mode in GenerationMode:
            _hold(operation, mode)
    return names


def _hold(operation: Any, mode: GenerationMode) -> None:
    headers = {"Authorization": f"Bearer {TOKENS['helper']}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:
        case.call_and_validate(headers=headers, timeout=60)

    hold()
