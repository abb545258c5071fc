"""Answers that were approved, posted, or begun as a stream, and what became of each message.

May use: costs, intake, cards, tickets, knowledge, db, text.
Used by: actions; of bot answers, pipeline, app.
"""
