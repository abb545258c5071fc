"""What people press and fill in: buttons, forms, shortcuts, the Home tab.

May use: events, commands, errors, slack, web_api, views, types; of bot tickets, pipeline, nightly,
costs, messages, workspace, runtime, config; storage, to read.
Used by: the routing table; of bot app.
"""
