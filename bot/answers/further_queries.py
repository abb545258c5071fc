"""What the articles are asked once triage has spoken, besides the message itself.

Each matter that triage found is a question of its own and counts most. Words on pictures and in
documents are asked by themselves, so that they never drown the words of the customer.
"""

from bot.attachments.contents import AttachmentContents
from bot.knowledge.queries import MESSAGE, NOTES, PICTURES, QUESTION, Query
from bot.triage.verdict import Triage

MOST_NOTES = 1_500  # characters of all documents together


def further_queries(triage: Triage, attached: AttachmentContents) -> list[Query]:
    """The questions that triage found, or else its summary; then what is read on files."""
    questions = [Query(question, QUESTION) for question in triage.questions]
    if not questions and not triage.courtesy:
        questions = [Query(triage.summary, MESSAGE)]
    notes = " ".join(document.text for document in attached.papers)[:MOST_NOTES]
    beside = [Query(triage.seen or "", PICTURES), Query(notes, NOTES)]
    return [*questions, *(query for query in beside if query.text.strip())]
