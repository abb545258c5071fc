"""The composition root: settings and a desk in, a running bot out.

`bot` is that: `resources` opens what has to be closed, `build` joins the parts (`services`)
without waiting. What may run durably is told by `workflows`, what runs at certain times by
`jobs`, who hears Slack by `listeners`. The commands have modules of their own, which import no
more than each needs: `checks`, `doctor`, `digests`, `manifest`, `setup`.

May use: every room of bot but cli; storage; and, alone in bot, the handlers.
Used by: cli, demo.
"""
