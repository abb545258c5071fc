"""Images in requests: what is taken, what they weigh, and what the stand-in reads of them."""

import io
import json
from base64 import b64encode
from typing import Any

import pytest
from anthropic import AsyncAnthropic, BadRequestError
from PIL import Image

from emulator.drawing import screenshot
from tests.emulator.claude.desk import HAIKU, SCHEMA, SYSTEM, TEXT, maybe, record, text_of


def png(width: int = 10, height: int = 10) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def image(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    encoded = b64encode(data).decode()
    source = {"type": "base64", "media_type": media_type, "data": encoded}
    return {"type": "image", "source": source}


async def ask(client: AsyncAnthropic, *content: Any, **more: Any) -> Any:
    return await client.messages.create(
        model=HAIKU,
        max_tokens=400,
        system=SYSTEM,
        messages=[{"role": "user", "content": list(content)}],
        thinking={"type": "disabled"},
        **more,
    )


def form(schema: dict[str, Any]) -> dict[str, Any]:
    return {"format": {"type": "json_schema", "schema": schema}}


async def test_a_screenshot_without_words_is_read(client: AsyncAnthropic) -> None:
    """By the words that the file carries beside its pixels."""
    shown = image(screenshot("Please cancel my order 48213"))
    schema = record(**SCHEMA["properties"], seen=maybe(TEXT))
    said = json.loads(
        text_of(
            await ask(
                client,
                shown,
                {"type": "text", "text": "<message>\n\n</message>"},
                output_config=form(schema),
            )
        )
    )

    assert said["intent"] == "cancel_order"
    assert said["entities"]["order_ids"] == ["48213"]
    assert said["seen"] == "Please cancel my order 48213"


async def test_a_mute_picture_says_nothing(client: AsyncAnthropic) -> None:
    """Without any words in it the message is all there is."""
    schema = record(seen=maybe(TEXT), summary=TEXT)
    text = {"type": "text", "text": "<message>\nWhere is it?\n</message>"}
    said = json.loads(text_of(await ask(client, image(png()), text, output_config=form(schema))))

    assert said == {"seen": None, "summary": "Where is it?"}


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        (image(png(), "image/bmp"), "media_type"),
        (image(png(), "image/jpeg"), "appears to be a image/png"),
        (image(b"no picture"), "Could not process image"),
        (image(png(8_001, 10)), "8000 pixels"),
        (image(png() + b"\0" * 4_000_000), "exceeds 5 MB"),
        ({"type": "image", "source": {"type": "base64", "media_type": "image/png"}}, "data"),
        (
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": "§"},
            },
            "base64",
        ),
    ],
)
async def test_what_the_api_refuses(
    client: AsyncAnthropic, block: dict[str, Any], complaint: str
) -> None:
    """A wrong type, other bytes than it says, too large, none at all."""
    with pytest.raises(BadRequestError, match=complaint):
        await ask(client, block, {"type": "text", "text": "Hm"})


async def test_too_many_are_refused(client: AsyncAnthropic) -> None:
    """More than a hundred; above twenty each has to be smaller."""
    text = {"type": "text", "text": "Hm"}
    with pytest.raises(BadRequestError, match="at most 100"):
        await ask(client, *[image(png())] * 101, text)
    with pytest.raises(BadRequestError, match="2000 pixels"):
        await ask(client, *[image(png(2_001, 10))] * 21, text)


@pytest.mark.parametrize(
    ("size", "tokens"), [((750, 100), 100), ((1_000, 1_000), 1_334), ((6_000, 3_000), 1_600)]
)
async def test_a_picture_weighs_by_its_size(
    client: AsyncAnthropic, size: tuple[int, int], tokens: int
) -> None:
    """Width times height by 750, scaled down first."""
    text = {"type": "text", "text": "Hm"}

    async def count(*content: Any) -> int:
        counted = await client.messages.count_tokens(
            model=HAIKU, messages=[{"role": "user", "content": list(content)}]
        )
        return counted.input_tokens

    assert await count(image(png(*size)), text) - await count(text) == tokens
