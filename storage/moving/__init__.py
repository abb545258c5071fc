"""A desk's data moved from a file of SQLite to a PostgreSQL server, and compared.

May use: tables, tickets, knowledge, db.
Used by: cli.
"""
