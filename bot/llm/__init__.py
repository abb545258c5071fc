"""The only room that asks Claude: requests, replies, streams, batches, prompts, prices.

May use: config, text, values. Used by: the rooms that ask a model, and costs.
"""
