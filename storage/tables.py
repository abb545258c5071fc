"""Every table, registered by being imported: for migrations, and for tests of the schema."""

from storage.answers import approved
from storage.cards import card_notes, cards, signs
from storage.costs import alarms, budgets, daily_totals
from storage.customers import connections
from storage.intake import idempotency, inbox, missed, notes, watermarks
from storage.knowledge import articles, vectors, word_counts
from storage.nightly import article_drafts
from storage.nightly import tables as nights
from storage.reports import published_digests
from storage.stories import author_bursts, live_processes, steps, turns
from storage.tickets import (
    channel_modes,
    corrections,
    issues,
    outbox,
    proposals,
    switches,
    webhooks,
)
from storage.tickets import tables as ticket_tables

__all__ = [
    "alarms",
    "approved",
    "article_drafts",
    "articles",
    "author_bursts",
    "budgets",
    "card_notes",
    "cards",
    "channel_modes",
    "connections",
    "corrections",
    "daily_totals",
    "idempotency",
    "inbox",
    "issues",
    "live_processes",
    "missed",
    "nights",
    "notes",
    "outbox",
    "proposals",
    "published_digests",
    "signs",
    "steps",
    "switches",
    "ticket_tables",
    "turns",
    "vectors",
    "watermarks",
    "webhooks",
    "word_counts",
]
