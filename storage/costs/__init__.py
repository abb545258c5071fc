"""The ledger of calls, daily totals, budgets and alarms."""
