"""What people press and fill in: buttons, forms, shortcuts, the Home tab.

May use: every other room of handlers; of bot tickets, pipeline, nightly, costs, config; storage.
Used by: the routing table, bot.app.
"""
