"""Events of Slack: messages, agents' words and reactions, the agent pane, the Home that is opened.

May use: commands, errors, slack, web_api, views, types; of bot pipeline, tickets, answers, triage,
costs, messages, runtime, config; storage, to read.
Used by: the routing table, actions; of bot app.
"""
