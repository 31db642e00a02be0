"""Who may decide on approvals, and who keeps their chains, when the product is new."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.roles import EVERYONE, SystemUser
from crm.approvals.models import Task
from crm.reports.waits import waits

SIGN = [
    "approvals.view_task",
    "approvals.view_approvalrequest",
    "approvals.approve",
    "approvals.reject",
    "approvals.send_back",
    "approvals.add_signer",
    "approvals.delegate",
    "approvals.copy_to",
    "approvals.withdraw",
    "approvals.remind",
    "approvals.carry_out",
    "approvals.view_condition",
    "approvals.raise_condition",
    "approvals.meet_condition",
    "approvals.waive_condition",
]
CHAINS = [
    *(f"approvals.{verb}_{model}" for model in ("chain", "chainstep") for verb in ("add", "change", "view")),
    "approvals.delete_chainstep",
    "approvals.view_chainversion",
    "approvals.view_decision",
]

# Whom a chain names may decide; the right itself is everybody's, and whoever loses it is in no chain any more.
GRANTS = {EVERYONE: SIGN, "administrator": CHAINS, "supervisor": ["approvals.view_chain", "approvals.view_decision"]}

REACH = {
    EVERYONE: {"approvals.ApprovalRequest": "own"},
    "supervisor": {"approvals.ApprovalRequest": "all"},
    "administrator": {"approvals.ApprovalRequest": "all"},
}

SYSTEM_USERS = {"approvals": SystemUser("审批", "Approvals")}
SYSTEM_GRANTS = {
    "approvals": [
        "approvals.conclude",
        "approvals.note_failure",
        "approvals.void",
        "approvals.replace_approver",
        "approvals.waive_condition",
    ],
}


def for_approver(user: User) -> str:
    """What lies in his inbox."""
    mine = Task.objects.filter(approver=user, status=Task.Status.WAITING)
    return waits((_("approvals to decide: %(number)s"), mine))


WAITS = {"executive": for_approver, "department_manager": for_approver}
