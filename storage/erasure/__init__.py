"""What people wrote, taken out of the database for ever; what the figures count stays.

May use: nightly, answers, costs, intake, cards, tickets, customers, stories, db.
Used by: of bot app, cli.
"""
