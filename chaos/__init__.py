"""Everything goes wrong at once, and a checker that is no part of the product says what came of it.

`python -m chaos` plays a desk on emulators: people write, agents act, Slack and Claude fail, and
processes are killed. What people should see is then read from the transcript and the databases.
It speaks to the product by its processes and its rows alone.
"""
