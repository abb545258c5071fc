"""Answers from articles: written, grounded, held by the gate, shown while they are written.

May use: triage, attachments, workspace, knowledge, messages, llm, config, text, values; storage.
Used by: pipeline, tickets, app; of handlers events.
"""
