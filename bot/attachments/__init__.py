"""Files of customers: fetched, looked at, read in parts, noted.

May use: workspace, messages, summaries, llm, runtime, config, readers, text, values; storage.
Used by: triage, answers, pipeline, app; of handlers slack.
"""
