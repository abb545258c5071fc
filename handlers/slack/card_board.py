"""The cards in the agents' channel, and what stands under them."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.card import Card
from bot.workspace.posts import Note, Posted
from handlers.slack.people import People
from handlers.slack.permalinks import Permalinks
from handlers.views.blocks import note_message
from handlers.views.ticket_card import card_message
from handlers.web_api.call_priority import CallPriority, calls_as, prioritised
from handlers.web_api.posting import Poster, update_post

# Seconds for which a card believes what is known of its requester.
APART = 60.0


class CardBoard:
    """Posts and redraws cards; what it promises stands in `bot.workspace.port.Workspace`."""

    def __init__(
        self,
        client: AsyncWebClient,
        poster: Poster,
        permalinks: Permalinks,
        people: People,
        channel: str,
    ) -> None:
        self._client = client
        self._poster = poster
        self._permalinks = permalinks
        self._people = people
        self.channel = channel

    async def card(self, card: Card, *, edition: int, recovered: bool) -> Posted:
        """Put a ticket before the agents; raises CannotPost."""
        message = await self._drawn(card)
        key = f"card:{card.ticket_id}:{edition}"
        with calls_as(CallPriority.HAND_OVER if card.handed_over else CallPriority.CARD):
            ts = await self._poster.post(key, message, after=card.ts, recovered=recovered)
        return Posted(
            key=key,
            kind="card",
            channel=self.channel,
            ts=ts,
            text=message["text"],
            picture=_picture(message),
        )

    async def _drawn(self, card: Card) -> dict[str, Any]:
        """A card as a message, with what Slack knows of its place and its requester."""
        link = await self._permalinks.link(card.channel, card.ts)
        requester = await self._people.find(card.requester, within=APART)
        text, blocks = card_message(card, link, requester.apart if requester else None)
        return {"channel": self.channel, "text": text, "blocks": blocks}

    @prioritised(CallPriority.CARD)
    async def redraw(self, card: Card, ts: str, picture: str) -> str | None:
        """Bring a card up to date in place; None when it was deleted. Raises CannotPost."""
        message = await self._drawn(card)
        drawn = _picture(message)
        if drawn == picture:
            return drawn
        there = await update_post(self._client, "a card", ts=ts, **message)
        return drawn if there else None

    @prioritised(CallPriority.NOTE)
    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card; raises CannotPost."""
        link = await self._permalinks.link(*note.place) if note.place else None
        text = note_message(note, link)
        message = {
            "channel": self.channel,
            "thread_ts": note.card_ts,
            "text": text,
            "reply_broadcast": note.loud,
        }
        ts = await self._poster.post(note.key, message, after=note.card_ts, recovered=recovered)
        return Posted(key=note.key, kind="note", channel=self.channel, ts=ts, text=note.text)


def _picture(message: Mapping[str, Any]) -> str:
    """A digest of what a message looks like."""
    shown = json.dumps([message["text"], message["blocks"]], sort_keys=True)
    return sha256(shown.encode()).hexdigest()[:16]
