"""The guard of the money: budgets, spending, monitor, estimates, recosting.

`spending` is asked before money is spent, `budget_watch` tells people of budgets, `monitor` raises
alarms, `estimate` works out a month beforehand, `recost` counts again.

May use: messages, notices, llm, config, text, values; storage.
Used by: reports, batch, pipeline, nightly, app, cli; of handlers all that shows or lifts budgets.
"""
