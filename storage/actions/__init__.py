"""What people do to tickets and to drafts of articles, each as one transaction.

The rules are pure functions of `bot/`, handed in, which see what is stored at that moment and
answer what is to be written.

May use: answers, nightly, costs, intake, cards, tickets, knowledge, db, text.
Used by: of bot tickets, nightly.
"""
