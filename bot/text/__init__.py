"""What a text says by itself: language, sentences, money, telling words, facts. Pure.

May use: nothing of ours. Used by: every room.
"""
