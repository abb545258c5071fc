"""What was once found wrong with Slack's real messages, and the story that holds what is right now.

Each row is a case by its name in the public report that it was made of; a story that is renamed or
dropped takes its case along knowingly.
"""

import ast
from pathlib import Path

import pytest

STORIES = Path(__file__).parents[1]
CASES = {
    "agent_edit_reply": "agent_words an_edited_answer_is_edited_where_the_customer_has_it",
    "agent_fwd_in_thread": "content what_an_agent_forwards_into_a_thread_is_her_word",
    "agent_mentions": "agent_words an_answer_looks_as_the_agent_wrote_it",
    "agent_reply_file": "agent_words files_go_with_the_words",
    "agent_thread": "who_and_where under_an_agents_notice_the_first_who_asks_is_the_requester",
    "auth_test_first_event": "ways_in what_is_acknowledged_is_not_lost",
    "blocks_only_user": "content words_that_only_stand_in_blocks_are_read",
    "bot_thread": "who_and_where under_a_machines_post_too",
    "canvas_share": "content a_canvas_is_read_by_title_and_content",
    "card_after_edit_take": "edits an_edit_of_a_ticket_that_an_agent_has_is_told_there",
    "card_mentions": "content a_file_that_the_event_only_points_at_is_looked_up",
    "colleague_presses": "who_and_where who_asked_may_press_the_buttons_under_the_answer",
    "connect_mixed_mention": "who_and_where a_channel_shared_with_others_is_one_place",
    "connect_shortcut": "who_and_where the_shortcut_finds_the_ticket_of_a_shared_channel",
    "connect_stranger": "who_and_where the_card_of_a_stranger_says_so",
    "customer_becomes_agent": "who_and_where a_customer_who_becomes_an_agent_keeps_her_ticket",
    "digest_gone": "digests a_digest_without_a_place_is_told_once_and_draws_nothing",
    "edit_adds_file": "edits a_file_that_an_edit_adds_is_read",
    "edit_after_answer": "edits a_person_asked_for_after_the_answer_is_called",
    "edit_handed_over": "edits an_edit_of_what_was_handed_over_is_shown_and_told",
    "email_to_channel": "machines an_e_mail_to_the_channel_is_a_request_of_its_sender",
    "fwd_alone": "content a_forwarded_message_is_answered",
    "fwd_comment": "content a_forwarded_message_is_answered",
    "fwd_dm": "content a_forward_to_the_desk_alone_is_answered",
    "fwd_files": "content who_asks_about_a_file_of_somebody_elses_is_not_left_alone",
    "invisible_only": "content invisible_characters_say_nothing_and_hide_nothing",
    "markup_in": "content slacks_mark_up_is_what_a_person_reads",
    "mention_then_thread": "called_in a_bare_call_answers_what_was_asked_above",
    "mpim_mention": "who_and_where in_a_group_conversation_the_desk_answers_when_it_is_called",
    "no_user_mention": "who_and_where an_event_without_a_user_is_counted_and_nothing_else",
    "note_photo_empty": "customer_words a_photo_without_words_is_named_with_a_link",
    "only_mention": "called_in the_name_alone_asks_what_is_wanted",
    "our_thread": "who_and_where under_words_of_our_own_too",
    "private_conversion": "who_and_where a_channel_that_turns_private_hides_its_tickets_at_once",
    "shortcut_forward": "content a_forward_can_be_made_a_ticket",
    "shortcut_in_thread": "who_and_where "
    "a_ticket_made_within_an_agents_thread_is_whose_words_they_are",
    "snippet": "content a_snippet_is_read",
    "table_pasted": "content a_pasted_table_is_shown_to_the_agents",
    "token_revoked": "app_standing what_meets_a_refusal_of_the_app_waits",
    "unwatched_thread_mention": "called_in a_bare_call_answers_what_was_asked_above",
    "voice_clip": "content a_voice_clip_is_read_by_slacks_transcript",
    "watched_forward_then_words": "bursts words_that_follow_a_forwarded_message_are_about_it",
    "watched_two_matters": "bursts "
    "another_matter_that_comes_before_the_answer_is_a_ticket_of_its_own",
    "workflow_mention": "machines a_form_asks_for_the_person_whom_it_names",
    "workflow_post": "machines the_labels_of_a_form_are_no_part_of_the_question",
    "workflow_then_agent": "machines an_agent_answers_below_a_form_and_the_bot_keeps_quiet",
    "zero_width_inside": "content invisible_characters_say_nothing_and_hide_nothing",
}


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_story(case: str) -> None:
    file, story = CASES[case].split()
    (path,) = STORIES.glob(f"stories/*/test_{file}.py")
    told = [each.name for each in ast.parse(path.read_text("utf-8")).body if hasattr(each, "name")]
    assert f"test_{story}" in told
