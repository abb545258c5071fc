"""What we ask of Slack: posts, streams, files, status, people, checks.

May use: manifest, views; the ports of bot (workspace, attachments, notices, reports); storage.
Used by: events, commands, actions, bot.app.
"""
