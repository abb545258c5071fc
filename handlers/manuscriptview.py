"""A draft of an article as Block Kit: its card in the agents' channel, and its forms."""

import json
from collections.abc import Sequence
from typing import Any

from handlers.blocks import FALLBACK, Block, context, header, parts, section
from handlers.cards import DRAFT, DRAFT_PARTS
from handlers.elements import button, field, line, paragraph, plain, select
from handlers.modals import SUBJECT, View, pieces
from handlers.mrkdwn import clipped, escape, harmless, when
from handlers.verbs import Article, ArticleForm, Field
from storage.manuscripts import Manuscript

AUDIENCES = {"public": "Customers and agents", "agents": "Agents only"}
LANGUAGE = 20
REASON = 500
TITLE = 24  # of a modal
WAITS = "Nothing is published until somebody approves it."


def manuscript_message(draft: Manuscript) -> dict[str, Any]:
    """The text and the blocks of a card: the whole draft while it waits, one line afterwards."""
    fallback = clipped(escape(f"Article draft ({draft.state}): {draft.title}"), FALLBACK)
    blocks = _waiting(draft) if draft.state == "waiting" else [section(_ended(draft))]
    return {"text": fallback, "blocks": blocks}


def edit_form(draft: Manuscript) -> View:
    """Change what a draft says; a long body stands in several fields."""
    texts = pieces(draft.body)
    blocks = [
        field(Field.TITLE, "Title", {**line(most=SUBJECT), "initial_value": draft.title[:SUBJECT]}),
        *(
            field(f"{Field.TEXT}{place or ''}", "Article" if not place else "…", paragraph(text))
            for place, text in enumerate(texts)
        ),
        field(Field.AUDIENCE, "Who may read it", select(AUDIENCES, draft.audience)),
        field(
            Field.LANGUAGE,
            "Language",
            {**line(hint="en, vi, …", most=LANGUAGE), "initial_value": draft.language[:LANGUAGE]},
        ),
        context("It goes on waiting for approval."),
    ]
    return _form(ArticleForm.EDIT, draft, len(texts), "Edit article", "Save", blocks)


def reject_form(draft: Manuscript) -> View:
    """Say why a draft is no article."""
    blocks = [
        field(Field.REASON, "What is wrong with it?", {**paragraph(""), "max_length": REASON}),
        context("It is kept, so that drafts can get better."),
    ]
    return _form(ArticleForm.REJECT, draft, 1, "Reject article", "Reject", blocks)


def _waiting(draft: Manuscript) -> list[Block]:
    body = parts(clipped(harmless(draft.body), DRAFT), DRAFT_PARTS)
    facts = [
        f"From *T-{draft.ticket_id}*, solved {when(draft.solved_at)}",
        AUDIENCES.get(draft.audience, escape(draft.audience)),
        escape(draft.language),
        f"edited by <@{draft.edited_by}>" if draft.edited_by else escape(draft.model),
    ]
    number = str(draft.number)
    buttons = [
        button(Article.APPROVE, "Approve", number, primary=True),
        button(Article.EDIT, "Edit", number),
        button(Article.REJECT, "Reject", number),
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


def _warnings(draft: Manuscript) -> list[str]:
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


def _ended(draft: Manuscript) -> str:
    about = f"*{escape(clipped(draft.title, SUBJECT))}* (from T-{draft.ticket_id})"
    by = f"by <@{draft.decided_by}>" if draft.decided_by else ""
    match draft.state:
        case "rejected":
            return f"🗑️ {about} rejected {by}: {escape(clipped(draft.reason or '', REASON))}"
        case "filed":
            return f"📗 {about} approved {by}: `{escape(draft.source or '')}`{_without_file(draft)}"
        case _:
            return f"📗 {about} approved {by}, being filed"


def _without_file(draft: Manuscript) -> str:
    if not draft.problem:
        return ""
    told = "So the article stands in the desk's own table, where answers find it, and in no file."
    return f"\n:warning: {escape(draft.problem)}. {told}"


def _form(
    form: ArticleForm, draft: Manuscript, fields: int, title: str, submit: str, blocks: list[Block]
) -> View:
    return {
        "type": "modal",
        "callback_id": form,
        "private_metadata": json.dumps({"draft": draft.number, "fields": fields}),
        "title": plain(clipped(title, TITLE)),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }
