"""How Slack's Web API is called: each call in its turn, each post once, each list to its end.

May use: of bot what the port of the workspace says of refusals.
Used by: every room of handlers that asks Slack for something; of bot app.
"""
