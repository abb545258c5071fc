"""What `deskhand check` and `deskhand doctor` find, all but Slack.

May use: knowledge, llm, config, unreached; storage.
Used by: app, cli; of handlers slack.
"""
