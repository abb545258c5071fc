"""What people do to tickets and to drafts of articles, each as one transaction.

May use: answers, nightly, costs, tickets, knowledge, db. The rules are pure functions of `bot/`,
handed in, which see what is stored at that moment and answer what is to be written.
"""
