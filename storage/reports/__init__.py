"""Figures for digests and Home, and which digests were published.

May use: nightly, costs, tickets, db.
Used by: of bot reports, costs, cli; of handlers commands, actions, views.
"""
