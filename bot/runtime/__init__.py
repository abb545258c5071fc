"""What keeps the process going: workflows, scheduler, order, tasks, backpressure.

May use: config; storage.
Used by: the rooms that start work, app, cli; of handlers actions, commands, events.
"""
