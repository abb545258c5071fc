"""Every table, registered by being imported: for migrations, and for tests of the schema."""

from storage.answers import approved
from storage.costs import alarms, budgets, daily_totals
from storage.knowledge import articles, vectors, word_counts
from storage.nightly import article_drafts
from storage.nightly import tables as nights
from storage.reports import published_digests
from storage.tickets import (
    card_notes,
    cards,
    channel_modes,
    corrections,
    idempotency,
    inbox,
    missed,
    notes,
    outbox,
    proposals,
    signs,
    watermarks,
)
from storage.tickets import tables as ticket_tables

__all__ = [
    "alarms",
    "approved",
    "article_drafts",
    "articles",
    "budgets",
    "card_notes",
    "cards",
    "channel_modes",
    "corrections",
    "daily_totals",
    "idempotency",
    "inbox",
    "missed",
    "nights",
    "notes",
    "outbox",
    "proposals",
    "published_digests",
    "signs",
    "ticket_tables",
    "vectors",
    "watermarks",
    "word_counts",
]
