"""The nightly run: the day's solved tickets summarised, and articles drafted from them.

May use: batch, summaries, costs, tickets, workspace, llm, text, storage. Used by: app, handlers.
"""
