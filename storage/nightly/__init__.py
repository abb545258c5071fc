"""Nightly runs and the article drafts that come of them.

May use: costs, tickets, db.
Used by: of bot nightly, cli; of handlers slack, views; reports.
"""
