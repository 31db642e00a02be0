"""Whose turn it is in a verification, and who may do which part of it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.parties import PRODUCTION, SALES
from complaints.verification.models import Scale, Verification
from crm.accounts.models import Department, User
from crm.accounts.standing import belongs_to, owns, speakers, speaks_for
from crm.refusals import Refused

QUALITY, WAREHOUSE, LOGISTICS = "quality", "warehouse", "logistics"
V, K = Verification.Status, Verification.Kind
Guard = Callable[[Verification, User], Refused | None]

DEPARTMENTS: dict[str, str] = {K.QUALITY: QUALITY, K.PICKUP: WAREHOUSE, K.DELIVERY: LOGISTICS}
KIND_OF: dict[str, tuple[str, ...]] = {}  # which procedures a verb belongs to, by its name without the app

NEXT: dict[tuple[str, str], Any] = {
    (K.QUALITY, V.OPENED): gettext_lazy("Enter a test report, or take a sample on site"),
    (K.QUALITY, V.SAMPLED): gettext_lazy("Test the sample and enter the report"),
    (K.QUALITY, V.TESTED): gettext_lazy("Ask the customer whether he accepts the result"),
    (K.QUALITY, V.DISPUTED): gettext_lazy("Take a sample on site, or agree on a laboratory"),
    (K.QUALITY, V.AT_LABORATORY): gettext_lazy("Enter the certificate of the laboratory"),
    (K.QUALITY, V.READY): gettext_lazy("Sign and seal the result"),
    (K.PICKUP, V.OPENED): gettext_lazy(
        "Enter the weighings and state whether the scale meets the standard; recount what is counted"
    ),
    (K.PICKUP, V.READY): gettext_lazy("Sign and seal the statement"),
    (K.DELIVERY, V.OPENED): gettext_lazy(
        "Enter every weighing on the way and report to sales; recount what is counted"
    ),
    (K.DELIVERY, V.READY): gettext_lazy("Sign and seal the report"),
}


def department(code: str) -> Department | None:
    """The department of this code, with its head, where the company has one."""
    return Department.objects.filter(code=code).select_related("head").first()


def only(code: str, *kinds: str, name: str) -> Guard:
    """The guard of the verb `name`, which belongs to these procedures and is done by a department."""
    belongs = of_procedure(*kinds, name=name)

    def guard(verification: Verification, by: User) -> Refused | None:
        if refused := belongs(verification, by):
            return refused
        asked = department(code)
        if asked is None or belongs_to(by, asked):
            return None
        return Refused("not_asked", _("Only %(department)s can do this.") % {"department": asked})

    return guard


def of_procedure(*kinds: str, name: str) -> Guard:
    """The guard of the verb `name`, which belongs to these procedures, whoever does it."""
    KIND_OF[name] = kinds

    def guard(verification: Verification, by: User) -> Refused | None:
        if verification.kind in kinds:
            return None
        return Refused(
            "other_procedure", _("This is no part of the procedure “%(kind)s”.") % {"kind": _kind(verification)}
        )

    return guard


def _kind(verification: Verification) -> Any:
    return K(verification.kind).label


def not_the_keeper(scale: Scale, by: User) -> Refused | None:
    """Why somebody may not change the register: its weighbridge head does, who stands in for him or leads him."""
    if owns(scale, by):
        return None
    return Refused(
        "not_keeper",
        _("Only %(owner)s can do this, who heads this weighbridge.") % {"owner": scale.owner},
        _("Who stands in for him or leads him can do it as well."),
    )


def not_the_signer(verification: Verification, by: User) -> Refused | None:
    """Why somebody may not sign: head of quality, of the weighbridge, or of logistics, by the procedure."""
    if verification.kind == K.PICKUP and verification.scale is not None:
        return not_the_keeper(verification.scale, by)
    asked = department(DEPARTMENTS[verification.kind])
    if asked is None or speaks_for(by, asked):
        return None
    return Refused(
        "not_head",
        _("Only the head of %(department)s signs and seals this.") % {"department": asked},
        _("Who stands in for him can do it as well."),
    )


def _next(verification: Verification, status: str) -> tuple[User | None, list[str]]:
    """Whose turn it is in `status`: one person, or else departments by their codes."""
    if status == V.TESTED:
        return verification.complaint.owner, []
    if status == V.READY and verification.scale is not None:
        return verification.scale.owner, []
    if status in (V.SIGNED, V.DROPPED):
        return None, []
    codes = [DEPARTMENTS[verification.kind]]
    if verification.kind == K.DELIVERY and status == V.OPENED and not verification.explanation:
        codes.append(PRODUCTION)
    return None, codes


def turn_of(verification: Verification, status: str) -> list[User]:
    """Whose turn it is in `status`: heads of departments, the head of the weighbridge, or the complaint's owner."""
    person, codes = _next(verification, status)
    return [person] if person else speakers(each for code in codes if (each := department(code)))


def whose_turn(verification: Verification) -> str:
    """Whose turn it is, as the panel says it: departments by name, people by theirs."""
    person, codes = _next(verification, verification.status)
    if verification.kind == K.DELIVERY and verification.status == V.OPENED:
        codes.insert(1, SALES)  # to whom the weighings are reported
    return str(person) if person else ", ".join(str(each) for code in codes if (each := department(code)))
