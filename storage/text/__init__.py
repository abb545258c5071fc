"""Words as they are stored and compared: folded, without accents and endings.

May use: nothing of ours.
Used by: knowledge, tickets; of bot text, triage, answers, knowledge, nightly.
"""
