"""A draft of an article as Block Kit: its card in the agents' channel, and its forms."""

import json
from collections.abc import Sequence
from typing import Any

from handlers.views.blocks import FALLBACK, Block, context, header, section, section_parts
from handlers.views.elements import (
    button,
    field,
    line_input,
    paragraph_input,
    plain_text_object,
    select,
)
from handlers.views.ids import ArticleActionId, ArticleFormId, FieldId
from handlers.views.modals import SUBJECT, View, field_pieces
from handlers.views.mrkdwn import clipped, escape, harmless_mrkdwn, local_time
from handlers.views.ticket_card import DRAFT, DRAFT_PARTS
from storage.nightly.article_drafts import ArticleDraft

AUDIENCES = {"public": "Customers and agents", "agents": "Agents only"}
LANGUAGE = 20
REASON = 500
TITLE = 24  # of a modal
WAITS = "Nothing is published until somebody approves it."


def article_draft_message(draft: ArticleDraft) -> dict[str, Any]:
    """The text and the blocks of a card: the whole draft while it waits, one line afterwards."""
    fallback = clipped(escape(f"Article draft ({draft.state}): {draft.title}"), FALLBACK)
    blocks = _waiting(draft) if draft.state == "waiting" else [section(_ended(draft))]
    return {"text": fallback, "blocks": blocks}


def edit_form(draft: ArticleDraft) -> View:
    """Change what a draft says; a long body stands in several fields."""
    texts = field_pieces(draft.body)
    blocks = [
        field(
            FieldId.TITLE,
            "Title",
            {**line_input(most=SUBJECT), "initial_value": draft.title[:SUBJECT]},
        ),
        *(
            field(
                f"{FieldId.TEXT}{place or ''}",
                "Article" if not place else "…",
                paragraph_input(text),
            )
            for place, text in enumerate(texts)
        ),
        field(FieldId.AUDIENCE, "Who may read it", select(AUDIENCES, draft.audience)),
        field(
            FieldId.LANGUAGE,
            "Language",
            {
                **line_input(hint="en, vi, …", most=LANGUAGE),
                "initial_value": draft.language[:LANGUAGE],
            },
        ),
        context("It goes on waiting for approval."),
    ]
    return _form(ArticleFormId.EDIT, draft, len(texts), "Edit article", "Save", blocks)


def reject_form(draft: ArticleDraft) -> View:
    """Say why a draft is no article."""
    blocks = [
        field(
            FieldId.REASON, "What is wrong with it?", {**paragraph_input(""), "max_length": REASON}
        ),
        context("It is kept, so that drafts can get better."),
    ]
    return _form(ArticleFormId.REJECT, draft, 1, "Reject article", "Reject", blocks)


def _waiting(draft: ArticleDraft) -> list[Block]:
    body = section_parts(clipped(harmless_mrkdwn(draft.body), DRAFT), DRAFT_PARTS)
    facts = [
        f"From *T-{draft.ticket_id}*, solved {local_time(draft.solved_at)}",
        AUDIENCES.get(draft.audience, escape(draft.audience)),
        escape(draft.language),
        f"edited by <@{draft.edited_by}>" if draft.edited_by else escape(draft.model),
    ]
    number = str(draft.number)
    buttons = [
        button(ArticleActionId.APPROVE, "Approve", number, primary=True),
        button(ArticleActionId.EDIT, "Edit", number),
        button(ArticleActionId.REJECT, "Reject", number),
    ]
    blocks = [
        header(f"📝 Article draft · {draft.title}"),
        section(" · ".join(facts)),
        *(section(part) for part in body if part.strip()),
    ]
    if draft.personal:
        del buttons[0]
    blocks += [section(warning) for warning in _warnings(draft)]
    return [*blocks, {"type": "actions", "elements": buttons}, context(WAITS)]


def _warnings(draft: ArticleDraft) -> list[str]:
    certain = [each for each in draft.findings if each["certain"]]
    perhaps = [each for each in draft.findings if not each["certain"]]
    told = []
    if certain:
        told.append(f":no_entry: The customer's own, to be taken out first: {_listed(certain)}")
    if perhaps:
        told.append(f":warning: Looks personal, please check: {_listed(perhaps)}")
    return told


def _listed(findings: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{each['kind']} `{escape(each['text'])}`" for each in findings)


def _ended(draft: ArticleDraft) -> str:
    about = f"*{escape(clipped(draft.title, SUBJECT))}* (from T-{draft.ticket_id})"
    by = f"by <@{draft.decided_by}>" if draft.decided_by else ""
    match draft.state:
        case "rejected":
            return f"🗑️ {about} rejected {by}: {escape(clipped(draft.reason or '', REASON))}"
        case "filed":
            return f"📗 {about} approved {by}: `{escape(draft.source or '')}`{_without_file(draft)}"
        case _:
            return f"📗 {about} approved {by}, being filed"


def _without_file(draft: ArticleDraft) -> str:
    if not draft.problem:
        return ""
    told = "So the article stands in the desk's own table, where answers find it, and in no file."
    return f"\n:warning: {escape(draft.problem)}. {told}"


def _form(
    form: ArticleFormId,
    draft: ArticleDraft,
    fields: int,
    title: str,
    submit: str,
    blocks: list[Block],
) -> View:
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps({"draft": draft.number, "fields": fields}),
        "title": plain_text_object(clipped(title, TITLE)),
        "submit": plain_text_object(submit),
        "close": plain_text_object("Cancel"),
        "blocks": blocks,
    }
