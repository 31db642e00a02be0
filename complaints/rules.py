"""The time limits of complaints (ZT 5)."""

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from complaints.actions.ending import department_of_plan
from complaints.filing import LAST_IMPROVED, OPEN_IMPROVEMENTS, may_be_archived, ripe_since, whose_turn
from complaints.models import Complaint, Measure, Plan, TeamTask
from crm.approvals.models import Task
from crm.approvals.rules import DECIDED_BY
from crm.deadlines.rules import Rule

S = Complaint.Status
DECIDED = {"complaints.approve_plan"}

Rule(
    "complaint.register",
    "ZT 5.1",
    label=_("Register a complaint"),
    first=True,
    on=Complaint,
    during={S.RECEIVED},
    since="received_at",
    met_by="complaints.register_complaint",
    limit="4 wh",
)
Rule(
    "complaint.team",
    "ZT 5.2",
    label=_("Name the investigation team"),
    first=True,
    on=Complaint,
    during={S.REGISTERED},
    since="registered_at",
    met_by="complaints.form_team",
    limit="4 wh",
)
Rule(
    "complaint.task",
    "ZT 5.2",
    label=_("Do one's part of an investigation"),
    first=True,
    on=TeamTask,
    during={TeamTask.Status.OPEN},
    due="due_on",
    met_by="complaints.finish_task",
    warn="1 wd",
)
Rule(
    "complaint.plan",
    "ZT 5.3",
    label=_("Hand in the handling plan"),
    first=True,
    on=Complaint,
    during={S.FOUND},
    since="plan_from",
    met_by=("complaints.ask_approve_plan", "complaints.begin_decision", "complaints.approve_plan"),
    limit="3 wd",
)
Rule(
    "complaint.approval",
    "ZT 5.3, KC 5.2.2",
    label=_("Decide on the plan of a complaint"),
    first=True,
    on=Task,
    during={Task.Status.WAITING},
    when=lambda task: task.due_on is None and task.request.verb in DECIDED,
    since="begun_at",
    who="approver",
    reads=("request",),
    met_by=DECIDED_BY,
    limit="1 wd",
)
Rule(
    "complaint.measure",
    "ZT 5.3",
    label=_("Carry out a measure"),
    first=True,
    on=Measure,
    during={Measure.Status.OPEN},
    when=lambda measure: measure.running,
    due="due_on",
    met_by="complaints.finish_measure",
    warn="1 wd",
)
Rule(
    "complaint.feedback",
    "ZT 5.3",
    label=_("Report the result of a complaint to sales"),
    first=True,
    on=Complaint,
    during={S.CARRIED_OUT},
    since="done_at",
    who=department_of_plan,
    asks={
        "plan_department": Subquery(
            Plan.objects.filter(complaint=OuterRef("pk"), round=OuterRef("round")).values("department")
        )
    },
    met_by="complaints.report_result",
    limit="1 wd",
)
Rule(
    "complaint.inform",
    "ZT 5.3",
    label=_("Tell the customer the result"),
    first=True,
    on=Complaint,
    during={S.REPORTED},
    since="reported_at",
    met_by="complaints.tell_customer",
    limit="4 wh",
)
Rule(
    "complaint.result",
    "ZT 4.1",
    label=_("Bring a complaint to its result"),
    first=True,
    on=Complaint,
    during=set(Complaint.UNTOLD),
    since="round_at",
    met_by="complaints.tell_customer",
    limit="10 wd",
)
Rule(
    "complaint.followup",
    "ZT 5.4",
    label=_("Ask the customer whether he is satisfied"),
    first=True,
    on=Complaint,
    during={S.TOLD},
    since="told_at",
    met_by="complaints.record_return_visit",
    limit="3 wd",
)
Rule(
    "complaint.effect",
    "ZT 5.4",
    label=_("Check whether the improvements worked"),
    first=True,
    on=Complaint,
    during={S.CLOSED},
    when=lambda complaint: not complaint.effective,
    due="check_on",
    met_by="complaints.check_effect",
    warn="2 wd",
)
Rule(  # that it is archived is KC 5.2.3; how soon is ours
    "complaint.archive",
    "KF 3.4, KC 5.2.3",
    label=_("Review and archive the file of a complaint"),
    first=True,
    on=Complaint,
    during=set(Complaint.ENDED),
    when=may_be_archived,
    since=ripe_since,
    who=whose_turn,
    met_by="complaints.archive_complaint",
    limit="5 wd",
    reads=("department__head__manager", "owner"),
    asks={"improvements_open": OPEN_IMPROVEMENTS, "last_improved": LAST_IMPROVED},
)
