"""Answers that were approved, posted, or begun as a stream.

May use: costs, tickets, db.
Used by: of bot answers, pipeline, tickets.
"""
