"""Word documents, read from their XML part by part: everything that a person sees in them.

No library that is kept gives all of it (docs/decisions/0028-documents-in-a-child.md), so the words
are taken from the XML, by lxml. Elements are known by their local names, because strict and
transitional documents have different namespaces.
"""

from bot.readers.word.document_text import read_word as read_word
