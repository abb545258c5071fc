"""The guard of the money: budgets, spending, monitor, estimates, recosting.

`spending` is asked before money is spent, `budget_watch` tells people of budgets, `monitor` raises
alarms, `estimate` works out a month beforehand, `recost` counts again.

May use: llm, notices, config, text, storage. Used by: pipeline, reports, nightly, batch, cli.
"""
