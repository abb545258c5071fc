"""Nightly runs and the article drafts that come of them.

May use: costs, intake, cards, tickets, db.
Used by: actions, reports; of bot nightly, cli; of handlers slack, views.
"""
