"""The names under which Slack says what was pressed, chosen or sent off."""

from enum import StrEnum


class ActionId(StrEnum):
    """A button or menu: its `action_id`. Its value begins with the number of its ticket."""

    TAKE = "take"
    REPLY = "reply"
    SEND_DRAFT = "send_draft"
    EDIT_DRAFT = "edit_draft"
    SOLVE = "solve"
    NOT_A_REQUEST = "not_a_request"
    RESUME = "resume_bot"
    MORE = "more"
    REOPEN = "reopen"
    CATEGORY = "category"
    MERGE = "merge"
    WHY = "why"
    TELL_ALL = "tell_all"
    DO_IT = "do_it"
    EDIT_IT = "edit_it"
    DECLINE = "decline_it"
    RATE_GOOD = "rate_good"
    RATE_BAD = "rate_bad"
    SOLVED_IT = "solved_it"
    NEED_HUMAN = "need_human"
    FEEDBACK = "feedback"


class FormId(StrEnum):
    """A modal: its `callback_id`."""

    NEW_TICKET = "new_ticket_form"
    REPLY = "reply_form"
    EDIT_DRAFT = "edit_draft_form"
    EDIT_IT = "edit_it_form"
    NOT_A_REQUEST = "not_a_request_form"
    MORE = "more_form"
    MERGE = "merge_form"
    TELL_ALL = "tell_all_form"
    RATING = "rating_form"
    FEEDBACK = "feedback_form"


class ArticleActionId(StrEnum):
    """A button under a draft of an article: its `action_id`. Its value is the draft's number."""

    APPROVE = "article_approve"
    EDIT = "article_edit"
    REJECT = "article_reject"


class ArticleFormId(StrEnum):
    """A modal about a draft of an article: its `callback_id`."""

    EDIT = "article_edit_form"
    REJECT = "article_reject_form"


class FieldId(StrEnum):
    """A field of a modal: its `block_id` and its `action_id`."""

    CATEGORY = "category_field"
    TITLE = "title_field"
    DETAILS = "details_field"
    URGENCY = "urgency_field"
    PRIVATE = "private_field"
    TEXT = "text_field"
    REASON = "reason_field"
    COMMENT = "comment_field"
    OWNER = "owner_field"
    PRIORITY = "priority_field"
    WAKE = "wake_field"
    LINK = "link_field"
    TARGET = "target_field"
    AUDIENCE = "audience_field"
    LANGUAGE = "language_field"
    ARGUMENT = "argument_field"


class ShortcutId(StrEnum):
    """A message shortcut: its `callback_id`."""

    CREATE = "create_ticket"
    CLOSE = "close_ticket"
    WHY = "why_this_answer"


LIFT_BUDGET = "budget_lift"
OFFER_HELP = "offer_help"
TURN = "list"
TURNS = (f"{TURN}_back", f"{TURN}_next")
