"""The ledger of calls, daily totals, budgets and alarms.

May use: tickets, db.
Used by: of bot costs, notices, reports, pipeline, runtime, cli; of handlers commands, views.
"""
