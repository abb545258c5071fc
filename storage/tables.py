"""Every table, registered by being imported: for migrations, and for tests of the schema."""

from storage import (
    acts,
    alarms,
    approvals,
    articles,
    budgets,
    cards,
    corrections,
    daybook,
    inbox,
    manuscripts,
    models,
    nights,
    notes,
    publications,
    relays,
    vocabulary,
)

__all__ = [
    "acts",
    "alarms",
    "approvals",
    "articles",
    "budgets",
    "cards",
    "corrections",
    "daybook",
    "inbox",
    "manuscripts",
    "models",
    "nights",
    "notes",
    "publications",
    "relays",
    "vocabulary",
]
