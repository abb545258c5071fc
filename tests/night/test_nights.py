"""Nights: the day's solved tickets are summarised and drafted from in batches, each once."""

from datetime import timedelta

from storage import nights
from storage.search import Wanted, find
from tests.night.conftest import ASKED, Nights


async def test_a_solved_ticket_is_summarised_at_night_and_found_by_it(night: Nights) -> None:
    """The summary lands on the ticket, its words in the search, its cost in the ledger."""
    await night.start()
    asked = await night.solved()
    await night.over()

    ticket = await night.ticket(asked)
    assert ticket.summary
    assert await night.night() == ("done", None)
    assert sorted(call.purpose for call in await night.batched()) == ["article", "summary"]
    assert all(call.ticket_id == ticket.id for call in await night.batched())
    assert all(call.nano_dollars > 0 for call in await night.batched())
    (card,) = night.cards()
    assert "film on the heating plate" in str(card.blocks)
    assert night.files() == []
