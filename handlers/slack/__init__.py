"""How Slack reaches us, and what we ask of it: posts, streams, files, status, people, checks.

May use: web_api, manifest, views; of bot the ports (workspace, attachments, notices, reports),
tickets, checks, messages, config, text; storage, to read.
Used by: the routing table, actions, events, commands, errors, middleware; of bot app.
"""
