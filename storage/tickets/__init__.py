"""Tickets and all that belongs to one: messages, changes, notes, outbox, cards, search."""
