"""The article index: tables, words, ranking, search.

May use: db, text.
Used by: of bot knowledge, answers, attachments, pipeline, nightly, cli; of handlers views.
"""
