"""Events of Slack: messages, agents' words and reactions, the agent pane.

May use: commands, slack, views, background; of bot pipeline, tickets, messages, config; storage.
Used by: the routing table, actions, bot.app.
"""
