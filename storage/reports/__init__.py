"""Figures for digests, the Home and one whole ticket, and which digests were published.

May use: nightly, costs, intake, cards, tickets, db.
Used by: of bot reports, costs, cli; of handlers commands, events, actions, views.
"""
