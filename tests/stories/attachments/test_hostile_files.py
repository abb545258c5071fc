"""Hostile files in messages: whoever sent them is told, and nobody else notices."""

import pytest

from tests.support.hostile_files import hostile_files
from tests.support.questions import WARRANTY
from tests.support.workspace import Workspace

LIMITS = """
[readers]
seconds = 20
processor_seconds = 2
memory_mb = 100
megapixels = 5
children = 2
"""
SENT = {
    "one-stream-many-pages.pdf": "reading it took too long",
    "stream-bomb.pdf": "it is too large for me",
    "pixels.png": "it is too large for me",
    "deep-tables.docx": "the file is damaged",
    "entities.docx": "the file is damaged",
    "many-pages.pdf": "it is too large for me",
}


@pytest.mark.long
async def test_six_hostile_files_keep_nobody_waiting_and_each_sender_is_told(
    place: Workspace,
) -> None:
    """Another customer is answered while they are read, and each sender has an answer too."""
    await place.start(LIMITS)
    files = hostile_files()
    sent = {
        name: await place.linh.post(place.orders, WARRANTY, files=[(name, files[name])])
        for name in SENT
    }
    tom = place.slack.add_user("tom", real_name="Tom")
    await tom.join(place.orders)
    asked = await tom.post(place.orders, WARRANTY)
    await place.until(lambda: place.replies(asked))
    while_reading = place.replies(sent["one-stream-many-pages.pdf"])
    await place.settled()

    assert while_reading == []
    for name, why in SENT.items():
        answer, line = place.replies(sent[name])
        assert "24 months" in answer
        assert line.startswith(f"I couldn't read {name}: {why}")
        row = await place.row(sent[name])
        assert row is not None
        assert row.outcome == "answered"
