"""What comes in: kept before it is acknowledged, taken into a ticket, edited or taken back.

May use: cards, tickets, db, text.
Used by: the events, the pipeline, the imports and what takes in what was missed.
"""
