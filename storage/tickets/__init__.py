"""Tickets and all that belongs to one: messages, changes, notes, outbox, cards, search.

May use: db, text.
Used by: every room that works on tickets, in all three packages.
"""
