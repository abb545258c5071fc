"""The keys that Slack knows of each block and element; it refuses any other.

From docs.slack.dev/reference/block-kit and the typed SDKs, as of November 2026. What is not listed
here, such as the parts of a rich text, is not looked into.
"""

from collections.abc import Mapping

_BUTTON = (
    "accessibility_label action_id agent_prompt agent_prompt_display confirm style text url value "
    "visible_to_user_ids"
)
_FIELD = "action_id confirm focus_on_load placeholder"
_TYPED = f"{_FIELD} dispatch_action_config initial_value"
_MANY = f"{_FIELD} max_selected_items"

_KEYS: Mapping[str, str] = {
    # blocks
    "actions": "elements",
    "alert": "level text",
    "card": "actions body hero_image icon subtitle title",
    "carousel": "elements",
    "container": (
        "child_blocks default_collapsed has_header_divider icon is_collapsible rich_text_title "
        "subtitle title width"
    ),
    "context": "elements",
    "context_actions": "elements",
    "data_table": "caption page_size row_header_column_index rows",
    "data_visualization": "chart title",
    "divider": "",
    "file": "external_id source",
    "header": "text",
    "image": "alt_text image_url slack_file title",
    "input": "dispatch_action element hint label optional",
    "markdown": "text",
    "plan": "tasks title",
    "rich_text": "elements",
    "section": "accessory expand fields text",
    "table": "column_settings rows",
    "task_card": "details output sources status task_id title",
    "video": (
        "alt_text author_name description provider_icon_url provider_name thumbnail_url title "
        "title_url video_url"
    ),
    # elements
    "button": _BUTTON,
    "workflow_button": "accessibility_label action_id style text workflow",
    "overflow": "action_id confirm options",
    "feedback_buttons": "action_id negative_button positive_button",
    "icon_button": "accessibility_label action_id confirm icon text value visible_to_user_ids",
    "checkboxes": "action_id confirm focus_on_load initial_options options",
    "radio_buttons": "action_id confirm focus_on_load initial_option options",
    "static_select": f"{_FIELD} initial_option option_groups options",
    "external_select": f"{_FIELD} initial_option min_query_length",
    "users_select": f"{_FIELD} initial_user",
    "conversations_select": (
        f"{_FIELD} default_to_current_conversation filter initial_conversation response_url_enabled"
    ),
    "channels_select": f"{_FIELD} initial_channel response_url_enabled",
    "multi_static_select": f"{_MANY} initial_options option_groups options",
    "multi_external_select": f"{_MANY} initial_options min_query_length",
    "multi_users_select": f"{_MANY} initial_users",
    "multi_conversations_select": (
        f"{_MANY} default_to_current_conversation filter initial_conversations"
    ),
    "multi_channels_select": f"{_MANY} initial_channels",
    "datepicker": f"{_FIELD} initial_date",
    "timepicker": f"{_FIELD} initial_time timezone",
    "datetimepicker": "action_id confirm focus_on_load initial_date_time",
    "plain_text_input": f"{_TYPED} max_length min_length multiline",
    "rich_text_input": f"{_TYPED} max_lines min_lines",
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "number_input": f"{_TYPED} is_decimal_allowed max_value min_value",
    "file_input": "action_id filetypes max_files",
    # texts
    "plain_text": "emoji text",
    "mrkdwn": "text verbatim",
}
# `image` is a block and an element; only blocks have an id of their own.
_BLOCKS = frozenset(list(_KEYS)[: list(_KEYS).index("button")])
KNOWN = {
    kind: frozenset({"type", *keys.split(), *(["block_id"] if kind in _BLOCKS else [])})
    for kind, keys in _KEYS.items()
}


def unknown_keys(node: Mapping[str, object]) -> list[str]:
    """The keys of a block, an element or a text object that Slack does not know there."""
    known = KNOWN.get(str(node.get("type")))
    return [] if known is None else [key for key in node if key not in known]
