"""The database: connections, transactions, migrations, column types.

May use: nothing of ours.
Used by: every room that reads or writes.
"""
