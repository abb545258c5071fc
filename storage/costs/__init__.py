"""The ledger of calls, daily totals, budgets and alarms.

May use: intake, cards, tickets, db.
Used by: answers, nightly, reports; of bot costs, notices, reports, runtime, cli; of handlers
commands.
"""
