"""The only room that asks Claude: requests, replies, streams, batches, prompts, prices.

May use: config, values.
Used by: the rooms that ask a model, costs, checks, messages, app, cli.
"""
