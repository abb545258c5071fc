"""The nightly run: the day's solved tickets summarised, and articles drafted from them.

May use: tickets, batch, costs, workspace, knowledge, notices, summaries, llm, runtime, config,
values; storage.
Used by: app; of handlers actions.
"""
