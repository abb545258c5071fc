"""The store: tables, queries and migrations. Imports nothing of the rest of Deskhand."""
