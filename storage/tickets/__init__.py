"""Tickets and what belongs to one: its messages, states, changes with their audit, outbox, search.

May use: db, text.
Used by: every room that works on tickets, in all three packages.
"""
