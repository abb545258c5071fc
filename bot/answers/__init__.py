"""Answers from articles: written, grounded, held by the gate, shown while they are written.

May use: knowledge, workspace, messages, llm, text. Used by: pipeline.
"""
