"""The port to Slack: what the desk asks of a workspace, in values without Slack's words.

May use: knowledge, messages, values; of storage the posts.
Used by: every room that says something to people; of handlers actions, slack, views.
"""
