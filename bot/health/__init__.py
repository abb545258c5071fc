"""How well the desk itself is: found by looks at its parts, told to agents and to machines.

May use: notices, runtime, config, metrics.
Used by: app; of handlers the Home.
"""
