"""Files of tickets from anywhere, cut into records; every line of a file is accounted for.

`table.opened_table` is the way in. From below: `source` unpacks, `table_encoding` decodes,
`lines` counts, `cells` and `separated` read separated values, `json_scanner`, `json_elements` and
`json_records` read JSON, `ticket_columns` tells which field is what, `exports` knows the layouts of
other desks.

May use: values.
Used by: batch, imports, cli.
"""
