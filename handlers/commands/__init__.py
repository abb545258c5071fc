"""Slash commands and thread commands: their grammar, the table of verbs, and what each verb does.

A slash command is a module, `slash_ticket` or `slash_usage`; what is asked of `/ticket`, and of a
thread by `?`, is a verb.

May use: errors, slack, views, types; of bot tickets, costs, reports, runtime, config, text;
storage, to read.
Used by: the routing table, events, actions; of bot app.
"""
