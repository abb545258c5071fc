"""Every table, registered by being imported: for migrations, and for tests of the schema."""

from storage.answers import approved as approvals
from storage.costs import alarms, budgets
from storage.costs import daily_totals as daybook
from storage.knowledge import articles, vectors
from storage.knowledge import word_counts as vocabulary
from storage.nightly import article_drafts
from storage.nightly import tables as nights
from storage.reports import published_digests as publications
from storage.tickets import cards, channel_modes, corrections, inbox, models, notes, outbox
from storage.tickets import idempotency as acts

__all__ = [
    "acts",
    "alarms",
    "approvals",
    "article_drafts",
    "articles",
    "budgets",
    "cards",
    "channel_modes",
    "corrections",
    "daybook",
    "inbox",
    "models",
    "nights",
    "notes",
    "outbox",
    "publications",
    "vectors",
    "vocabulary",
]
