"""What a text says by itself: language, sentences, money, telling words, facts. Pure.

May use: of storage the folding of words.
Used by: every room that reads or shows words or amounts.
"""
