"""What each role may do with complaints when the product is new; an administrator's later changes win."""

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Measure, TeamTask
from crm.accounts.models import User
from crm.accounts.roles import SystemUser
from crm.reports.waits import waits

VIEW = ["complaints.view_complaint"]
RECEIVE = [*VIEW, "complaints.receive_complaint", "complaints.add_evidence"]
TAKE_PART = [
    *VIEW,
    "complaints.add_evidence",
    "complaints.finish_task",
    "complaints.finish_measure",
    "complaints.plan_improvement",
    "complaints.report_result",
]
LEAD = [
    *TAKE_PART,
    "complaints.add_task",
    "complaints.judge_evidence",
    "complaints.sign_opinion",
    "complaints.sign_finding",
    "complaints.write_plan",
    "complaints.ask_approve_plan",
    "complaints.approve_plan",
    "complaints.change_plan",
    "complaints.check_effect",
]
CARRY = [
    *LEAD,
    "complaints.complain_at_counter",
    "complaints.receive_complaint",
    "complaints.register_complaint",
    "complaints.form_team",
    "complaints.change_lead",
    "complaints.record_agreement",
    "complaints.send_plan",
    "complaints.tell_customer",
    "complaints.record_return_visit",
    "complaints.close_complaint",
    "complaints.complete_file",
    "complaints.send_progress_link",
    "complaints.ask_withdraw_complaint",
    "complaints.withdraw_complaint",
]

REVIEW = ["complaints.review_file", "complaints.send_back_file", "complaints.take_out_file"]
ARCHIVE = ["complaints.archive_complaint", "complaints.take_out_file"]

GRANTS = {
    "reception": RECEIVE,
    "counter": [*VIEW, "complaints.complain_at_counter", "complaints.add_evidence"],
    "sales": CARRY,
    "sales_support": [*RECEIVE, *TAKE_PART, "complaints.register_complaint", "complaints.send_progress_link", *ARCHIVE],
    "sales_manager": [*CARRY, *REVIEW],
    "warehouse": LEAD,
    "logistics": LEAD,
    "quality": LEAD,
    "production": LEAD,
    "finance": LEAD,
    "order_desk": LEAD,
    "order_desk_manager": [*LEAD, *REVIEW],
    "department_manager": [*LEAD, *REVIEW],
    "executive": [*VIEW, *REVIEW],
    "supervisor": [*VIEW, "complaints.take_out_file"],
    "administrator": [
        *CARRY,
        *REVIEW,
        "complaints.archive_complaint",
        *(f"complaints.{verb}_cause" for verb in ("view", "add", "change", "delete")),
        *(f"complaints.{verb}_concern" for verb in ("view", "change")),
    ],
}

REACH = {
    **{role: {"complaints.Complaint": "all"} for role in ("executive", "supervisor", "administrator")},
    **{role: {"complaints.Complaint": "own"} for role in ("reception", "counter", "sales", "sales_support")},
    "sales_manager": {"complaints.Complaint": "department"},
}

SYSTEM_USERS = {"complaints": SystemUser("客诉", "Complaints")}
SYSTEM_GRANTS = {
    "complaints": ["complaints.note_measures_done"],
    "approvals": ["complaints.begin_decision", "complaints.end_decision"],
    "links": ["complaints.agree_to_plan", "complaints.decline_plan", "complaints.add_to_complaint"],
}


# What waits for the people of a role, for the demonstration's sign-in page.


def for_sales(user: User) -> str:
    """His complaints, by what he owes the customer."""
    mine, S = Complaint.objects.filter(owner=user), Complaint.Status
    return waits(
        (_("complaints to register: %(number)s"), mine.filter(status=S.RECEIVED)),
        (_("customers to be told the result: %(number)s"), mine.filter(status=S.REPORTED)),
        (_("return visits to make: %(number)s"), mine.filter(status=S.TOLD)),
    )


def for_department(user: User) -> str:
    """What he is to find out about complaints, and to carry out."""
    return waits(
        (_("complaints to look into: %(number)s"), TeamTask.objects.filter(owner=user, status=TeamTask.Status.OPEN)),
        (
            _("measures to carry out: %(number)s"),
            Measure.objects.filter(owner=user, status=Measure.Status.OPEN, running=True),
        ),
    )


WAITS = {
    "sales": for_sales,
    **dict.fromkeys(
        ("warehouse", "logistics", "quality", "production", "finance", "order_desk_manager", "department_manager"),
        for_department,
    ),
}
