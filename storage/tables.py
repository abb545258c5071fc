"""Every table, registered by being imported: for migrations, and for tests of the schema."""

from storage import acts, articles, cards, corrections, models, notes, relays

__all__ = ["acts", "articles", "cards", "corrections", "models", "notes", "relays"]
