"""Files of customers: fetched, looked at, read in parts, noted.

May use: summaries, workspace, messages, llm, text. Used by: pipeline.
"""
