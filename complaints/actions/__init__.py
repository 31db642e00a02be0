"""The life of a complaint; one file per subject, imported in the order of their buttons."""

# isort: off
from complaints.actions.receiving import complain_at_counter, receive_complaint, register_complaint
from complaints.actions.team import add_task, finish_task, form_team
from complaints.actions.finding import add_evidence, judge_evidence, sign_finding, sign_opinion
from complaints.actions.planning import (
    agree_to_plan,
    decline_plan,
    record_agreement,
    send_plan,
    write_plan,
)
from complaints.actions.deciding import approve_plan, begin_decision, change_plan, end_decision
from complaints.actions.measures import finish_measure, note_measures_done, plan_improvement
from complaints.actions.ending import (
    close_complaint,
    record_return_visit,
    report_result,
    tell_customer,
)
from complaints.actions.effect import check_effect
from complaints.actions.leading import change_lead
from complaints.actions.withdrawing import withdraw_complaint
from complaints.actions.archiving import archive_complaint, complete_file, review_file, send_back_file
from complaints.actions.linked import add_to_complaint, send_progress_link

# isort: on

__all__ = [
    "add_evidence",
    "add_task",
    "add_to_complaint",
    "agree_to_plan",
    "approve_plan",
    "archive_complaint",
    "begin_decision",
    "change_lead",
    "change_plan",
    "check_effect",
    "close_complaint",
    "complain_at_counter",
    "complete_file",
    "decline_plan",
    "end_decision",
    "finish_measure",
    "finish_task",
    "form_team",
    "judge_evidence",
    "note_measures_done",
    "plan_improvement",
    "receive_complaint",
    "record_agreement",
    "record_return_visit",
    "register_complaint",
    "report_result",
    "review_file",
    "send_back_file",
    "send_plan",
    "send_progress_link",
    "sign_finding",
    "sign_opinion",
    "tell_customer",
    "withdraw_complaint",
    "write_plan",
]
