"""What stands in the agents' channel for each ticket: its card, the words under it, the signs.

May use: tickets, db, text.
Used by: intake; of bot tickets and app; of handlers the agents' channel.
"""
