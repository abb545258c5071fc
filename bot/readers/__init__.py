"""Files as text: one reader for each kind, and the registry that chooses among them.

May use: nothing of ours. Used by: knowledge, attachments and the command line. A new kind of file
is a new reader in `registry.READERS`, and in `registry.DOCUMENTS` when people may attach it.
"""
