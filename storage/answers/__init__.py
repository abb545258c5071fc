"""Answers that were approved, posted, or begun as a stream, and what became of each message.

May use: costs, tickets, db.
Used by: of bot answers, pipeline, tickets.
"""
