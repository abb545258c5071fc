"""Slash commands and thread commands: their grammar, the table of verbs, and what each verb does.

May use: errors, slack, views, types; of bot tickets, costs, reports, runtime, config, text;
storage, to read.
Used by: the routing table, events, actions; of bot app.
"""
