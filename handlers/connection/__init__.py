"""How the desk and Slack reach each other: a client with its tokens, a socket or an address.

May use: web_api; of bot config, runtime, unreached and what the workspace says of the app.
Used by: slack, events, actions, catch_up; of bot app.
"""
