"""What we ask of Slack: posts, streams, files, status, people, checks.

May use: connection, web_api, manifest, views; of bot the ports (workspace, attachments, notices,
reports), tickets, checks, messages, config, text; storage, to read.
Used by: the routing table, actions, events, commands, errors, middleware; of bot app.
"""
