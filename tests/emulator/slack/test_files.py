"""Files in both directions."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.emulator.slack.conftest import Desk


async def fetch(url: str, token: str) -> tuple[str, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.content_type, await response.read()


async def test_the_app_uploads_a_file_in_two_steps(desk: Desk) -> None:
    """The SDK's files_upload_v2; the message appears a moment after the reply."""
    await desk.client.files_upload_v2(
        channel=desk.orders.id, filename="bill.csv", content="a,b\n", initial_comment="The bill"
    )
    await desk.slack.until(lambda: desk.slack.messages(desk.orders))
    message = desk.slack.messages(desk.orders)[0]

    assert (message.text, message.files[0]["name"]) == ("The bill", "bill.csv")
    kind, content = await fetch(message.files[0]["url_private"], desk.slack.bot_token)
    assert (kind, content) == ("text/csv", b"a,b\n")


async def test_a_file_never_uploaded_cannot_be_shared(desk: Desk) -> None:
    """The second step without the first."""
    asked = await desk.client.files_getUploadURLExternal(filename="a.txt", length=3)

    with pytest.raises(SlackApiError, match="file_not_found"):
        await desk.client.files_completeUploadExternal(
            files=[{"id": asked["file_id"], "title": "a"}], channel_id=desk.orders.id
        )


async def test_a_persons_screenshot_is_a_file_share(desk: Desk, app: AsyncApp) -> None:
    """Empty text, subtype file_share, and a private address that asks for the token."""
    heard: list[dict[str, Any]] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        heard.append(event)

    await desk.linh.post(desk.orders, "", files=[("shot.png", b"\x89PNG")])
    await desk.slack.until(lambda: heard)
    file = heard[0]["files"][0]

    assert (heard[0]["subtype"], heard[0]["text"], file["mimetype"]) == (
        "file_share",
        "",
        "image/png",
    )
    assert await fetch(file["url_private"], desk.slack.bot_token) == ("image/png", b"\x89PNG")
    assert (await fetch(file["url_private"], "wrong"))[0] == "text/html"
