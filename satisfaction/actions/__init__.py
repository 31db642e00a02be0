"""Questionnaires, campaigns and invitations; one file per subject, imported in the order of their buttons."""

# isort: off
from satisfaction.actions.questionnaires import (
    create_questionnaire,
    discard_edition,
    draft_edition,
    release_edition,
    retire_edition,
    write_items,
)
from satisfaction.actions.campaigns import (
    ask_after_event,
    change_campaign,
    choose_customers,
    close_report,
    correct_coefficients,
    drop_campaign,
    end_campaign,
    plan_campaign,
    propose_campaign,
    start_campaign,
)
from satisfaction.actions.invitations import (
    answer_survey,
    correct_return_day,
    decline_survey,
    key_in_answers,
    leave_out,
    record_refusal,
    remind_invitation,
    send_invitation,
)
from satisfaction.actions.raising import complain_from_survey, settle_low_answer, suggest_from_survey
from satisfaction.actions.following import enter_measure, finish_measure, hand_out_report
from satisfaction.actions.reporting import group_remarks, hand_to_review, keep_from_customers, tell_customers

# isort: on

__all__ = [
    "answer_survey",
    "ask_after_event",
    "change_campaign",
    "choose_customers",
    "close_report",
    "complain_from_survey",
    "correct_coefficients",
    "correct_return_day",
    "create_questionnaire",
    "decline_survey",
    "discard_edition",
    "draft_edition",
    "drop_campaign",
    "end_campaign",
    "enter_measure",
    "finish_measure",
    "group_remarks",
    "hand_out_report",
    "hand_to_review",
    "keep_from_customers",
    "key_in_answers",
    "leave_out",
    "plan_campaign",
    "propose_campaign",
    "record_refusal",
    "release_edition",
    "remind_invitation",
    "retire_edition",
    "send_invitation",
    "settle_low_answer",
    "start_campaign",
    "suggest_from_survey",
    "tell_customers",
    "write_items",
]
