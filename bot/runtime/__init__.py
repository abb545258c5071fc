"""What keeps the process going: workflows, scheduler, thread order, tasks, backpressure.

May use: config, text, values, storage. Used by: the rooms that start work, and app.
"""
