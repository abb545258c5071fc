"""Answers from articles: written, put before the gate, shown while they are written, given again.

May use: triage, attachments, gate, workspace, knowledge, messages, llm, config, text, values;
storage.
Used by: pipeline, tickets, app; of handlers events.
"""
