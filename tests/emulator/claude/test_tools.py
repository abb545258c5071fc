"""Tools: used by description and schema, in parallel and in rounds; the API's rules about them."""

from typing import Any

import pytest
from anthropic import AsyncAnthropic, BadRequestError

from tests.emulator.claude.desk import ask, text_of

TOOLS: list[dict[str, Any]] = [
    {
        "name": "parcel_state",
        "description": "Looks up one parcel by its code.",
        "strict": True,
        "input_schema": {
            "type": "object",
            "properties": {"code": {"type": "string", "pattern": "^PX[0-9]{4}$"}},
            "required": ["code"],
            "additionalProperties": False,
        },
    },
    {
        "name": "my_parcels",
        "description": "Lists every parcel of this customer with its code.",
        "strict": True,
        "input_schema": {
            "type": "object",
            "properties": {},
            "required": [],
            "additionalProperties": False,
        },
    },
    {
        "name": "drop",
        "description": "Cancels one parcel by its code.",
        "strict": True,
        "input_schema": {
            "type": "object",
            "properties": {"code": {"type": "string", "pattern": "^PX[0-9]{4}$"}},
            "required": ["code"],
            "additionalProperties": False,
        },
    },
]


async def said(client: AsyncAnthropic, text: str, *turns: dict[str, Any], **options: Any) -> Any:
    asked = {"role": "user", "content": f"<message>{text}</message>"}
    return await ask(client, messages=[asked, *turns], **{"tools": TOOLS, **options})


def uses(reply: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(each.name, each.input) for each in reply.content if each.type == "tool_use"]


def result(identifier: str, *lines: str) -> dict[str, Any]:
    """What a tool said, as a passage to cite."""
    passage = {
        "type": "search_result",
        "source": f"tool:{identifier}",
        "title": "depot, 14:05",
        "content": [{"type": "text", "text": "\n".join(lines)}],
        "citations": {"enabled": True},
    }
    return {"type": "tool_result", "tool_use_id": identifier, "content": [passage]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Where is parcel PX1234?", [("parcel_state", {"code": "PX1234"})]),
        (
            "Where are PX1234 and PX9999?",
            [("parcel_state", {"code": "PX1234"}), ("parcel_state", {"code": "PX9999"})],
        ),
        ("Please cancel parcel PX1234", [("drop", {"code": "PX1234"})]),
        ("hủy giúp mình kiện PX1234", [("drop", {"code": "PX1234"})]),
        ("Can you list every parcel of mine?", [("my_parcels", {})]),
        ("Hello!", []),
        ("Do you sell umbrellas?", []),
    ],
)
async def test_tools_are_used_as_their_schemas_say(
    client: AsyncAnthropic, text: str, wanted: list[tuple[str, dict[str, Any]]]
) -> None:
    """All at once where they do not depend on each other; none where nothing fits."""
    reply = await said(client, text)

    assert uses(reply) == wanted
    assert reply.stop_reason == ("tool_use" if wanted else "end_turn")


async def test_one_at_a_time_and_none_where_that_is_asked(client: AsyncAnthropic) -> None:
    """By `tool_choice`."""
    alone = {"type": "auto", "disable_parallel_tool_use": True}
    first = await said(client, "Where are PX1234 and PX9999?", tool_choice=alone)
    none = await said(client, "Where is PX1234?", tool_choice={"type": "none"})

    assert uses(first) == [("parcel_state", {"code": "PX1234"})]
    assert uses(none) == []


async def test_what_one_tool_found_another_is_asked_about(client: AsyncAnthropic) -> None:
    """Two rounds, then an answer that cites what was found."""
    text = "Can you list every parcel of mine?"
    first = await said(client, text)
    (use,) = [each for each in first.content if each.type == "tool_use"]
    turns: list[dict[str, Any]] = [
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [result(use.id, "parcel: PX4711", "state: in the depot")]},
    ]
    second = await said(client, text, *turns)
    (use,) = [each for each in second.content if each.type == "tool_use"]
    turns += [
        {"role": "assistant", "content": second.content},
        {"role": "user", "content": [result(use.id, "parcel: PX4711", "state: on its way")]},
    ]
    third = await said(client, text, *turns)

    assert uses(second) == [("parcel_state", {"code": "PX4711"})]
    assert "On its way" in text_of(third) or "on its way" in text_of(third)
    cited = [each for block in third.content for each in (block.citations or [])]
    assert f"tool:{use.id}" in {each.source for each in cited}


async def test_results_follow_their_uses(client: AsyncAnthropic) -> None:
    """Missing, unknown, doubled, or after other words: each is refused with the API's 400."""
    text = "Where are PX1234 and PX9999?"
    first = await said(client, text)
    used = {"role": "assistant", "content": first.content}
    one, two = (each.id for each in first.content if each.type == "tool_use")
    good = [result(one, "state: lost"), result(two, "state: found")]

    for wrong, problem in (
        ([good[0]], "without `tool_result` blocks"),
        ([*good, result("toolu_other", "x: y")], "unexpected `tool_use_id`"),
        ([*good, good[0]], "single result"),
        ([{"type": "text", "text": "so"}, *good], "must come first"),
    ):
        with pytest.raises(BadRequestError, match=problem):
            await said(client, text, used, {"role": "user", "content": wrong})
    with pytest.raises(BadRequestError, match="unexpected `tool_use_id`"):
        await said(client, text, {"role": "user", "content": good})

    assert uses(await said(client, text, used, {"role": "user", "content": good})) == []
