"""Slash commands and thread commands: their grammar, and what each does.

May use: slack, views, background; of bot tickets, costs, reports, config; storage.
Used by: the routing table, events, actions, bot.app.
"""
