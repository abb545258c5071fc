"""The port to Slack: what the desk asks of a workspace, in values without Slack's words.

May use: knowledge, messages, values. Used by: every room that says something to people.
"""
