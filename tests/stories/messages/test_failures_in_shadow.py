"""What goes wrong where the bot only watches: it is kept with its reference, and nobody is told."""

import pytest
from sqlalchemy import text

from storage.db.database import Session
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace


@pytest.mark.parametrize(("mode", "lines"), [("shadow", 0), ("auto", 1)])
async def test_a_story_that_fails_is_told_only_where_the_bot_speaks(
    place: Workspace, mode: str, lines: int
) -> None:
    """A hole in the store: in shadow the customer never hears that there is a bot."""

    def dig(session: Session, key: str) -> None:
        session.execute(text("DELETE FROM messages WHERE key = :key"), {"key": key})

    await place.start(f'[[channels]]\nid = "{place.orders.id}"\nmode = "{mode}"\n')
    asked, fault = await place.held(place.linh, DELIVERY)
    await place.running.store.write(dig, place.key(asked))
    fault.released.set()
    await place.settled()

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "failed"
    assert decision.reference
    assert len(place.replies(asked)) == lines
