"""Customers as the desk's own systems know them: accounts that were connected by a signed link.

May use: db.
Used by: bot.
"""
