"""The guard of the money: budgets, spending, monitor, estimates, recosting.

May use: llm, notices, config, text, storage. Used by: pipeline, reports, nightly, batch, cli.
"""
